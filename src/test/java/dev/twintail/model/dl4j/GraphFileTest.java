package dev.twintail.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.ModelZoo;
import dev.twintail.model.Trainer;
import dev.twintail.model.Vocabulary;
import dev.twintail.model.Weights;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What Deeplearning4j makes of a file is what the engine predicts. */
class GraphFileTest {
  private static final int PAIRS = 12;
  private static final float MEAN = 0.75f;
  private static final float STD = 1.5f;

  static Stream<Arguments> networks() {
    return Stream.concat(
        Vocabulary.all().stream().map(w -> Arguments.of(w.name(), w.network())),
        Stream.of(ModelZoo.values()).map(m -> Arguments.of(m.name(), m.network())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void of_anyNetwork_predictsAsTheEngineDoes(String name, SiameseNetwork network)
      throws IOException {
    Weights weights = weights(network);
    byte[] file = GraphFile.of(network, weights, MEAN, STD);
    ComputationGraph graph =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file), false);
    float[] pixels = pixels(network.input());
    INDArray[] outputs =
        graph.output(images(network.input(), pixels, 0), images(network.input(), pixels, 1));

    Trainer.Predictions expected = expected(network, weights, pixels);
    assertThat(outputs).hasSize(network.readsDigits() ? 3 : 1);
    for (int i = 0; i < PAIRS; i++) {
      float yes = outputs[0].getFloat(i, 0);
      if (expected.probabilities() == null) {
        assertThat(yes).isEqualTo(expected.targets()[i]);
      } else {
        assertThat(yes).isCloseTo(expected.probabilities()[i], within(1e-4f));
      }
      if (expected.digits() != null) {
        assertThat(outputs[1].getRow(i).argMax().getInt()).isEqualTo(expected.digits()[2 * i]);
        assertThat(outputs[2].getRow(i).argMax().getInt()).isEqualTo(expected.digits()[2 * i + 1]);
      }
    }
    assertThat(GraphFile.of(network, weights, MEAN, STD)).isEqualTo(file);
  }

  @Test
  void of_missingTensor_isRefused() {
    assertThatThrownBy(() -> GraphFile.of(ModelZoo.DIGITS.network(), Weights.NONE, 0, 1))
        .hasMessageContaining("Cannot find tensor body.0.");
  }

  /** Returns weights of which those of normalisations, too, are no constants. */
  private static Weights weights(SiameseNetwork network) {
    Weights start = Initialisation.complete(network, Weights.NONE, seed("weights"));
    Draws draws = new Draws(seed("norms"));
    for (Weights.Tensor tensor : start.tensors()) {
      for (int i = 0; i < tensor.values().length; i++) {
        float drawn = draws.symmetric(0.2f);
        tensor.values()[i] += tensor.name().endsWith("running_var") ? Math.abs(drawn) : drawn;
      }
    }
    return start;
  }

  private static float[] pixels(Shape input) {
    Draws draws = new Draws(seed("pixels"));
    float[] pixels = new float[2 * PAIRS * input.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = MEAN + draws.symmetric(2);
    }
    return pixels;
  }

  private static INDArray images(Shape input, float[] pixels, int image) {
    float[] own = new float[PAIRS * input.size()];
    for (int i = 0; i < PAIRS; i++) {
      System.arraycopy(pixels, (2 * i + image) * input.size(), own, i * input.size(), input.size());
    }
    return input instanceof Shape.Image shape
        ? Nd4j.create(own, new long[] {PAIRS, shape.channels(), shape.height(), shape.width()}, 'c')
        : Nd4j.create(own, new long[] {PAIRS, input.size()}, 'c');
  }

  private static Trainer.Predictions expected(
      SiameseNetwork network, Weights weights, float[] pixels) {
    float[] scaled = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      scaled[i] = (pixels[i] - MEAN) / STD;
    }
    Examples examples =
        new Examples(network.input().size(), scaled, new int[2 * PAIRS], new int[PAIRS]);
    return new BlasTrainer().predict(network, weights, examples);
  }

  private static Seed seed(String stream) {
    return Seed.derive(7, "test", stream, 1);
  }
}
