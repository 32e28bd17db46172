package dev.twintail.pipeline;

import dev.twintail.action.NonReproducibleException;
import dev.twintail.record.Machine;
import java.util.Arrays;

/**
 * An action that failed somewhere while others went on.
 *
 * @param action its node index
 * @param kind what sort of failure it is
 * @param message in one line, with the host
 */
record ActionFailure(int action, FailureKind kind, String message) {
  static final String METRIC = "failures";

  /** What sort of failure matters to a run. */
  enum FailureKind {
    /** What it reads turned out missing or damaged, which another look mends. */
    LOST_BLOB("lost-blob"),
    /** It gave other bytes than are on record. */
    NON_REPRODUCIBLE("non-reproducible"),
    OTHER("other");

    private final String word;

    FailureKind(String word) {
      this.word = word;
    }

    private static FailureKind of(Throwable thrown) {
      if (thrown instanceof NonReproducibleException) {
        return NON_REPRODUCIBLE;
      }
      return thrown instanceof LostBlobException ? LOST_BLOB : OTHER;
    }

    private static FailureKind of(String word) {
      return Arrays.stream(values()).filter(k -> k.word.equals(word)).findFirst().orElse(OTHER);
    }
  }

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
    return action + " " + kind.word + " " + message;
  }

  /** Reads what {@link #text} writes. */
  static ActionFailure parse(String text) {
    String[] parts = text.split(" ", 3);
    return new ActionFailure(Integer.parseInt(parts[0]), FailureKind.of(parts[1]), parts[2]);
  }
}
