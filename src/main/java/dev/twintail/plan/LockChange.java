package dev.twintail.plan;

import dev.twintail.action.ActionName;
import dev.twintail.blob.Digest;
import java.util.Optional;

/** One thing in which actions are not as a lock file says. */
public sealed interface LockChange {
  ActionName action();

  /** The lock does not have the action. */
  record NotLocked(ActionName action) implements LockChange {}

  /** The lock has an action that the experiment has not. */
  record Gone(ActionName action) implements LockChange {}

  /**
   * An output is another one.
   *
   * @param output its name
   * @param locked its digest in the lock; empty if that has no such output
   * @param found its digest now; empty if there is no such output
   * @param sameKey whether it came of the same key nevertheless
   */
  record OtherBytes(
      ActionName action,
      String output,
      Optional<Digest> locked,
      Optional<Digest> found,
      boolean sameKey)
      implements LockChange {}
}
