package dev.twintail.record;

import java.time.Instant;

/** What is on record of a run, whether it came to its end or not. */
public sealed interface RunEntry permits Attempt, RunRecord {
  /** Returns the id of the run, from {@link RunRecord#newId}. */
  String id();

  /** Returns the experiment's name. */
  String spec();

  /** Returns the version of the program. */
  String programVersion();

  /** Returns when the run began. */
  Instant started();

  /** Returns when it ended. */
  Instant ended();

  /** Returns the machine's name. */
  String host();

  /** Returns how many actions could run at once. */
  int workers();
}
