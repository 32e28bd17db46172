package dev.twintail.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Trains on one CPU thread with the matrix products of ND4J's OpenBLAS and everything else in plain
 * Java. One instance serves any number of threads: each training has a network of its own.
 */
public final class BlasTrainer implements Trainer {
  /** Bumped by hand when the same arguments give other bits. */
  private static final int VERSION = 1;

  /**
   * Pairs per forward pass where nothing is learnt; fixed, as products of other sizes may round.
   */
  private static final int EVALUATION_BATCH = 100;

  public BlasTrainer() {}

  @Override
  public Trained train(Task task) {
    NativeEnvironment.prepare();
    Training training = task.training();
    int largest = Math.max(Math.min(training.batch(), task.train().size()), EVALUATION_BATCH);
    Weights initial =
        Initialisation.complete(task.network(), task.initial(), task.seeds().initialisation());
    boolean trainBody = !task.frozen().contains(Part.BODY);
    boolean trainTail = !task.frozen().contains(Part.TAIL);
    requireGiven(task);
    try (Network network = new Network(task.network(), largest)) {
      network.load(initial);
      LossPicker losses = new LossPicker(task.loss(), task.seeds().coin());
      BatchOrder batches = new BatchOrder(task.train().size(), training, task.seeds().shuffle());
      List<Point> curves = new ArrayList<>();
      for (int epoch = 1; epoch <= training.epochs(); epoch++) {
        int[] order = batches.nextEpoch();
        Tally tally = new Tally();
        for (int from = 0; from < order.length; from += training.batch()) {
          int count = Math.min(training.batch(), order.length - from);
          Loss loss = losses.next();
          network.forward(task.train(), order, from, count);
          tally.add(network.measure(task.train(), order, from, loss.target(), loss.digit()), count);
          network.backward(loss.target(), loss.digit(), trainBody, trainTail);
          network.step((Training.Adam) training.optimizer());
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
  private static void requireGiven(Task task) {
    for (Part part : task.frozen()) {
      String prefix = part == Part.BODY ? "body" : "tail";
      int layers = (part == Part.BODY ? task.network().body() : task.network().tail()).parameters();
      int given =
          task.initial().part(prefix).tensors().stream().mapToInt(t -> t.values().length).sum();
      if (given != layers) {
        throw new IllegalArgumentException(
            "Cannot freeze the "
                + prefix
                + ": "
                + given
                + " of its "
                + layers
                + " weights are given");
      }
    }
  }

  private static Tally evaluate(Network network, Task task) {
    Tally tally = new Tally();
    Examples examples = task.validation();
    int[] order = inOrder(examples.size());
    for (int from = 0; from < order.length; from += EVALUATION_BATCH) {
      int count = Math.min(EVALUATION_BATCH, order.length - from);
      network.forward(examples, order, from, count);
      tally.add(
          network.measure(examples, order, from, task.loss().target(), task.loss().digit()), count);
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
  public Predictions predict(Siamese siamese, Weights weights, Examples examples) {
    NativeEnvironment.prepare();
    int n = examples.size();
    int[] targets = new int[n];
    float[] probabilities = new float[n];
    int[] digits = new int[2 * n];
    try (Network network = new Network(siamese, EVALUATION_BATCH)) {
      network.load(weights);
      int[] order = inOrder(n);
      for (int from = 0; from < n; from += EVALUATION_BATCH) {
        int count = Math.min(EVALUATION_BATCH, n - from);
        network.forward(examples, order, from, count);
        for (int j = 0; j < count; j++) {
          targets[from + j] = network.predictedTarget(j);
          if (siamese.head() != Head.ARITHMETIC) {
            probabilities[from + j] = network.probability(j);
          }
          digits[2 * (from + j)] = network.predictedDigit(j);
          digits[2 * (from + j) + 1] = network.predictedDigit(count + j);
        }
      }
    }
    return new Predictions(
        targets,
        siamese.head() == Head.ARITHMETIC ? null : probabilities,
        siamese.readsDigits() ? digits : null);
  }

  @Override
  public List<Field> environment() {
    return Stream.concat(
            Stream.of(new Field("engine", "blas"), new Field("engine.version", "" + VERSION)),
            NativeEnvironment.fields().stream())
        .toList();
  }

  /** Sums over the batches of an epoch. */
  private static final class Tally {
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

    void write(int epoch, String split, Siamese network, List<Point> curves) {
      curves.add(new Point(epoch, split, "loss", loss / pairs));
      curves.add(new Point(epoch, split, "accuracy", (double) correct / pairs));
      if (network.readsDigits()) {
        curves.add(new Point(epoch, split, "digit_accuracy", (double) correctDigits / (2 * pairs)));
      }
    }
  }
}
