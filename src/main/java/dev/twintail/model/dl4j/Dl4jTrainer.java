package dev.twintail.model.dl4j;

import dev.twintail.model.Examples;
import dev.twintail.model.NativeEnvironment;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Augmentation;
import dev.twintail.network.Branches;
import dev.twintail.network.Comparison;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Schedule;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains with Deeplearning4j's own layers. Slower than the lean engine and written without looking
 * at it, to replicate an experiment with a second, well-known library.
 */
public final class Dl4jTrainer implements Trainer {
  /** Bumped by hand whenever a change to this package may change a bit of a result. */
  private static final String VERSION = "1";

  /** Pairs per forward pass when only predicting; a constant, because it may decide last bits. */
  static final int PREDICTION_BATCH = 100;

  /**
   * {@inheritDoc}
   *
   * <p>This engine knows the words of one report, vieli2021.
   */
  @Override
  public Optional<String> refusal(SiameseNetwork network, Loss loss, TrainingConfig training) {
    if (network.branches() != Branches.SHARED) {
      return lacks(network.branches().word() + " bodies");
    }
    if (network.digitHead().isPresent()) {
      return lacks("digit heads");
    }
    if (network.head() == Head.SOFT_ARITHMETIC) {
      return lacks("head " + network.head().word());
    }
    if (network.comparison() != Comparison.AT_MOST) {
      return lacks("comparison " + network.comparison().word());
    }
    for (LayerList list : List.of(network.body(), network.tail())) {
      Optional<Layer> unknown = Stack.firstUnknown(list.layers());
      if (unknown.isPresent()) {
        return lacks("layer '" + unknown.get().text() + "'");
      }
    }
    if (network.head().hasTail()
        && network.tail().output(new Shape.Vector(network.tailInputs())).size() == 1) {
      return lacks("a tail of one logit");
    }
    if (loss.digitLosses() != Loss.DigitLosses.CROSS_ENTROPY) {
      return lacks("digit losses " + loss.digitLosses().word());
    }
    if (!(training.optimizer() instanceof Optimizer.Adam)) {
      return lacks("optimizer " + training.optimizer());
    }
    if (training.schedule().factor() != 1
        || training.schedule().optimizer() == Schedule.State.RESTARTED) {
      return lacks("learning rates that change, or an optimizer that restarts");
    }
    if (!training.augment().equals(Augmentation.NONE)) {
      return lacks("augmentation");
    }
    return Optional.empty();
  }

  private static Optional<String> lacks(String what) {
    return Optional.of("Engine dl4j lacks " + what + ": take the engine blas");
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
              throw new IllegalArgumentException(lack);
            });
    Library.prepare();
    try (TrainingRun run = new TrainingRun(task)) {
      return run.train();
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a tensor of the network is missing from {@code weights}
   */
  @Override
  public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
    Library.prepare();
    int n = examples.size();
    int[] targets = new int[n];
    float[] probabilities = new float[n];
    int[] digits = new int[2 * n];
    try (Twins twins = new Twins(network, weights, DataType.FLOAT)) {
      for (Pairs pairs : Pairs.inOrder(examples, PREDICTION_BATCH)) {
        Twins.Outputs outputs = twins.forward(pairs);
        int[] predicted = outputs.targets();
        System.arraycopy(predicted, 0, targets, pairs.start(), predicted.length);
        if (twins.hasTail()) {
          double[] softmax = outputs.comparison().softmax();
          for (int i = 0; i < predicted.length; i++) {
            probabilities[pairs.start() + i] = (float) softmax[2 * i + 1];
          }
        }
        if (network.readsDigits()) {
          int[] classes = outputs.features().largest();
          System.arraycopy(classes, 0, digits, 2 * pairs.start(), classes.length);
        }
      }
      return new Predictions(
          targets, twins.hasTail() ? probabilities : null, network.readsDigits() ? digits : null);
    }
  }

  @Override
  public List<Field> environment() {
    Properties built = new Properties();
    try (InputStream in = Dl4jTrainer.class.getResourceAsStream("engine.properties")) {
      built.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read engine.properties", e);
    }
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("engine", "dl4j"));
    fields.add(new Field("engine.version", VERSION));
    for (String name : List.of("deeplearning4j", "nd4j.backend", "native.isa")) {
      fields.add(new Field(name, built.getProperty(name)));
    }
    fields.addAll(NativeEnvironment.fields());
    return List.copyOf(fields);
  }

  /** ND4J, loaded once per process after its environment is set. */
  private static final class Library {
    static {
      NativeEnvironment.prepare();
      System.setProperty("org.nd4j.log.initialization", "false");
      Nd4j.getEnvironment().setMaxThreads(1);
      Nd4j.getEnvironment().setMaxMasterThreads(1);
      openblas.blas_set_num_threads(1); // ND4J asked for one a processor.
    }

    private static void prepare() {}
  }
}
