package dev.twintail.cli;

import dev.twintail.action.ActionName;
import dev.twintail.app.NoResultsException;
import dev.twintail.app.Results;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.app.WholeFile;
import dev.twintail.check.Case;
import dev.twintail.check.CheckReport;
import dev.twintail.check.JobSummary;
import dev.twintail.check.JudgedClaim;
import dev.twintail.check.JunitXml;
import dev.twintail.check.Suite;
import dev.twintail.check.VerdictJson;
import dev.twintail.check.Verdicts;
import dev.twintail.json.JsonObject;
import dev.twintail.plan.EnvironmentChange;
import dev.twintail.plan.LockChange;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.Plan;
import dev.twintail.report.SecondEngine;
import dev.twintail.spec.Experiment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code check}: are the results as they are known to be? */
@Command(
    name = "check",
    description = {
      "Compares the results with the verdicts and the lock file beside the spec; runs nothing.",
      "The verdicts are in NAME.verdicts.tsv; a lock file need not be there. Exits with "
          + ExitCode.NOT_REPRODUCED
          + " if a published number, a verdict or locked bytes are others than they were."
    },
    footer = {
      "twintail check vieli2021                      are the verdicts as they were?",
      "twintail check vieli2021 --junit check.xml --summary summary.md",
      "twintail check mine --accept                  from now on, these are right",
    })
final class CheckCommand extends StudyCommand {
  /** How many failures are told one by one; the files have them all. */
  private static final int SHOWN = 20;

