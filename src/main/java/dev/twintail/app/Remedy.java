package dev.twintail.app;

import java.util.Optional;

/** What helps against a failure. Whoever tells of the failure has the words, such as a command. */
public sealed interface Remedy {
  /** Execute what is pending of an experiment; the argument names it in a command. */
  record RunExperiment(String experiment) implements Remedy {}

  /** Execute an experiment of which nothing is there. */
  record RunFirst(String experiment) implements Remedy {}

  /** Execute again what was there before. */
  record RunAgain() implements Remedy {}

  /** Look at the names of the artifacts that are there. */
  record ListArtifacts(String experiment) implements Remedy {}

  /** Have files replaced that hold something else. */
  record ReplaceFiles() implements Remedy {}

  /** Name another store, or have one made here. */
  record MakeStore() implements Remedy {}

  /** Remove what is in the way, or choose another folder. */
  record ChooseFolder() implements Remedy {}

  /** A failure that knows what helps against it; its message does not tell. */
  interface KnownRemedy {
    Optional<Remedy> remedy();
  }
}
