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
final class Parameter {
  private final String name;
  private final List<Integer> shape;
  private final INDArray place;
  private final INDArray gradient;
  private final INDArray firstMoment;
  private final INDArray secondMoment;
  private boolean reached;
  private int steps;

  /**
   * @param place where the layers read the tensor
   * @param start what it holds at first
   */
  Parameter(INDArray place, Tensor start) {
    this.name = start.name();
    this.shape = start.shape();
    this.place = place;
    this.gradient = zeros();
    this.firstMoment = zeros();
    this.secondMoment = zeros();
    INDArray target = rowMajor(place);
    target.assign(
        Nd4j.createFromArray(start.values()).castTo(target.dataType()).reshape(target.shape()));
  }

  private INDArray zeros() {
    return Nd4j.create(place.dataType(), place.shape(), place.ordering());
  }

  String name() {
    return name;
  }

  /** Returns the values themselves, as DL4J's layers have them. */
  INDArray place() {
    return place;
  }

  Tensor tensor() {
    return new Tensor(
        name, shape, rowMajor(place).dup('c').reshape(place.length()).toFloatVector());
  }

  /** Returns whether a gradient has arrived since {@link #clearGradient}. */
  boolean isReached() {
    return reached;
  }

  /** Returns the sum of the gradients that have arrived, row-major. */
  double[] gradient() {
    return rowMajor(gradient).dup('c').reshape(gradient.length()).toDoubleVector();
  }

  void clearGradient() {
    reached = false;
  }

  /** Adds the gradient of one use of the tensor. */
  void addGradient(INDArray addend) {
    INDArray values = addend.reshape(addend.ordering(), gradient.shape());
    if (reached) {
      gradient.addi(values);
    } else {
      gradient.assign(values);
    }
    reached = true;
  }

  /** Moves the values along the gradient, if one has arrived. */
  void step(Optimizer optimizer, double rate) {
    if (!reached) {
      return;
    }
    if (optimizer instanceof Optimizer.Adam adam) {
      step(adam, rate);
    } else if (optimizer instanceof Optimizer.Sgd sgd) {
      firstMoment.muli(sgd.momentum()).addi(gradient);
      place.subi(firstMoment.mul(rate));
    }
    steps++;
  }

  /**
   * Takes one step of Adam as PyTorch defines it, by ND4J's kernel. The kernel adds ε to √v where
   * PyTorch adds it to √(v / (1 − β₂ᵗ)): it is given ε·√(1 − β₂ᵗ), which makes the two equal.
   */
  private void step(Optimizer.Adam adam, double rate) {
    INDArray update = gradient.dup();
    double epsilon = adam.epsilon() * Math.sqrt(1 - StrictMath.pow(adam.beta2(), steps + 1));
    Nd4j.exec(
        new AdamUpdater(
            update, secondMoment, firstMoment, rate, adam.beta1(), adam.beta2(), epsilon, steps));
    place.subi(update);
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
