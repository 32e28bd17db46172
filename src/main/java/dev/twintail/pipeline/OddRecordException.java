package dev.twintail.pipeline;

import dev.twintail.blob.Digest;
import java.io.IOException;

/** A record names, as what an action put out, a blob that it cannot have put out. */
final class OddRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int action;
  private final String output;
  private final String blob;

  /**
   * @param action the index of the node whose record it is
   * @param name of the action
   */
  OddRecordException(int action, String name, String output, Digest blob, String why) {
    super(
        ("Cannot read %s of %s, blob %s…: %s; its record was put aside: run again to"
                + " make it anew")
            .formatted(output, name, blob.abbreviated(), why));
    this.action = action;
    this.output = output;
    this.blob = blob.abbreviated();
  }

  int action() {
    return action;
  }

  /** Returns what is wrong with the record. */
  String finding() {
    return "it names blob " + blob + "… as " + output;
  }
}
