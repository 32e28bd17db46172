package dev.twintail.pipeline;

import dev.twintail.record.Machine;

/**
 * An action that failed somewhere while others went on.
 *
 * @param action its node index
 * @param kind what sort of failure it is
 * @param message in one line, with the host
 */
record ActionFailure(int action, FailureKind kind, String message) {
  static final String METRIC = "failures";

  boolean isLostBlob() {
    return kind == FailureKind.LOST_BLOB;
  }

  static ActionFailure of(int action, Throwable thrown) {
    String message = String.valueOf(thrown.getMessage()).replaceAll("\\s+", " ");
    return new ActionFailure(
        action, FailureKind.of(thrown), message + " (on " + Machine.current().host() + ")");
  }

  /** Returns it as it travels. */
  String text() {
    return action + " " + kind.word() + " " + message;
  }

  /** Reads what {@link #text} writes. */
  static ActionFailure parse(String text) {
    String[] parts = text.split(" ", 3);
    return new ActionFailure(Integer.parseInt(parts[0]), FailureKind.of(parts[1]), parts[2]);
  }
}
