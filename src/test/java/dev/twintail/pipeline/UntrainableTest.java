package dev.twintail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Loss;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.spec.Experiment;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UntrainableTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final Trainer PICKY = new Picky();

  @Test
  void of_whatATrainerRefuses_namesAllModelsByWhatItLacks() throws Exception {
    assertThat(Untrainable.of(plan(new MemoryObjectStore()), PICKY))
        .containsExactly(
            new Untrainable(List.of("SoftMax"), "it has no softmax"),
            new Untrainable(List.of("ArgMax", "PreTrain", "PreTrainRandom"), "it takes no maxima"));
    assertThat(Untrainable.of(plan(new MemoryObjectStore()), new BlasTrainer())).isEmpty();
  }

  @Test
  void of_whatIsThere_isNotRefused() throws Exception {
    MemoryObjectStore store = new MemoryObjectStore();
    new Runs(store).run(TINY, 2);
    assertThat(Untrainable.of(plan(store), PICKY)).isEmpty();
  }

  @Test
  void run_refusedModels_executesNothingAndNamesAll() throws Exception {
    ObjectStore store = new MemoryObjectStore();
    Throwable thrown = catchThrowable(() -> new Runs(store).run(TINY, 1, PICKY));
    assertThat(thrown)
        .isInstanceOf(UntrainableException.class)
        .hasMessage(
            "Cannot train SoftMax: it has no softmax; ArgMax, PreTrain, PreTrainRandom: it takes no"
                + " maxima; choose other models");
    assertThat(StoreContents.of(store, "ac/")).isEmpty();
  }

  private static Plan plan(ObjectStore store) throws Exception {
    return Plan.survey(
        TINY, Preimages.of(PICKY), Workspace.of(store, event -> {}, "test", "run"), 1);
  }

  /** Refuses two heads; has the environment of the real one. */
  private record Picky() implements Trainer {
    private static final Trainer REAL = new BlasTrainer();

    @Override
    public Optional<String> refusal(SiameseNetwork network, Loss loss, TrainingConfig training) {
      return switch (network.head()) {
        case SOFTMAX -> Optional.of("it has no softmax");
        case ARGMAX -> Optional.of("it takes no maxima");
        case LOGITS, ARITHMETIC, SOFT_ARITHMETIC -> Optional.empty();
      };
    }

    @Override
    public Trained train(Task task) {
      throw new AssertionError("Nothing is to be trained");
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      return REAL.predict(network, weights, examples);
    }

    @Override
    public List<EnvironmentField> environment() {
      return REAL.environment();
    }
  }
}
