package dev.twintail.model;

import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;

/**
 * One body with shared weights that reads each image, and a tail that compares the two outputs.
 *
 * @param input shape of one image
 * @param body layers read by both images; the empty list passes the pixels on
 * @param head what the tail reads of the body's outputs
 * @param tail layers from the concatenated outputs to two logits (no, yes); empty for {@link
 *     Head#ARITHMETIC}
 */
public record Siamese(Shape input, LayerList body, Head head, LayerList tail) {
  /** Digits 0 to 9. */
  public static final int CLASSES = 10;

  /** Returns whether the body's outputs can be read as logits of the ten classes. */
  public boolean readsDigits() {
    return body.parameters() > 0 && body.output(input).size() == CLASSES;
  }
}
