package dev.twintail.spec;

import dev.twintail.layer.LayerList;
import java.util.List;
import java.util.Optional;

/**
 * One model: bodies that read the images, and a tail that compares their outputs.
 *
 * @param bodyName the body's name in the experiment
 * @param digitHead where the logits of the digit losses are not the body's outputs
 * @param tailName the tail's name in the experiment; empty for a head that compares by itself
 * @param tail empty for a head that compares by itself
 * @param training of the siamese network: the experiment's, as far as the model does not differ
 * @param published the report's claims; none for a model beyond the report
 * @param remark what a reader of the tables must know of it, such as why it cannot be built as
 *     published; may be empty
 */
public record ModelSpec(
    String name,
    String bodyName,
    LayerList body,
    Branches branches,
    Optional<DigitHead> digitHead,
    HeadKind head,
    Optional<String> tailName,
    LayerList tail,
    LossSpec loss,
    TrainingSpec training,
    Optional<PretrainTail> pretrainTail,
    Optional<PretrainBody> pretrainBody,
    ProtocolSpec protocol,
    List<Published> published,
    Optional<String> remark)
    implements Experiment.Row {
  public ModelSpec {
    published = List.copyOf(published);
    if (tailName.isPresent() != head.hasTail()) {
      throw new IllegalArgumentException(
          "Cannot build model " + name + ": every head but arithmetic ones has a tail");
    }
  }

  /**
   * Returns the number of parameters as the reports count them: shared and tied weights once, the
   * auxiliary heads included, and so are weights that are shared by accident.
   */
  public int parameters() {
    int heads = digitHead.map(h -> count(h.branches(), h.layers())).orElse(0);
    return count(branches, body) + heads + tail.parameters();
  }

  private static int count(Branches branches, LayerList list) {
    int own = list.parameters();
    return branches == Branches.SEPARATE ? 2 * own - list.sharedParameters() : own;
  }

  /** Returns this model under another name. */
  public ModelSpec named(String other) {
    return new ModelSpec(
        other,
        bodyName,
        body,
        branches,
        digitHead,
        head,
        tailName,
        tail,
        loss,
        training,
        pretrainTail,
        pretrainBody,
        protocol,
        published,
        remark);
  }
}
