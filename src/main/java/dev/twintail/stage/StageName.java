package dev.twintail.stage;

/**
 * The kinds of work in the pipeline, in the order in which they can depend on each other. The
 * version is raised by hand whenever the same inputs and parameters give other bytes.
 */
public enum StageName {
  /** Samples pairs of digits. */
  DATA_GEN("data-gen", 1),
  /** Trains a tail by itself on true classes. */
  PRETRAIN_TAIL("pretrain-tail", 1),
  /** Trains a body by itself on digits. */
  PRETRAIN_BODY("pretrain-body", 1),
  /** Trains the whole network. */
  TRAIN_SIAMESE("train-siamese", 1),
  /** Chooses the best setting of a sweep's step. */
  SELECT("select", 1),
  /** Predicts the test pairs and counts. */
  EVALUATE("evaluate", 2),
  /** Gathers evaluations and curves of all models and rounds. */
  RESULTS("results", 5);

  private final String label;
  private final int version;

  StageName(String label, int version) {
    this.label = label;
    this.version = version;
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
    return this != DATA_GEN && this != SELECT && this != RESULTS;
  }

  @Override
  public String toString() {
    return label;
  }
}
