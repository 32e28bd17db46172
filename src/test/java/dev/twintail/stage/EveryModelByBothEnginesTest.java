package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.model.dl4j.Dl4jTrainer;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model of every pipeline that ships is trained by both engines alike. */
class EveryModelByBothEnginesTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final StageOutputs STAGES = new StageOutputs(new BothTrainer());

  /** Returns each training that differs from those before it by more than its name. */
  static Stream<Arguments> trainings() throws IOException {
    Map<Stage, String> trainings = new LinkedHashMap<>();
    for (Map.Entry<String, ModelSpec> model : all().entrySet()) {
      trainings.putIfAbsent(training(Pipelines.shortened(model.getValue(), 1, 8)), model.getKey());
    }
    return trainings.entrySet().stream().map(t -> Arguments.of(t.getValue(), t.getKey()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trainings")
  @Tag("slow")
  void train_oneEpochByBothEngines_givesTheSameLoss(String model, TrainSiamese training) {
    assertThat(STAGES.ofOnce(training)).isNotEmpty();
  }

  @Test
  void refusal_everyModelOfEveryPipeline_isEmpty() throws IOException {
    Trainer trainer = new Dl4jTrainer();
    assertThat(all())
        .hasSizeGreaterThan(100)
        .allSatisfy((name, model) -> assertThat(training(model).refusal(trainer)).isEmpty());
  }

  private static Map<String, ModelSpec> all() throws IOException {
    Map<String, ModelSpec> all = new LinkedHashMap<>(Pipelines.models());
    all.putAll(Pipelines.trials());
    return all;
  }

  private static TrainSiamese training(ModelSpec model) {
    DataSpec tiny = TINY.data();
    DataSpec data = new DataSpec(tiny.digits(), tiny.pool(), 20, 16, 4, DataSpec.Validation.RANDOM);
    return TrainSiamese.of(model, data, TINY.seed(), 1, 1);
  }

  /** Trains with both engines, from the same weights on the same batches, and compares. */
  private static final class BothTrainer implements Trainer {
    private final Trainer one = new BlasTrainer();
    private final Trainer other = new Dl4jTrainer();

    @Override
    public Trained train(Task task) {
      Trained expected = one.train(task);
      double loss = firstLoss(expected);
      assertThat(firstLoss(other.train(task))).isCloseTo(loss, withinPercentage(0.01));
      return expected;
    }

    private static double firstLoss(Trained trained) {
      return trained.curves().stream()
          .filter(p -> p.epoch() == 1 && p.split().equals("train") && p.metric().equals("loss"))
          .findFirst()
          .orElseThrow()
          .value();
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      return one.predict(network, weights, examples);
    }

    @Override
    public List<EnvironmentField> environment() {
      return one.environment();
    }
  }
}
