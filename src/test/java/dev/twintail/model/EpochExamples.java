package dev.twintail.model;

import dev.twintail.network.Augmentation;
import dev.twintail.network.TrainingConfig;
import java.util.ArrayList;
import java.util.List;

/** The training pairs of every epoch of a task, written out, for who must learn the same ones. */
public final class EpochExamples {
  private EpochExamples() {}

  /** Returns the pairs of epoch 1, 2, …; of one epoch alone if all learn the same. */
  public static List<Examples> of(Trainer.Task task) {
    TrainingConfig training = task.training();
    if (training.augment().equals(Augmentation.NONE)) {
      return List.of(task.train());
    }
    EpochPairs pairs =
        new EpochPairs(
            task.train(), training.augment(), task.network().input(), task.seeds().augmentation());
    List<Examples> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      Examples next = pairs.next();
      epochs.add(
          new Examples(
              next.features(),
              next.images().clone(),
              next.digits().clone(),
              next.targets().clone()));
    }
    return epochs;
  }
}
