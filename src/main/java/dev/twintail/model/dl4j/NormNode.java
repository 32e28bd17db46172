package dev.twintail.model.dl4j;

import dev.twintail.network.Layer;
import dev.twintail.random.Draws;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation of rows of pixels, or of features. Not DL4J's layer: that one moves the
 * running statistics by the biased variance and only where a gradient arrives, its gradient is
 * always that of learning, and it takes twice as many passes over the data.
 */
final class NormNode implements GraphNode {
  static final double EPSILON = 1e-5;
  private static final double DECAY = 0.9;

  private final String name;
  private final int channels;
  private final int passes;
  private final Dl4jParameter scale;
  private final Dl4jParameter shift;
  private final Dl4jParameter mean;
  private final Dl4jParameter variance;

  // Of the last forward pass, for each part of the batch.
  private boolean learning;
  private final List<INDArray> normalised = new ArrayList<>();
  private final List<INDArray> inverses = new ArrayList<>();

  /**
   * @param passes 2 if the first half of a batch and the second are normalised by themselves, else
   *     1
   */
  NormNode(String name, Layer.BatchNorm norm, int passes, Dl4jParameters parameters) {
    this.name = name;
    this.channels = norm.channels();
    this.passes = passes;
    scale = parameters.tensor(name + ".weight", channels);
    shift = parameters.tensor(name + ".bias", channels);
    mean = parameters.tensor(name + ".running_mean", channels);
    variance = parameters.tensor(name + ".running_var", channels);
  }

  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    learning = dropout != null;
    normalised.clear();
    inverses.clear();
    List<INDArray> outputs = new ArrayList<>();
    for (INDArray part : parts(x)) {
      outputs.add(learning ? learnt(part) : normalise(part, mean.place(), variance.place()));
    }
    return joined(outputs, x);
  }

  /** Normalises by the rows' own statistics, and moves the running ones. */
  private INDArray learnt(INDArray rows) {
    long n = rows.size(0);
    if (n < 2) {
      throw new IllegalArgumentException(
          "Cannot normalise '"
              + name
              + "' by a batch with one value per channel: choose a batch size that leaves no"
              + " single pair at the end of an epoch");
    }
    INDArray average = sum(rows).divi(n);
    INDArray deviations = rows.subRowVector(average);
    INDArray biased = sum(Transforms.pow(deviations, 2, true)).divi(n);
    move(mean.place(), average);
    // By the unbiased variance, as PyTorch does.
    move(variance.place(), biased.mul((double) n / (n - 1)));
    return scaled(deviations, biased);
  }

  private static void move(INDArray running, INDArray batch) {
    running.muli(DECAY).addi(batch.mul(1 - DECAY));
  }

  private INDArray normalise(INDArray rows, INDArray center, INDArray spread) {
    return scaled(rows.subRowVector(center), spread);
  }

  private INDArray scaled(INDArray deviations, INDArray spread) {
    INDArray inverse = Transforms.sqrt(spread.add(EPSILON), false).rdivi(1);
    INDArray unit = deviations.muliRowVector(inverse);
    normalised.add(unit);
    inverses.add(inverse);
    return unit.mulRowVector(scale.place()).addiRowVector(shift.place());
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    List<INDArray> gradients = new ArrayList<>();
    List<INDArray> parts = parts(dy);
    for (int i = 0; i < parts.size(); i++) {
      gradients.add(backward(parts.get(i), normalised.get(i), inverses.get(i), trains));
    }
    return joined(gradients, dy);
  }

  private INDArray backward(INDArray dy, INDArray unit, INDArray inverse, boolean trains) {
    INDArray dShift = sum(dy);
    INDArray dScale = sum(dy.mul(unit));
    if (trains) {
      scale.addGradient(dScale);
      shift.addGradient(dShift);
    }
    INDArray factor = inverse.mul(scale.place());
    if (!learning) {
      return dy.mulRowVector(factor);
    }
    long n = dy.size(0);
    return dy.subRowVector(dShift.div(n))
        .subi(unit.mulRowVector(dScale.div(n)))
        .muliRowVector(factor);
  }

  /** Sums over the rows: a product with ones, which takes a half of the time of ND4J's sum. */
  private static INDArray sum(INDArray rows) {
    return Nd4j.ones(rows.dataType(), 1, rows.size(0)).mmul(rows);
  }

  private List<INDArray> parts(INDArray x) {
    INDArray rows = x.reshape('c', x.length() / channels, channels);
    if (passes == 1) {
      return List.of(rows);
    }
    long half = rows.size(0) / 2;
    return List.of(
        rows.get(NDArrayIndex.interval(0, half), NDArrayIndex.all()),
        rows.get(NDArrayIndex.interval(half, 2 * half), NDArrayIndex.all()));
  }

  private static INDArray joined(List<INDArray> parts, INDArray like) {
    INDArray rows =
        parts.size() == 1 ? parts.get(0) : Nd4j.concat(0, parts.toArray(new INDArray[0]));
    return rows.reshape('c', like.shape());
  }

  @Override
  public boolean hasParameters() {
    return true;
  }
}
