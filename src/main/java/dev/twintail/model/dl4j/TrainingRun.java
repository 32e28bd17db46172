package dev.twintail.model.dl4j;

import dev.twintail.model.BatchOrder;
import dev.twintail.model.EpochPairs;
import dev.twintail.model.Initialisation;
import dev.twintail.model.LossPicker;
import dev.twintail.model.Trainer;
import dev.twintail.model.Trainer.HistoryPoint;
import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Trainer.Task;
import dev.twintail.model.Trainer.Trained;
import dev.twintail.model.Weights;
import dev.twintail.network.Loss;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/** One training, from its task to its result. Used once, by one thread. */
final class TrainingRun implements AutoCloseable {
  private final Task task;
  private final Twins twins;
  private final LossPicker losses;
  private final Draws dropout;
  private final List<HistoryPoint> curves = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if the task contradicts itself; the message says how
   */
  TrainingRun(Task task) {
    this.task = task;
    for (NetworkPart part : task.frozen()) {
      requireGiven(part.name().toLowerCase(Locale.ROOT));
    }
    task.train().requireFor(task.network(), "training");
    task.validation().requireFor(task.network(), "validation");
    if (task.train().size() == 0) {
      throw new IllegalArgumentException("Cannot train on no pairs");
    }
    Weights weights =
        Initialisation.complete(task.network(), task.initial(), task.seeds().initialisation());
    this.twins = new Twins(task.network(), weights, task.frozen(), DataType.FLOAT);
    this.dropout = new Draws(task.seeds().dropout());
    this.losses = new LossPicker(task.loss(), task.seeds().coin());
  }

  Trained train() {
    TrainingConfig training = task.training();
    BatchOrder order = new BatchOrder(task.train().size(), training, task.seeds().shuffle());
    EpochPairs examples =
        new EpochPairs(
            task.train(), training.augment(), task.network().input(), task.seeds().augmentation());
    for (int epoch = 1; epoch <= training.epochs(); epoch++) {
      if (training.schedule().restartsBefore(epoch)) {
        twins.parameters().restart();
      }
      LossTally tally = new LossTally();
      for (Pairs pairs : Pairs.batches(examples.next(), order.nextEpoch(), training.batch())) {
        learn(pairs, training.learningRate(epoch), tally);
      }
      tally.addTo(curves, epoch, "train");
      if (task.validation().size() > 0) {
        validate().addTo(curves, epoch, "validation");
      }
    }
    return new Trained(twins.parameters().weights(), curves);
  }

  private void learn(Pairs pairs, double rate, LossTally tally) {
    Loss loss = losses.next();
    Twins.Outputs outputs = twins.forward(pairs, dropout);
    tally.add(outputs, pairs, outputs.loss(pairs, loss));
    twins.backward(outputs, pairs, loss);
    twins.parameters().step(task.training().optimizer(), rate);
  }

  /** Measures the weighted sum of both losses, in whichever way they are mixed for training. */
  private LossTally validate() {
    LossTally tally = new LossTally();
    for (Pairs pairs : Pairs.inOrder(task.validation(), Trainer.EVALUATION_BATCH)) {
      Twins.Outputs outputs = twins.forward(pairs, null);
      tally.add(outputs, pairs, outputs.loss(pairs, task.loss()));
    }
    return tally;
  }

  private void requireGiven(String part) {
    List<String> missing =
        Initialisation.complete(task.network(), task.initial(), task.seeds().initialisation())
            .part(part)
            .tensors()
            .stream()
            .map(Weights.Tensor::name)
            .filter(name -> task.initial().find(name).isEmpty())
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot freeze the " + part + " without its weights; missing: " + missing);
    }
  }

  @Override
  public void close() {
    twins.close();
  }

  /** Losses and hits of the pairs of one epoch. */
  private final class LossTally {
    private int pairs;
    private double loss;
    private int targets;
    private int digits;

    void add(Twins.Outputs outputs, Pairs batch, double batchLoss) {
      pairs += batch.size();
      loss += batch.size() * batchLoss;
      targets += hits(outputs.targets(), batch.targets());
      if (task.network().readsDigits()) {
        digits += hits(outputs.digits().largest(), batch.digits());
      }
    }

    private static int hits(int[] predicted, int[] truth) {
      int hits = 0;
      for (int i = 0; i < truth.length; i++) {
        hits += predicted[i] == truth[i] ? 1 : 0;
      }
      return hits;
    }

    void addTo(List<HistoryPoint> points, int epoch, String split) {
      points.add(new HistoryPoint(epoch, split, "loss", loss / pairs));
      points.add(new HistoryPoint(epoch, split, "accuracy", (double) targets / pairs));
      if (task.network().readsDigits()) {
        points.add(new HistoryPoint(epoch, split, "digit_accuracy", digits / (2.0 * pairs)));
      }
    }
  }
}
