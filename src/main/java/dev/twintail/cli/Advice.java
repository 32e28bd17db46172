package dev.twintail.cli;

import dev.twintail.app.Remedy;
import dev.twintail.app.Results;
import dev.twintail.app.Study;
import dev.twintail.check.VerdictFileException;
import dev.twintail.data.DigitsUnavailableException;
import dev.twintail.plan.NotEnoughMemoryException;
import java.nio.file.Path;
import java.util.Optional;

/** What to do about a failure, in the words of the command line, where no command has its own. */
final class Advice {
  /** Where it is not known how much would do. */
  static final String ON_MEMORY =
      "use fewer --workers, or let it have more: TWINTAIL_JAVA_OPTS=-Xmx4g";

  private Advice() {}

  /**
   * Returns what to add to the message of a failure; nothing if it says all.
   *
   * @param given what the user asked for
   */
  static String after(Throwable failure, Given given) {
    if (failure instanceof DigitsUnavailableException) {
      return ": --data DIR";
    }
    if (failure instanceof VerdictFileException) {
      return "; make it anew with: twintail check " + given.study() + " --accept" + given.store();
    }
    if (failure instanceof NotEnoughMemoryException memory) {
      String fewer = memory.fitting() > 0 ? "use --workers " + memory.fitting() + ", or " : "";
      return "; "
          + fewer
          + "let it have more: TWINTAIL_JAVA_OPTS=-Xmx"
          + memory.neededMebibytes() * 11 / 10
          + "m";
    }
    Optional<Remedy> remedy =
        failure instanceof Remedy.KnownRemedy known ? known.remedy() : Optional.empty();
    return remedy.map(r -> "; " + of(r, given)).orElse("");
  }

  /** Returns which verdicts are open, and what closes them. */
  static String of(Results.OpenVerdicts open, Given given) {
    int count = open.claims().size();
    return count
        + (count == 1 ? " verdict rests" : " verdicts rest")
        + " on the tables of "
        + open.experiment()
        + open.original()
            .map(
                study ->
                    ", which the store lacks; make them with: twintail run "
                        + study.asNamed()
                        + given.store())
            .orElse(", which cannot be read; mend it first");
  }

  /** Returns what writes the lock file of an experiment, of which a part may be asked for. */
  static String ofLock(Study study, Given given) {
    return "twintail run " + study.wholeAsNamed() + " --lock" + given.store();
  }

  /** Returns what writes the verdicts of an experiment. */
  static String ofVerdicts(Study study, Given given) {
    return "twintail check " + study.wholeAsNamed() + " --accept" + given.store();
  }

  /**
   * Says that results are others than a file beside the spec tells.
   *
   * @param remedy the command that writes the file
   */
  static String onDifferences(Path file, int differences, String remedy) {
    return file
        + " does not hold: "
        + Counts.counted(differences, "difference")
        + "; if they are meant, renew it with: "
        + remedy;
  }

  static String of(Remedy remedy, Given given) {
    if (remedy instanceof Remedy.RunExperiment run) {
      return "execute them with: twintail run " + run.experiment() + given.store();
    }
    if (remedy instanceof Remedy.RunFirst run) {
      return "it holds nothing of this experiment: execute it with: twintail run "
          + run.experiment()
          + given.store();
    }
    if (remedy instanceof Remedy.RunAgain) {
      return "make it anew with: twintail run " + given.study() + given.store();
    }
    if (remedy instanceof Remedy.ListArtifacts list) {
      return "list what it holds with: twintail ls " + list.experiment() + given.store();
    }
    if (remedy instanceof Remedy.MakeStore) {
      return "name another, or have it made: run, push and pull do so with --create";
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
