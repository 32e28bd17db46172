package dev.twintail.record;

import dev.twintail.action.MalformedException;
import dev.twintail.blob.Blob;
import java.time.Instant;

/**
 * A run that did not come to its end. What it finished is in the store all the same, and the next
 * run reuses it; so nothing depends on this record, which is for people.
 *
 * @param id of the run
 * @param spec the experiment's name
 * @param programVersion the version of the program
 * @param started when the run began
 * @param ended when it ended
 * @param host the machine's name
 * @param workers how many actions could run at once
 * @param ending how it ended
 * @param message why, in one line; empty if nothing is known
 */
public record Attempt(
    String id,
    String spec,
    String programVersion,
    Instant started,
    Instant ended,
    String host,
    int workers,
    Ending ending,
    String message)
    implements RunEntry {
  private static final int SCHEMA = 1;

  /** How a run ended before its end. */
  public enum Ending {
    FAILED("failed"),
    INTERRUPTED("interrupted");

    private final String word;

    Ending(String word) {
      this.word = word;
    }

    private static Ending of(String word) {
      for (Ending ending : values()) {
        if (ending.word.equals(word)) {
          return ending;
        }
      }
      throw new IllegalArgumentException("'" + word + "' is no ending");
    }

    @Override
    public String toString() {
      return word;
    }
  }

  Blob toJson() {
    return JsonFields.blob(
        JsonFields.head(SCHEMA, this).put("ending", ending.word).put("message", message));
  }

  /**
   * Reads what {@link #toJson} writes.
   *
   * @throws MalformedException if a field is missing or has an impossible value
   */
  public static Attempt parse(byte[] bytes) throws MalformedException {
    return JsonFields.read(bytes, "record of an attempt", Attempt::of);
  }

  private static Attempt of(JsonFields fields) {
    if (fields.integer("schema") != SCHEMA) {
      throw new IllegalArgumentException("its schema is unknown");
    }
    return new Attempt(
        fields.text("id"),
        fields.text("spec"),
        fields.text("programVersion"),
        fields.instant("started"),
        fields.instant("ended"),
        fields.text("host"),
        fields.integer("workers"),
        Ending.of(fields.text("ending")),
        fields.text("message"));
  }
}
