package dev.twintail.pipeline;

import dev.twintail.record.Machine;
import java.util.Arrays;
import java.util.Optional;

/**
 * Says where an action failed. It travels as suppressed exception of the failure, which so stays
 * what it is.
 */
final class FailurePlace extends Exception {
  private static final long serialVersionUID = 1L;

  private final int action;
  private final String host;

  private FailurePlace(int action, String host) {
    super("Action " + action + " failed on " + host, null, false, false);
    this.action = action;
    this.host = host;
  }

  /** Notes that an action failed on this machine. */
  static void note(int action, Exception failure) {
    failure.addSuppressed(new FailurePlace(action, Machine.current().host()));
  }

  /** Returns what {@link #note} has noted last. */
  static Optional<FailurePlace> of(Throwable failure) {
    return Arrays.stream(failure.getSuppressed())
        .filter(s -> s instanceof FailurePlace)
        .map(s -> (FailurePlace) s)
        .reduce((first, last) -> last);
  }

  /** Returns the index of the action's node. */
  int action() {
    return action;
  }

  String host() {
    return host;
  }
}
