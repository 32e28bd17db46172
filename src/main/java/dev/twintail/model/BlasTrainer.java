package dev.twintail.model;

import dev.twintail.network.Head;
import dev.twintail.network.Loss;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Trains on one CPU thread with the matrix products of ND4J's OpenBLAS and everything else in plain
 * Java. One instance serves any number of threads: each training has a network of its own.
 */
public final class BlasTrainer implements Trainer {
  /** Bumped by hand when the same arguments give other bits. */
  private static final int VERSION = 2;

  public BlasTrainer() {}

  @Override
  public Optional<String> refusal(SiameseNetwork network, Loss loss, TrainingConfig training) {
    return Contradiction.of(network, loss, training);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Batch normalisation and dropout of a frozen part work as in evaluation. The training curve
   * holds the batches as they were learnt from: augmented, and with dropout.
   *
   * @throws IllegalArgumentException if the task is refused, a frozen part is not given, images are
   *     of another size, or batch normalisation meets a batch with one value per channel
   */
  @Override
  public Trained train(Task task) {
    refusal(task.network(), task.loss(), task.training())
        .ifPresent(
            lack -> {
              throw new IllegalArgumentException("Cannot train " + lack);
            });
    task.train().requireFor(task.network(), "training");
    task.validation().requireFor(task.network(), "validation");
    NativeEnvironment.prepare();
    TrainingConfig training = task.training();
    int largest = Math.max(Math.min(training.batch(), task.train().size()), EVALUATION_BATCH);
    Weights initial =
        Initialisation.complete(task.network(), task.initial(), task.seeds().initialisation());
    requireGiven(task, initial);
    try (Network network = new Network(task.network(), largest, task.frozen())) {
      network.load(initial);
      LossPicker losses = new LossPicker(task.loss(), task.seeds().coin());
      BatchOrder batches = new BatchOrder(task.train().size(), training, task.seeds().shuffle());
      EpochPairs pairs =
          new EpochPairs(
              task.train(),
              training.augment(),
              task.network().input(),
              task.seeds().augmentation());
      Mode learning = new Mode.LearningMode(new Draws(task.seeds().dropout()));
      List<HistoryPoint> curves = new ArrayList<>();
      for (int epoch = 1; epoch <= training.epochs(); epoch++) {
        if (training.schedule().restartsBefore(epoch)) {
          network.restart();
        }
        double rate = training.learningRate(epoch);
        Examples examples = pairs.next();
        int[] order = batches.nextEpoch();
        EpochTally tally = new EpochTally();
        for (int from = 0; from < order.length; from += training.batch()) {
          int count = Math.min(training.batch(), order.length - from);
          Loss loss = losses.next();
          network.forward(examples, order, from, count, learning);
          tally.add(network.measure(examples, order, from, loss), count);
          network.backward(loss);
          network.step(training.optimizer(), rate);
        }
        tally.write(epoch, "train", task.network(), curves);
        if (task.validation().size() > 0) {
          evaluate(network, task).write(epoch, "validation", task.network(), curves);
        }
      }
      return new Trained(network.weights(), curves);
    }
  }

  /** A part that stays as it is given must be given. */
  private static void requireGiven(Task task, Weights complete) {
    for (NetworkPart part : task.frozen()) {
      String name = part == NetworkPart.BODY ? "body" : "tail";
      long given = values(task.initial().part(name));
      long needed = values(complete.part(name));
      if (given != needed) {
        throw new IllegalArgumentException(
            "Cannot freeze the "
                + name
                + ": "
                + given
                + " of its "
                + needed
                + " weights are given");
      }
    }
  }

  private static long values(Weights weights) {
    return weights.tensors().stream().mapToLong(t -> t.values().length).sum();
  }

  private static EpochTally evaluate(Network network, Task task) {
    EpochTally tally = new EpochTally();
    Examples examples = task.validation();
    int[] order = inOrder(examples.size());
    for (int from = 0; from < order.length; from += EVALUATION_BATCH) {
      int count = Math.min(EVALUATION_BATCH, order.length - from);
      network.forward(examples, order, from, count, Mode.EVALUATION);
      tally.add(network.measure(examples, order, from, task.loss()), count);
    }
    return tally;
  }

  private static int[] inOrder(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    return order;
  }

  @Override
  public Predictions predict(SiameseNetwork siamese, Weights weights, Examples examples) {
    examples.requireFor(siamese, "test");
    NativeEnvironment.prepare();
    int n = examples.size();
    int[] targets = new int[n];
    boolean likely = siamese.head().hasTail() || siamese.head() == Head.SOFT_ARITHMETIC;
    float[] probabilities = likely ? new float[n] : null;
    int[] digits = siamese.readsDigits() ? new int[2 * n] : null;
    try (Network network = new Network(siamese, EVALUATION_BATCH, Set.of())) {
      network.load(weights);
      int[] order = inOrder(n);
      for (int from = 0; from < n; from += EVALUATION_BATCH) {
        int count = Math.min(EVALUATION_BATCH, n - from);
        network.forward(examples, order, from, count, Mode.EVALUATION);
        for (int j = 0; j < count; j++) {
          targets[from + j] = network.predictedTarget(j);
          if (probabilities != null) {
            probabilities[from + j] = network.probability(j);
          }
          if (digits != null) {
            digits[2 * (from + j)] = network.predictedDigit(j);
            digits[2 * (from + j) + 1] = network.predictedDigit(count + j);
          }
        }
      }
    }
    return new Predictions(targets, probabilities, digits);
  }

  @Override
  public List<EnvironmentField> environment() {
    return Stream.concat(
            Stream.of(
                new EnvironmentField("engine", "blas"),
                new EnvironmentField("engine.version", "" + VERSION)),
            NativeEnvironment.fields().stream())
        .toList();
  }

  @Override
  public List<EnvironmentField> methods(SiameseNetwork network) {
    List<EnvironmentField> methods = new ArrayList<>();
    if (Stack.hasWinograd(network)) {
      methods.add(new EnvironmentField("engine.convolution", "winograd"));
    }
    if (Stack.beginsWithBatchNorm(network)) {
      // Its scale and shift were not learnt once.
      methods.add(new EnvironmentField("engine.first-batch-norm", "learnt"));
    }
    return methods;
  }

  /** Sums over the batches of an epoch. */
  private static final class EpochTally {
    private double loss;
    private long correct;
    private long correctDigits;
    private long pairs;

    void add(Network.Batch batch, int count) {
      loss += batch.loss() * count;
      correct += batch.correct();
      correctDigits += batch.correctDigits();
      pairs += count;
    }

    void write(int epoch, String split, SiameseNetwork network, List<HistoryPoint> curves) {
      curves.add(new HistoryPoint(epoch, split, "loss", loss / pairs));
      curves.add(new HistoryPoint(epoch, split, "accuracy", (double) correct / pairs));
      if (network.readsDigits()) {
        curves.add(
            new HistoryPoint(epoch, split, "digit_accuracy", (double) correctDigits / (2 * pairs)));
      }
    }
  }
}
