package dev.twintail.pipeline;

import dev.twintail.action.NonReproducibleException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;

/** What sort of failure matters to a run, and to who started it. */
public enum FailureKind {
  /** What an action reads turned out missing or damaged, which another look mends. */
  LOST_BLOB("lost-blob"),
  /** It gave other bytes than are on record. */
  NON_REPRODUCIBLE("non-reproducible"),
  /** The store, or a file, could not be read or written. */
  STORE("store"),
  /** Any other. */
  OTHER("other");

  private final String word;

  FailureKind(String word) {
    this.word = word;
  }

  static FailureKind of(Throwable thrown) {
    if (thrown instanceof NonReproducibleException) {
      return NON_REPRODUCIBLE;
    }
    if (thrown instanceof LostBlobException) {
      return LOST_BLOB;
    }
    return thrown instanceof IOException ? STORE : OTHER;
  }

  static FailureKind of(String word) {
    return Arrays.stream(values()).filter(k -> k.word.equals(word)).findFirst().orElse(OTHER);
  }

  /** Returns what failures are together: other bytes tell most, and the store's fault least. */
  static FailureKind together(Collection<FailureKind> kinds) {
    if (kinds.contains(NON_REPRODUCIBLE)) {
      return NON_REPRODUCIBLE;
    }
    return kinds.contains(OTHER) ? OTHER : STORE;
  }

  /** Returns it as it travels. */
  String word() {
    return word;
  }
}
