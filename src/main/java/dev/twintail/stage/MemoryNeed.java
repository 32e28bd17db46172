package dev.twintail.stage;

import dev.twintail.model.Trainer;
import dev.twintail.network.Augmentation;
import dev.twintail.network.Branches;
import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.DigitsSpec;
import java.util.List;

/**
 * How much memory an action takes, estimated from its sizes before it runs: what its stage holds at
 * once of files, tables, pixels and buffers, on the heap and outside. Never too little; the program
 * tells of what would not fit rather than to die of it.
 */
public final class MemoryNeed {
  /** Of a point of a curve, while the curves of all rounds become one table and its file. */
  private static final long POINT = 300;

  /** Of each weight: its value by row and by column, its gradient, and what Adam remembers. */
  private static final int WEIGHT = 32;

  /** The kernel of convolutions that the engine may compute by tiles. */
  private static final int TILED = 3;

  /** Values that tiles have for each one that they cover, at most. */
  private static final long TILES = 5;

  private static final long FIXED = 8L << 20;

  private MemoryNeed() {}

  /** Returns the bytes that running {@code stage} takes at most. */
  public static long of(Stage stage) {
    // Large arrays find no room in the young generation, a third of the heap.
    return FIXED + live(stage) * 3 / 2;
  }

  private static long live(Stage stage) {
    if (stage instanceof GenerateData data) {
      return generating(data.data());
    }
    if (stage instanceof LearningStage learning) {
      boolean augmented =
          stage instanceof TrainSiamese && !learning.training().augment().equals(Augmentation.NONE);
      return (augmented ? 4 : 3) * train(learning.data().data())
          + network(learning.network(), batch(learning));
    }
    if (stage instanceof Evaluate evaluate) {
      return 2 * test(evaluate.data().data())
          + 3 * train(evaluate.training().data().data())
          + network(evaluate.training().network(), Trainer.EVALUATION_BATCH);
    }
    if (stage instanceof CollectResults results) {
      List<Evaluate> evaluations =
          results.rows().stream().flatMap(row -> row.evaluations().stream()).toList();
      long pairs =
          evaluations.stream().mapToLong(evaluate -> test(evaluate.data().data())).max().orElse(0);
      return 3 * pairs + POINT * evaluations.stream().mapToLong(MemoryNeed::points).sum();
    }
    return 0;
  }

  /** The digits' file, the pairs drawn, and for one of the two splits its table and its file. */
  private static long generating(DataSpec data) {
    DigitsSpec digits = data.digits();
    long reading = 2 * digits.trainImages().bytes();
    long drawing = digits.trainImages().bytes() + Integer.BYTES * digits.trainCount() + train(data);
    long drawingTest = train(data) + 2 * digits.testImages().bytes() + test(data);
    long writing = train(data) + test(data) + 3 * Math.max(train(data), test(data));
    return Math.max(Math.max(reading, drawing), Math.max(drawingTest, writing));
  }

  /** Returns how many points the curves of one training have. */
  private static long points(Evaluate evaluate) {
    TrainSiamese training = evaluate.training();
    int splits = evaluate.data().data().validationPairs() > 0 ? 2 : 1;
    int metrics = training.network().readsDigits() ? 3 : 2;
    return (long) training.training().epochs() * splits * metrics;
  }

  private static long train(DataSpec data) {
    return data.pairBytes() * data.trainPairs();
  }

  private static long test(DataSpec data) {
    return data.pairBytes() * data.testPairs();
  }

  /** Returns the largest number of pairs that the engine has at once: not more than there are. */
  private static int batch(LearningStage learning) {
    DataSpec data = learning.data().data();
    int learnt = data.trainPairs() - data.validationPairs();
    return Math.max(Math.min(learning.training().batch(), learnt), Trainer.EVALUATION_BATCH);
  }

  /** Returns what the buffers for a batch take, and the weights with all that moves them. */
  private static long network(SiameseNetwork network, int pairs) {
    boolean merged = network.branches() == Branches.MERGED;
    Shape read = network.bodyInput();
    Shape output = network.body().output(read);
    long ends = read.size() + 4L * output.size();
    long images = ends + values(network.body().layers(), read);
    if (network.digitHead().isPresent()) {
      images += values(network.digitHead().get().layers().layers(), output);
    }
    long joined = values(network.tail().layers(), new Shape.Vector(network.tailInputs()));
    return (long) Float.BYTES * pairs * ((merged ? 1 : 2) * images + joined)
        + (long) WEIGHT * network.parameters();
  }

  /** Returns the values that layers keep of each image: what comes in and out, and gradients. */
  private static long values(List<Layer> layers, Shape input) {
    long values = 0;
    Shape shape = input;
    for (Layer layer : layers) {
      Shape output = layer.output(shape);
      values += shape.size() + output.size();
      if (layer instanceof Layer.Conv conv) {
        values += 2L * conv.kernel() * padded(shape, conv.padding()) + output.size();
        values += conv.kernel() == TILED ? TILES * (shape.size() + output.size()) : 0;
      } else if (layer instanceof Layer.Linear) {
        values += 2L * shape.size() + output.size();
      } else if (layer instanceof Layer.MaxPool || layer instanceof Layer.Dropout) {
        values += shape.size() + output.size();
      }
      int times = layer instanceof Layer.Tied tied ? tied.times() : 1;
      values += times * values(layer.layers(), shape);
      shape = output;
    }
    return values;
  }

  private static long padded(Shape shape, int padding) {
    return shape instanceof Shape.Image image
        ? (long) image.channels() * (image.height() + 2 * padding) * (image.width() + 2 * padding)
        : shape.size();
  }
}
