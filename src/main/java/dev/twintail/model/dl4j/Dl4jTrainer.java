package dev.twintail.model.dl4j;

import dev.twintail.model.Contradiction;
import dev.twintail.model.Examples;
import dev.twintail.model.NativeEnvironment;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Head;
import dev.twintail.network.Loss;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Trains with Deeplearning4j's own layers, everything that the other engine trains: slower, and an
 * independent implementation, to replicate an experiment with a second, well-known library.
 */
public final class Dl4jTrainer implements Trainer {
  /** Bumped by hand whenever a change to this package may change a bit of a result. */
  private static final String VERSION = "3";

  @Override
  public Optional<String> refusal(SiameseNetwork network, Loss loss, TrainingConfig training) {
    return Contradiction.of(network, loss, training);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the task is refused or contradicts itself
   */
  @Override
  public Trained train(Task task) {
    refusal(task.network(), task.loss(), task.training())
        .ifPresent(
            lack -> {
              throw new IllegalArgumentException("Cannot train " + lack);
            });
    try (TrainingRun run = new TrainingRun(task)) {
      return run.train();
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a tensor of the network is missing from {@code weights}, or
   *     the images are of another size
   */
  @Override
  public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
    examples.requireFor(network, "test");
    int n = examples.size();
    int[] targets = new int[n];
    float[] probabilities = new float[n];
    int[] digits = new int[2 * n];
    try (Twins twins = new Twins(network, weights, Set.of(), DataType.FLOAT)) {
      for (Pairs pairs : Pairs.inOrder(examples, EVALUATION_BATCH)) {
        Twins.Outputs outputs = twins.forward(pairs, null);
        System.arraycopy(outputs.targets(), 0, targets, pairs.start(), pairs.size());
        float[] likely = outputs.probabilities();
        if (likely != null) {
          System.arraycopy(likely, 0, probabilities, pairs.start(), pairs.size());
        }
        if (network.readsDigits()) {
          int[] classes = outputs.digits().largest();
          for (int i = 0; i < pairs.size(); i++) {
            digits[2 * (pairs.start() + i)] = classes[i];
            digits[2 * (pairs.start() + i) + 1] = classes[pairs.size() + i];
          }
        }
      }
      return new Predictions(
          targets,
          network.head() == Head.ARITHMETIC ? null : probabilities,
          network.readsDigits() ? digits : null);
    }
  }

  @Override
  public List<EnvironmentField> environment() {
    Properties built = new Properties();
    try (InputStream in = Dl4jTrainer.class.getResourceAsStream("engine.properties")) {
      built.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read engine.properties", e);
    }
    List<EnvironmentField> fields = new ArrayList<>();
    fields.add(new EnvironmentField("engine", "dl4j"));
    fields.add(new EnvironmentField("engine.version", VERSION));
    for (String name : List.of("deeplearning4j", "nd4j.backend", "native.isa")) {
      fields.add(new EnvironmentField(name, built.getProperty(name)));
    }
    fields.addAll(NativeEnvironment.fields());
    return List.copyOf(fields);
  }
}
