package dev.twintail.model.dl4j;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Optimizer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One named tensor and its place among the parameters of a DL4J layer, with its gradient and what
 * the optimizer remembers of it.
 *
 * <p>DL4J keeps the weight of a dense layer as (in, out): {@link Tensor} has (out, in).
 */
final class Dl4jParameter {
  private final String name;
  private final List<Integer> shape;
  private final INDArray place;

  // As the place has its values, in one row.
  private final INDArray values;
  private final INDArray gradient;
  private final INDArray firstMoment;
  private final INDArray secondMoment;
  private boolean reached;
  private int steps;

  /**
   * @param place where the layers read the tensor
   * @param start what it holds at first
   */
  Dl4jParameter(INDArray place, Tensor start) {
    this.name = start.name();
    this.shape = start.shape();
    this.place = place;
    this.values = row(place);
    this.gradient = Nd4j.create(place.dataType(), place.length());
    this.firstMoment = gradient.dup();
    this.secondMoment = gradient.dup();
    INDArray target = rowMajor(place);
    target.assign(
        Nd4j.createFromArray(start.values()).castTo(target.dataType()).reshape(target.shape()));
  }

  private static INDArray row(INDArray array) {
    return array.reshape(array.ordering(), new long[] {array.length()});
  }

  String name() {
    return name;
  }

  /** Returns the values themselves, as DL4J's layers have them. */
  INDArray place() {
    return place;
  }

  Tensor tensor() {
    return new Tensor(name, shape, rowMajor(place).dup('c').data().asFloat());
  }

  /** Returns whether a gradient has arrived since {@link #clearGradient}. */
  boolean isReached() {
    return reached;
  }

  /** Returns the sum of the gradients that have arrived, row-major. */
  double[] gradient() {
    INDArray shaped = gradient.reshape(place.ordering(), place.shape());
    return rowMajor(shaped).dup('c').data().asDouble();
  }

  void clearGradient() {
    reached = false;
  }

  /** Adds the gradient of one use of the tensor. */
  void addGradient(INDArray addend) {
    if (reached) {
      gradient.addi(row(addend));
    } else {
      gradient.assign(row(addend));
    }
    reached = true;
  }

  /** Moves the values along the gradient, if one has arrived, and uses it up. */
  void step(Optimizer optimizer, double rate) {
    if (!reached) {
      return;
    }
    if (optimizer instanceof Optimizer.Adam adam) {
      step(adam, rate);
    } else if (optimizer instanceof Optimizer.Sgd sgd) {
      firstMoment.muli(sgd.momentum()).addi(gradient);
      values.subi(firstMoment.mul(rate));
    }
    reached = false;
    steps++;
  }

  /**
   * Takes one step of Adam as PyTorch defines it, by ND4J's kernel. The kernel adds ε to √v where
   * PyTorch adds it to √(v / (1 − β₂ᵗ)): it is given ε·√(1 − β₂ᵗ), which makes the two equal.
   */
  private void step(Optimizer.Adam adam, double rate) {
    double epsilon = adam.epsilon() * Math.sqrt(1 - StrictMath.pow(adam.beta2(), steps + 1));
    Nd4j.exec(
        new AdamUpdater(
            gradient, secondMoment, firstMoment, rate, adam.beta1(), adam.beta2(), epsilon, steps));
    values.subi(gradient);
  }

  /** Makes the optimizer forget all steps. */
  void restart() {
    firstMoment.assign(0);
    secondMoment.assign(0);
    steps = 0;
  }

  private INDArray rowMajor(INDArray array) {
    if (shape.size() == 1) {
      return array.reshape(array.length());
    }
    return array.rank() == 2 ? array.transpose() : array;
  }
}
