package dev.twintail.cli;

import dev.twintail.app.Remedy;
import dev.twintail.check.VerdictFileException;
import dev.twintail.data.DigitsUnavailableException;
import java.util.Optional;

/** What to do about a failure, in the words of the command line: all of them are here. */
final class Advice {
  private Advice() {}

  /** Returns what to add to the message of a failure; nothing if it says all. */
  static String after(Throwable failure) {
    if (failure instanceof DigitsUnavailableException) {
      return ": --data DIR";
    }
    if (failure instanceof VerdictFileException) {
      return "; make it anew with: twintail check --accept";
    }
    Optional<Remedy> remedy =
        failure instanceof Remedy.Known known ? known.remedy() : Optional.empty();
    return remedy.map(r -> "; " + of(r)).orElse("");
  }

  /** Returns what to do. */
  static String of(Remedy remedy) {
    if (remedy instanceof Remedy.Run run) {
      return "execute them with: twintail run " + run.experiment();
    }
    if (remedy instanceof Remedy.RunFirst run) {
      return "it holds nothing of this experiment: execute it with: twintail run "
          + run.experiment();
    }
    if (remedy instanceof Remedy.RunAgain) {
      return "make it anew with: twintail run";
    }
    if (remedy instanceof Remedy.ListArtifacts list) {
      return "list what it holds with: twintail ls " + list.experiment();
    }
    if (remedy instanceof Remedy.ReplaceFiles) {
      return "--force replaces it";
    }
    if (remedy instanceof Remedy.ChooseFolder) {
      return "remove it, or choose another folder by -o";
    }
    throw new IllegalArgumentException("Cannot word " + remedy);
  }
}
