package dev.twintail.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Layers one after the other, with the buffers between them. The empty chain is the identity. */
final class Sequential implements AutoCloseable {
  private final List<Op> ops;
  private final List<float[]> activations = new ArrayList<>();
  private final List<float[]> gradients = new ArrayList<>();
  private final int firstTrainable;
  private float[] input = {};

  /**
   * @param maxImages the largest batch
   */
  Sequential(List<Op> ops, int maxImages) {
    this.ops = List.copyOf(ops);
    int first = 0;
    while (first < ops.size() && !ops.get(first).hasParameters()) {
      first++;
    }
    firstTrainable = first;
    for (Op op : ops) {
      activations.add(new float[op.outputs * maxImages]);
      gradients.add(new float[op.inputs * maxImages]);
    }
  }

  boolean isEmpty() {
    return ops.isEmpty();
  }

  boolean hasParameters() {
    return firstTrainable < ops.size();
  }

  /** Returns the outputs for {@code n} images; valid until the next pass. */
  float[] forward(float[] x, int n, Mode mode) {
    input = x;
    float[] current = x;
    for (int i = 0; i < ops.size(); i++) {
      float[] next = activations.get(i);
      ops.get(i).forward(current, next, n, mode);
      current = next;
    }
    return current;
  }

  /**
   * Passes the gradient of the last forward pass's outputs back.
   *
   * @param train whether the parameters accumulate their gradients
   * @param wantInput whether the gradient of the inputs is wanted
   * @return the gradient of the inputs, or null if it is not wanted
   */
  float @Nullable [] backward(float[] dy, boolean train, boolean wantInput, int n) {
    if (!train && !wantInput) {
      return null;
    }
    int last = wantInput ? 0 : firstTrainable;
    float[] current = dy;
    for (int i = ops.size() - 1; i >= last; i--) {
      float[] x = i == 0 ? input : activations.get(i - 1);
      float @Nullable [] dx = i > last || wantInput ? gradients.get(i) : null;
      ops.get(i).backward(x, activations.get(i), current, dx, train, n);
      if (dx != null) {
        current = dx;
      }
    }
    return wantInput ? current : null;
  }

  /** See {@link Op#select}. */
  void select(int channel) {
    for (Op op : ops) {
      op.select(channel);
    }
  }

  /** Passes the gradient back, as {@link #backward}, and returns that of the inputs. */
  float[] backwardInput(float[] dy, boolean train, int n) {
    return Objects.requireNonNull(backward(dy, train, true, n));
  }

  @Override
  public void close() {
    ops.forEach(Op::close);
  }
}
