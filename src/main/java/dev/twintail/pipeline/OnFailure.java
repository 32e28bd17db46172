package dev.twintail.pipeline;

/** What a run does when an action fails. */
public enum OnFailure {
  /** Begins no other action, and keeps what those under way put out. */
  STOP,
  /** Goes on with all that does not depend on it, and fails in the end. */
  KEEP_GOING
}
