package dev.twintail.stage;

import java.util.Set;

/**
 * The kinds of work in the pipeline, in the order in which they can depend on each other. The
 * version is raised by hand whenever the same inputs and parameters give other bytes. This is the
 * one place where a stage is registered: pipeline, keys and the names of artifacts follow.
 */
public enum StageName {
  /** Samples pairs of digits. */
  DATA_GEN("data-gen", 1, Bits.OF_ANY_MACHINE, "datasets/{round}/"),
  /** Trains a tail by itself on true classes. */
  PRETRAIN_TAIL(
      "pretrain-tail", 1, Bits.OF_THE_ENGINE, "weights/{model}/{round}/pretrained-tail/", DATA_GEN),
  /** Trains a body by itself on digits. */
  PRETRAIN_BODY(
      "pretrain-body", 1, Bits.OF_THE_ENGINE, "weights/{model}/{round}/pretrained-body/", DATA_GEN),
  /** Trains the whole network. */
  TRAIN_SIAMESE(
      "train-siamese",
      1,
      Bits.OF_THE_ENGINE,
      "weights/{model}/{round}/",
      DATA_GEN,
      PRETRAIN_TAIL,
      PRETRAIN_BODY),
  /** Chooses the best setting of a sweep's step. */
  SELECT("select", 1, Bits.OF_ANY_MACHINE, "sweeps/{model}/", TRAIN_SIAMESE),
  /** Predicts the test pairs and counts. */
  EVALUATE(
      "evaluate", 2, Bits.OF_THE_ENGINE, "predictions/{model}/{round}/", DATA_GEN, TRAIN_SIAMESE),
  /** Gathers evaluations and curves of all models and rounds. */
  RESULTS("results", 5, Bits.OF_ANY_MACHINE, "results/", DATA_GEN, TRAIN_SIAMESE, SELECT, EVALUATE);

  private enum Bits {
    OF_ANY_MACHINE,
    OF_THE_ENGINE
  }

  private final String label;
  private final int version;
  private final Bits bits;
  private final String folder;

  @SuppressWarnings("ImmutableEnumChecker") // Made by Set.of.
  private final Set<StageName> reads;

  /**
   * @param bits what they depend on besides inputs and parameters
   * @param folder of the outputs, by model or sweep and by round
   * @param reads whose outputs it may read, besides those of its own kind
   */
  StageName(String label, int version, Bits bits, String folder, StageName... reads) {
    this.label = label;
    this.version = version;
    this.bits = bits;
    this.folder = folder;
    this.reads = Set.of(reads);
  }

  /** Returns the name in keys, provenance and on the screen. */
  public String label() {
    return label;
  }

  /**
   * Returns the version in keys, from 1. Raise it in the commit that lets the same inputs and
   * parameters give other bytes: actions of the old version are then computed anew, and their
   * results stay in stores beside the new ones. A test of pinned outputs fails until it is raised.
   */
  public int version() {
    return version;
  }

  /** Returns whether the bytes of the outputs depend on the trainer's numeric environment. */
  public boolean usesNativeMath() {
    return bits == Bits.OF_THE_ENGINE;
  }

  /** Returns the stages whose outputs it may read, besides those of its own kind. */
  public Set<StageName> reads() {
    return reads;
  }

  /**
   * Returns the folder of the outputs under the names for people; {@code {model}} is for the model
   * or sweep, {@code {round}} for the round.
   */
  public String folder() {
    return folder;
  }

  @Override
  public String toString() {
    return label;
  }
}