  /** The kind of case that the lock file has. */
  private static final String LOCK = "lock";

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write JUnit XML: a case a published number, a case a locked action.")
  private @Nullable Path junit;

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "Write Markdown for the summary of a job, below 64 kB.")
  private @Nullable Path summary;

  @Option(names = "--verdict", paramLabel = "FILE", description = "Write JSON for programs.")
  private @Nullable Path verdict;

  @Option(
      names = "--accept",
      description = "Write the verdicts that there are into the file beside the spec.")
  private boolean accept;

  @Option(names = "--locked", description = "Fail if there is no lock file.")
  private boolean locked;

  /** Returns the command without what would be refused: verdicts are of whole experiments. */
  static CommandLine line() {
    CommandLine line = new CommandLine(new CheckCommand());
    CommandSpec spec = line.getCommandSpec();
    for (String name : List.of("--only", "--rounds")) {
      spec.remove(spec.findOption(name));
    }
    return line;
  }

  /** The lock beside the spec, if there is one. */
  private Optional<LockFile> lock = Optional.empty();

  @Override
  void prepare(Study study) throws IOException {
    lock =
        locked || Files.exists(study.lockFile())
            ? Optional.of(Locks.require(study, given()))
            : Optional.empty();
  }

  @Override
  int call(Study study, Session session) throws Exception {
    Results results = session.results(study);
    List<JudgedClaim> claims = JudgedClaim.of(results.published());
    Optional<String> open = openVerdicts(results);
    if (accept && open.isPresent()) {
      throw new NoResultsException("Cannot accept verdicts that are still open: " + open.get());
    }
    Verdicts expected = expected(claims, study);
    Map<Integer, String> waiting = new HashMap<>();
    results.open().ifPresent(o -> o.claims().forEach(i -> waiting.put(i, o.experiment())));
    List<Suite> suites = new ArrayList<>();
    suites.add(Suite.of("claims", name(study.verdictFile()), expected.compare(claims, waiting)));
    lock.ifPresent(l -> suites.add(suite(l, results.plan(), study)));
    SortedMap<String, String> digests = new TreeMap<>();
    results.digests().forEach((name, digest) -> digests.put(name, digest.sha256()));
    Experiment experiment = study.experiment();
    List<String> remarks = new ArrayList<>();
    open.ifPresent(words -> remarks.add(words + "."));
    results.secondEngine().map(SecondEngine::words).ifPresent(remarks::add);
    CheckReport report =
        new CheckReport(
            experiment.name(),
            study.title(),
            experiment.rounds(),
            claims,
            expected,
            suites,
            remarks,
            digests);
    write(report);
    open.ifPresent(words -> err().println(words));
    return tell(report, study);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** Returns the verdicts beside the spec, which are written first if that is asked for. */
  private Verdicts expected(List<JudgedClaim> claims, Study study) throws IOException {
    Path file = study.verdictFile();
    if (accept) {
      Verdicts found = Verdicts.of(claims);
      boolean same = WholeFile.keep(file, found.text());
      err()
          .println(
              file
                  + (same ? " holds" : ": written")
                  + ", "
                  + Counts.counted(found.size(), "claim"));
      return found;
    }
    if (Files.exists(file)) {
      Locks.requireFile(file);
      return Verdicts.read(file);
    }
    if (!claims.isEmpty()) {
      throw new UsageException(
          "Cannot compare with %s: no such file; make it with: %s"
              .formatted(file, Advice.ofVerdicts(study, given())));
    }
    return Verdicts.of(List.of());
  }

  /** Returns a case for each action of the lock, and one for each that it lacks. */
  private Suite suite(LockFile lock, Plan plan, Study study) {
    SortedMap<ActionName, List<String>> differences = new TreeMap<>();
    lock.entries().keySet().forEach(action -> differences.put(action, new ArrayList<>()));
    for (LockChange change : lock.differences(plan, LockFile.Coverage.WHOLE)) {
      differences
          .computeIfAbsent(change.action(), action -> new ArrayList<>())
          .add(Locks.words(change));
    }
    List<Case> cases = new ArrayList<>();
    differences.forEach((action, changes) -> cases.add(Case.of(action.toString(), "", changes)));
    SortedMap<String, String> properties = new TreeMap<>();
    EnvironmentChange.between(lock.environment(), plan.environment())
        .forEach(
            change ->
                properties.put("numeric environment, " + change.field(), Locks.values(change)));
    return new Suite(LOCK, name(study.lockFile()), cases, properties);
  }

  private void write(CheckReport report) throws IOException {
    if (junit != null) {
      WholeFile.replace(junit, JunitXml.of(report));
    }
    if (summary != null) {
      WholeFile.replace(summary, JobSummary.of(report));
    }
    if (verdict != null) {
      WholeFile.replace(verdict, VerdictJson.of(report));
    }
  }

  private static JsonObject json(CheckReport report) {
    return new JsonObject()
        .put("experiment", report.experiment())
        .put("rounds", report.rounds())
        .put("failed", report.failed())
        .put("verdicts", report.verdicts())
        .putEach("suites", report.suites(), CheckCommand::json);
  }

  private static JsonObject json(Suite suite) {
    return new JsonObject()
        .put("suite", suite.name())
        .put("file", suite.file())
        .put("cases", suite.cases().size())
        .putEach(
            "failures",
            suite.failures(),
            one ->
                new JsonObject().put("case", one.name()).put("failure", one.failure().orElse("")))
        .put("skipped", suite.skipped().size());
  }

  /** Tells what failed and returns the exit code. */
  private int tell(CheckReport report, Study study) {
    PrintWriter err = err();
    if (json().isGiven()) {
      json().print(json(report));
    } else {
      out()
          .println(
              report.title()
                  + ": "
                  + String.join("; ", report.suites().stream().map(Suite::words).toList()));
      out().flush();
    }
    if (report.failed() == 0) {
      return ExitCode.OK;
    }
    int left = SHOWN;
    for (Suite suite : report.suites()) {
      List<Case> failures = suite.failures();
      if (failures.isEmpty()) {
        continue;
      }
      err.println(
          "twintail: "
              + Advice.onDifferences(
                  Path.of(suite.file()),
                  failures.size(),
                  suite.name().equals(LOCK)
                      ? Advice.ofLock(study, given())
                      : Advice.ofVerdicts(study, given())));
      for (Case failure : failures.subList(0, Math.min(left, failures.size()))) {
        err.println("  " + failure.name() + ": " + failure.failure().orElse(""));
      }
      if (failures.size() > left) {
        err.println("  and " + (failures.size() - left) + " more");
      }
      left = Math.max(0, left - failures.size());
      suite.properties().forEach((name, value) -> err.println("  " + name + ": " + value));
    }
    return ExitCode.NOT_REPRODUCED;
  }
}
