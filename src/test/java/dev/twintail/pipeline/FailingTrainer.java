package dev.twintail.pipeline;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Head;
import dev.twintail.network.SiameseNetwork;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Fails to train networks of one head; the others it leaves to the real one.
 *
 * @param before called before a training that does not fail
 */
record FailingTrainer(Head head, Callable<Trained> failure, Runnable before) implements Trainer {
  private static final Trainer REAL = new BlasTrainer();

  FailingTrainer(Head head, Callable<Trained> failure) {
    this(head, failure, () -> {});
  }

  @Override
  public Trained train(Task task) {
    if (task.network().head() != head) {
      before.run();
      return REAL.train(task);
    }
    try {
      return failure.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
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
