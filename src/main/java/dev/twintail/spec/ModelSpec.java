package dev.twintail.spec;

import dev.twintail.layer.LayerList;
import java.util.Optional;

/**
 * One model: a body that reads each image, and a tail that compares the two outputs.
 *
 * @param bodyName the body's name in the experiment
 * @param tailName the tail's name in the experiment; empty for {@link HeadKind#ARITHMETIC}
 * @param tail empty for {@link HeadKind#ARITHMETIC}
 * @param training of the siamese network: the experiment's, as far as the model does not differ
 * @param published the report's claim; empty for a model beyond the report
 */
public record ModelSpec(
    String name,
    String bodyName,
    LayerList body,
    HeadKind head,
    Optional<String> tailName,
    LayerList tail,
    LossSpec loss,
    TrainingSpec training,
    Optional<PretrainTail> pretrainTail,
    Optional<PretrainBody> pretrainBody,
    Optional<Published> published) {
  public ModelSpec {
    if (tailName.isPresent() == (head == HeadKind.ARITHMETIC)) {
      throw new IllegalArgumentException(
          "Cannot build model " + name + ": every head but arithmetic has a tail");
    }
  }

  /** Returns the number of trainable parameters; shared and tied weights count once. */
  public int parameters() {
    return body.parameters() + tail.parameters();
  }
}
