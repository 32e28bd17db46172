package dev.twintail.model.dl4j;

import dev.twintail.network.Layer;
import dev.twintail.random.Draws;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation: while learning, a layer of DL4J's for each pass, which all read one scale
 * and shift. The running statistics are kept here, as DL4J moves them by the biased variance, and
 * only where a gradient arrives; and so is evaluation, as DL4J's gradient is always that of
 * learning.
 */
final class NormNode implements Node {
  private static final double EPSILON = 1e-5;
  private static final double DECAY = 0.9;

  private final String name;
  private final List<StockNode> passes = new ArrayList<>();
  private final Parameter scale;
  private final Parameter shift;
  private final Parameter mean;
  private final Parameter variance;

  // Of the last forward pass.
  private boolean learning;
  private @Nullable INDArray normalised;
  private @Nullable INDArray factor;

  /**
   * @param passes 2 if the first half of a batch and the second are normalised by themselves, else
   *     1
   */
  NormNode(String name, Layer.BatchNorm norm, int passes, Parameters parameters, Scope scope) {
    this.name = name;
    for (int pass = 0; pass < passes; pass++) {
      this.passes.add(
          StockNode.of(
              name,
              new BatchNormalization.Builder()
                  .nIn(norm.channels())
                  .nOut(norm.channels())
                  .eps(EPSILON)
                  .useLogStd(false)
                  .build(),
              Map.of("gamma", name + ".weight", "beta", name + ".bias"),
              parameters,
              scope));
    }
    StockNode first = this.passes.get(0);
    scale = parameters.tensor(name + ".weight", first.parameter("gamma"));
    shift = parameters.tensor(name + ".bias", first.parameter("beta"));
    mean = parameters.tensor(name + ".running_mean", first.parameter("mean"));
    variance = parameters.tensor(name + ".running_var", first.parameter("var"));
  }

  @Override
  public INDArray forward(INDArray x, @Nullable Draws dropout) {
    learning = dropout != null;
    if (!learning) {
      INDArray inverse = Transforms.pow(variance.place().add(EPSILON), -0.5);
      factor = inverse.mul(scale.place());
      normalised = times(x.sub(spread(mean.place(), x)), inverse);
      return times(normalised, scale.place()).addi(spread(shift.place(), x));
    }
    List<INDArray> outputs = new ArrayList<>();
    for (int pass = 0; pass < passes.size(); pass++) {
      INDArray part = part(x, pass);
      observe(part);
      outputs.add(passes.get(pass).forward(part, dropout));
    }
    return joined(outputs);
  }

  /** Moves the running statistics: with the unbiased variance, as PyTorch does. */
  private void observe(INDArray x) {
    if (x.length() / mean.place().length() < 2) {
      throw new IllegalArgumentException(
          "Cannot normalise '"
              + name
              + "' by a batch with one value per channel: choose a batch size that leaves no"
              + " single pair at the end of an epoch");
    }
    move(mean.place(), x.mean(others(x)));
    move(variance.place(), x.var(true, others(x)));
  }

  private static void move(INDArray running, INDArray batch) {
    running.muli(DECAY).addi(batch.reshape(running.shape()).muli(1 - DECAY));
  }

  @Override
  public INDArray backward(INDArray dy, boolean trains) {
    if (!learning) {
      if (trains && normalised != null) {
        scale.addGradient(dy.mul(normalised).sum(others(dy)));
        shift.addGradient(dy.sum(others(dy)));
      }
      return factor == null ? dy : times(dy, factor);
    }
    List<INDArray> gradients = new ArrayList<>();
    for (int pass = 0; pass < passes.size(); pass++) {
      gradients.add(passes.get(pass).backward(part(dy, pass), trains));
    }
    return joined(gradients);
  }

  private INDArray part(INDArray rows, int pass) {
    if (passes.size() == 1) {
      return rows;
    }
    long run = rows.size(0) / passes.size();
    return rows.get(NDArrayIndex.interval(pass * run, (pass + 1) * run)).dup('c');
  }

  private static INDArray joined(List<INDArray> parts) {
    return parts.size() == 1 ? parts.get(0) : Nd4j.concat(0, parts.toArray(new INDArray[0]));
  }

  private static int[] others(INDArray x) {
    return x.rank() == 4 ? new int[] {0, 2, 3} : new int[] {0};
  }

  private static INDArray times(INDArray x, INDArray channels) {
    return x.mul(spread(channels, x));
  }

  /** Returns a value for each channel in a shape that broadcasts over {@code x}. */
  private static INDArray spread(INDArray channels, INDArray x) {
    return x.rank() == 4
        ? channels.reshape(1, channels.length(), 1, 1)
        : channels.reshape(1, channels.length());
  }

  @Override
  public boolean hasParameters() {
    return true;
  }
}
