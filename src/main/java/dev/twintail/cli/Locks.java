package dev.twintail.cli;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.app.Installation;
import dev.twintail.app.Study;
import dev.twintail.app.WholeFile;
import dev.twintail.blob.Digest;
import dev.twintail.plan.EnvironmentChange;
import dev.twintail.plan.LockChange;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.Plan;
import dev.twintail.spec.ModelSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The lock files of a user's experiments. */
final class Locks {
  /** How many differences are told one by one. */
  private static final int SHOWN = 20;

  private Locks() {}

  /**
   * Returns the lock of the experiment.
   *
   * @throws UsageException if there is none, or if it is not about these rounds
   */
  static LockFile require(Study study, Given given) throws IOException {
    Path file = study.lockFile();
    if (!Files.exists(file)) {
      throw new UsageException(
          "Cannot compare with %s: no such file; make it with: %s"
              .formatted(file, Advice.ofLock(study, given)));
    }
    Optional<ModelSpec> renumbered = study.renumbered();
    if (renumbered.isPresent()) {
      throw new UsageException(
          "Cannot compare with %s: %s has %d tables, whose rounds have other numbers with --rounds;"
                  .formatted(file, renumbered.get().name(), renumbered.get().protocol().tables())
              + " leave it out");
    }
    LockFile lock = read(file);
    int asked = study.experiment().rounds();
    if (asked != study.roundsOfWhole() && asked > lock.rounds()) {
      throw new UsageException(
          "Cannot compare with %s: it has %d rounds at most, and --rounds %d asks for more; leave it out"
              .formatted(file, lock.rounds(), asked));
    }
    return lock;
  }

  /**
   * Reads a lock file that somebody has named.
   *
   * @throws UsageException if there is none
   */
  static LockFile read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UsageException("Cannot find the lock file " + file + ": no such file");
    }
    requireFile(file);
    try {
      return LockFile.read(file);
    } catch (MalformedException e) {
      throw new IOException(e.getMessage() + "; make it anew with --lock", e);
    }
  }

  /** Tells of a folder in the place of a file, of which Java tells no name. */
  static void requireFile(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("Cannot read " + file + ": it is a folder");
    }
  }

  static void write(LockFile lock, Study study, PrintWriter err) throws IOException {
    Path file = study.lockFile();
    boolean same = WholeFile.keep(file, lock.text());
    err.println(
        file
            + (same ? " holds" : ": written")
            + ", "
            + Counts.counted(lock.entries().size(), "action"));
  }

  /** Tells what differs and returns the exit code. */
  static int compare(LockFile lock, Plan plan, Study study, Given given, PrintWriter err) {
    List<LockChange> differences = lock.differences(plan, coverage(study));
    if (differences.isEmpty()) {
      err.println(study.lockFile() + " holds");
      return ExitCode.OK;
    }
    err.println(
        "twintail: "
            + Advice.onDifferences(
                study.lockFile(), differences.size(), Advice.ofLock(study, given)));
    differences.stream().limit(SHOWN).forEach(d -> err.println("  " + line(d)));
    if (differences.size() > SHOWN) {
      err.println("  and " + (differences.size() - SHOWN) + " more");
    }
    tellEnvironment(lock, plan.environment(), err);
    return ExitCode.NOT_REPRODUCED;
  }

  /** Tells in what this program's numeric environment is another than that of the lock. */
  static void tellEnvironment(LockFile lock, Map<String, String> here, PrintWriter err) {
    for (EnvironmentChange change : EnvironmentChange.between(lock.environment(), here)) {
      err.println("  the numeric environment differs: " + change.field() + ": " + values(change));
    }
  }

  /** Returns how much of the experiment is compared. */
  static LockFile.Coverage coverage(Study study) {
    return study.isPart() ? LockFile.Coverage.PART : LockFile.Coverage.WHOLE;
  }

  /** Returns what became of a field of the environment, such as {@code Haswell → Zen}. */
  static String values(EnvironmentChange change) {
    return change.there().orElse("nothing") + " → " + change.here().orElse("nothing");
  }

  /** Returns one line that names the action and tells what differs. */
  static String line(LockChange change) {
    return change.action() + ": " + words(change);
  }

  /** Returns what differs of an action. */
  static String words(LockChange change) {
    if (change instanceof LockChange.OtherBytes other) {
      String before = shown(other.locked());
      String after = shown(other.found());
      boolean alike = before.equals(after);
      return other.output()
          + ": "
          + (alike ? sized(other.locked()) + " → " + sized(other.found()) : before + " → " + after)
          + (other.sameKey() ? " (of the same key)" : "");
    }
    return change instanceof LockChange.NotLocked
        ? "is not in the lock"
        : "is in the lock and no more in the experiment";
  }

  /** Returns a digest in full, where its beginning is not all there is to tell. */
  private static String sized(Optional<Digest> digest) {
    return digest.map(d -> d.sha256() + ", " + d.size() + " bytes").orElse("nothing");
  }

  private static String shown(Optional<Digest> digest) {
    return digest.map(d -> d.abbreviated() + "…").orElse("nothing");
  }

  /** Returns the keys in these lock files and in those of the launcher's pipelines. */
  static Set<ActionKey> keys(List<Path> named) throws IOException {
    List<Path> files = new ArrayList<>(named);
    Path pipelines = Installation.pipelines();
    if (Files.isDirectory(pipelines)) {
      try (Stream<Path> found = Files.list(pipelines)) {
        found.filter(LockFile::isNamedLike).sorted().forEach(files::add);
      }
    }
    Set<ActionKey> keys = new TreeSet<>();
    for (Path file : files) {
      keys.addAll(read(file).keys());
    }
    return keys;
  }
}
