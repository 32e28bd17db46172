package dev.twintail.model;

import dev.twintail.model.Weights.Tensor;
import dev.twintail.network.Optimizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one layer, with the gradient of the current step and what the optimizer remembers
 * of earlier ones. One object, however many layers of the network use it.
 */
abstract class Parameter implements AutoCloseable {
  final LayerName name;
  private boolean hasGradient;
  private @Nullable Updater updater;

  // One chunk.
  private final float[] values = new float[Updater.CHUNK];
  private final float[] gradient = new float[Updater.CHUNK];

  Parameter(LayerName name) {
    this.name = name;
  }

  abstract void load(Weights weights);

  /** Returns all tensors, those included that no gradient trains. */
  abstract List<Tensor> tensors();

  /** Returns the gradients of the tensors that are trained; zero where none arrived. */
  abstract List<Tensor> gradientTensors();

  /** Returns the number of values that are trained. */
  abstract int size();

  /** Reads some of the values and their gradient. */
  abstract void fetch(int from, int length, float[] values, float[] gradient);

  /** Writes some of the values. */
  abstract void store(int from, int length, float[] values);

  /** Called after all values have been written. */
  void stored() {}

  /** Forgets the gradient: until one is accumulated, {@link #step} leaves the values alone. */
  final void clearGradient() {
    hasGradient = false;
  }

  final boolean hasGradient() {
    return hasGradient;
  }

  final void noteGradient() {
    hasGradient = true;
  }

  /**
   * Takes one step along the gradient, if there is one.
   *
   * @param optimizer the same at every step
   * @param rate the learning rate of this step
   */
  final void step(Optimizer optimizer, double rate) {
    if (!hasGradient) {
      return;
    }
    if (updater == null) {
      updater = Updater.of(optimizer, size());
    }
    updater.begin(rate);
    for (int chunk = 0; chunk * Updater.CHUNK < size(); chunk++) {
      int from = chunk * Updater.CHUNK;
      int length = Math.min(Updater.CHUNK, size() - from);
      fetch(from, length, values, gradient);
      updater.apply(values, gradient, chunk, length);
      store(from, length, values);
    }
    stored();
  }

  /** Makes the optimizer forget all steps. */
  final void restart() {
    if (updater != null) {
      updater.restart();
    }
  }

  @Override
  public void close() {}
}
