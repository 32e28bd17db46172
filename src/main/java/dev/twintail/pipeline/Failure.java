package dev.twintail.pipeline;

import dev.twintail.record.Machine;

/**
 * An action that failed somewhere while others went on.
 *
 * @param action its node index
 * @param type name of the exception's class
 * @param message in one line, with the host
 */
record Failure(int action, String type, String message) {
  static final String METRIC = "failures";

  boolean isLostBlob() {
    return type.equals(LostBlobException.class.getName());
  }

  static Failure of(int action, Throwable thrown) {
    String message = String.valueOf(thrown.getMessage()).replaceAll("\\s+", " ");
    return new Failure(
        action, thrown.getClass().getName(), message + " (on " + Machine.current().host() + ")");
  }

  /** Returns it as it travels. */
  String text() {
    return action + " " + type + " " + message;
  }

  /** Reads what {@link #text} writes. */
  static Failure parse(String text) {
    String[] parts = text.split(" ", 3);
    return new Failure(Integer.parseInt(parts[0]), parts[1], parts[2]);
  }
}
