package dev.twintail.cli;

import dev.twintail.app.NoStoreException;
import dev.twintail.app.Session;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** Whether a store is made where there is none: a name that was mistyped is none of a new store. */
final class CreateOption {
  @Option(
      names = "--create",
      description = {
        "Make the store that is written to if there is none. The default store is made without; on"
            + " a terminal you are asked."
      })
  private boolean given;

  /**
   * Opens the store that is written to; asks, where somebody can answer, whether to make it.
   *
   * @throws NoStoreException if there is none, and none is to be made
   */
  Session open(Session.Builder builder, PrintWriter err) throws IOException {
    if (given) {
      return builder.creating().open();
    }
    try {
      return builder.open();
    } catch (NoStoreException e) {
      if (Question.isAnsweredYes(e.getMessage() + ". Make a new store there? [y/N] ", err)) {
        return builder.creating().open();
      }
      throw e;
    }
  }
}
