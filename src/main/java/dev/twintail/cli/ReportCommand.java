package dev.twintail.cli;

import dev.twintail.action.MalformedException;
import dev.twintail.app.OutputFolder;
import dev.twintail.app.Report;
import dev.twintail.app.Results;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.json.JsonObject;
import dev.twintail.record.RunRecord;
import dev.twintail.report.RunPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code report}: everything that the store knows of an experiment, as a page for people. */
@Command(
    name = "report",
    description =
        "Writes the results as one page for a browser, with Markdown, SVG, Arrow and CSV beside it;"
            + " runs nothing.",
    footer = {
      "twintail report vieli2021                     into report/vieli2021",
      "twintail report vieli2021 --open              and shows it in your browser",
      "twintail report vieli2021 -o report           the page is report/index.html",
    })
final class ReportCommand extends StudyCommand {
  /** How many runs are looked through for the newest one that executed anything. */
  private static final int LATEST = 100;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "The folder to write into; made when needed. An earlier report in it is replaced. Default:"
              + " report/NAME, the experiment's name.")
  private @Nullable Path output;

  @Option(names = "--open", description = "Show the page in the browser.")
  private boolean open;

  @Option(names = "--force", description = "Replace files that hold something else.")
  private boolean force;

  @Option(
      names = "--as-run",
      paramLabel = "SPEC",
      description = "The authors' protocol. Default: NAME-as-run.yaml beside SPEC, if it is there.")
  private @Nullable Path asRun;

  @Override
  void check() {
    if (open && json().isGiven()) {
      throw new UsageException("Cannot show the page to a program: leave --open or --json out");
    }
  }

  @Override
  int call(Study study, Session session) throws Exception {
    Report report = session.report(study, asRunFile(study).flatMap(study::like));
    Path folder = output == null ? Path.of("report", study.experiment().name()) : output;
    Path page =
        report.write(
            force ? OutputFolder.replacing(folder) : OutputFolder.keeping(folder),
            run(session, report.results()));
    if (json().isGiven()) {
      json()
          .print(
              new JsonObject()
                  .put("page", page.toString())
                  .put("sha256", report.digest().sha256())
                  .put("size", report.digest().size())
                  .put("files", report.files().keySet())
                  .put("action", report.key().sha256())
                  .put("reused", report.reused()));
      return ExitCode.OK;
    }
    out()
        .printf(
            Locale.ROOT,
            "%s: %,d bytes, SHA-256 %s%n%d files, report action %s, %s%n",
            page,
            report.digest().size(),
            report.digest().sha256(),
            report.files().size(),
            report.key().sha256(),
            report.reused() ? "reused" : "executed");
    if (open) {
      out().flush();
      Browser.show(page);
    }
    return ExitCode.OK;
  }

  private Optional<Path> asRunFile(Study study) {
    return asRun == null
        ? Optional.of(study.asRunFile()).filter(Files::exists)
        : Optional.of(asRun);
  }

  /**
   * Tells of the newest run of the experiment whose record can be read: not part of the report,
   * since it depends on the store.
   */
  private Map<String, byte[]> run(Session session, Results results)
      throws IOException, InterruptedException {
    String experiment = results.study().experiment().name();
    List<String> ids = session.runs().ids();
    Optional<RunRecord> last = Optional.empty();
    Optional<RunRecord> worked = Optional.empty();
    for (int i = ids.size() - 1; i >= Math.max(0, ids.size() - LATEST) && worked.isEmpty(); i--) {
      try {
        Optional<RunRecord> run =
            session.runs().find(ids.get(i)).filter(r -> r.spec().equals(experiment));
        last = last.or(() -> run);
        worked =
            run.filter(
                r -> r.steps().stream().anyMatch(s -> s.status() == RunRecord.Status.EXECUTED));
      } catch (MalformedException e) {
        err().println("Run " + ids.get(i) + " is left out: " + e.getMessage());
      }
    }
    return Map.of(
        RunPage.PAGE,
        last.isEmpty()
            ? RunNote.none(experiment, results.verified())
            : RunNote.of(last.get(), worked.orElse(last.get()), session, results.verified()));
  }
}
