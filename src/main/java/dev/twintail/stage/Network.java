package dev.twintail.stage;

import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import dev.twintail.model.Head;
import dev.twintail.model.Siamese;
import dev.twintail.spec.Branches;
import dev.twintail.spec.DigitHead;
import dev.twintail.spec.HeadKind;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.ProtocolSpec;
import java.util.Optional;

/**
 * A model's network as a spec tells it, without its name.
 *
 * @param comparison what the arithmetic head answers yes to
 */
public record Network(
    Shape image,
    Branches branches,
    LayerList body,
    Optional<DigitHead> digitHead,
    HeadKind head,
    ProtocolSpec.Comparison comparison,
    LayerList tail) {
  static Network of(ModelSpec model, Shape image) {
    return new Network(
        image,
        model.branches(),
        model.body(),
        // Its name is no part of the network.
        model.digitHead().map(d -> new DigitHead("digits", d.layers(), d.branches())),
        model.head(),
        model.protocol().comparison(),
        model.tail());
  }

  void describe(Stage.Description description) {
    description.parameter("image", image.toString());
    description.parameter("branches", branches.name());
    Learning.describe(description, "body", body);
    if (digitHead.isPresent()) {
      description.parameter("digit-head.branches", digitHead.get().branches().name());
      Learning.describe(description, "digit-head", digitHead.get().layers());
    }
    description.parameter("head", head.name());
    if (head == HeadKind.ARITHMETIC) {
      description.parameter("comparison", comparison.name());
    }
    Learning.describe(description, "tail", tail);
  }

  /** Returns the network in the trainer's words. */
  public Siamese siamese() {
    return new Siamese(
        image,
        Siamese.Branches.valueOf(branches.name()),
        body,
        digitHead.map(
            d -> new Siamese.DigitHead(d.layers(), Siamese.Branches.valueOf(d.branches().name()))),
        switch (head) {
          case LOGITS -> Head.LOGITS;
          case SOFTMAX -> Head.SOFTMAX;
          case ARGMAX -> Head.ARGMAX;
          case SOFT_ARITHMETIC -> Head.SOFT_ARITHMETIC;
          case ARITHMETIC ->
              comparison == ProtocolSpec.Comparison.LESS ? Head.STRICT_ARITHMETIC : Head.ARITHMETIC;
        },
        tail);
  }
}
