package dev.twintail.cli;

import picocli.CommandLine.Option;

/** Whether a store is made where there is none: a name that was mistyped is none of a new store. */
final class CreateOption {
  @Option(
      names = "--create",
      description = {
        "Make the store that is written to if there is none. The default store is made without."
      })
  private boolean given;

  boolean isGiven() {
    return given;
  }
}
