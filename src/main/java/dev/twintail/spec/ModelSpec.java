package dev.twintail.spec;

import dev.twintail.network.Loss;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.util.List;
import java.util.Optional;

/**
 * One model: a network, how it learns, and what is claimed of it.
 *
 * @param bodyName the body's name in the experiment
 * @param digitHeadName where the logits of the digit losses are not the body's outputs
 * @param tailName the tail's name in the experiment; empty for a head that compares by itself
 * @param loss its digit losses as the protocol has them
 * @param training of the siamese network: the experiment's, as far as the model does not differ
 * @param published the report's claims; none for a model beyond the report
 * @param remark what a reader of the tables must know of it, such as why it cannot be built as
 *     published; may be empty
 */
public record ModelSpec(
    String name,
    String bodyName,
    Optional<String> digitHeadName,
    Optional<String> tailName,
    SiameseNetwork network,
    Loss loss,
    TrainingConfig training,
    Optional<PretrainTailSpec> pretrainTail,
    Optional<PretrainBodySpec> pretrainBody,
    ProtocolSpec protocol,
    List<Published> published,
    Optional<String> remark)
    implements Experiment.Entrant {
  /**
   * @throws IllegalArgumentException if a part has layers and no name, or a name and no layers
   */
  public ModelSpec {
    published = List.copyOf(published);
    if (tailName.isPresent() != network.head().hasTail()) {
      throw new IllegalArgumentException(
          "Cannot build model " + name + ": every head but arithmetic ones has a tail");
    }
    if (digitHeadName.isPresent() != network.digitHead().isPresent()) {
      throw new IllegalArgumentException(
          "Cannot build model " + name + ": a digit head has a name and layers, or neither");
    }
  }

  /** Returns this model under another name. */
  public ModelSpec named(String other) {
    return new ModelSpec(
        other,
        bodyName,
        digitHeadName,
        tailName,
        network,
        loss,
        training,
        pretrainTail,
        pretrainBody,
        protocol,
        published,
        remark);
  }
}
