package dev.twintail.cli;

import dev.twintail.action.MalformedException;
import dev.twintail.app.Results;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.app.WholeFile;
import dev.twintail.app.WrittenReport;
import dev.twintail.record.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code report}: everything that the store knows of an experiment, as a page for people. */
@Command(
    name = "report",
    description =
        "Writes the results as one page for a browser, with Markdown and SVG beside it; runs"
            + " nothing.")
final class ReportCommand extends StudyCommand {
  /** What the last run did: not part of the report, since it depends on the store. */
  private static final String RUN = "run.md";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to write into; made when needed, its files are replaced.")
  private Path output;

  @Option(
      names = "--as-run",
      paramLabel = "SPEC",
      description = "The authors' protocol. Default: NAME-as-run.yaml beside SPEC, if it is there.")
  private @Nullable Path asRun;

  @Override
  int call(Study study, Session session) throws Exception {
    WrittenReport report = session.report(study, asRunFile(study).flatMap(study::like), output);
    writeRun(session, report.results());
    out()
        .printf(
            Locale.ROOT,
            "%s: %,d bytes, SHA-256 %s%n%d files, report action %s, %s%n",
            report.page(),
            report.digest().size(),
            report.digest().sha256(),
            report.files(),
            report.key().sha256(),
            report.reused() ? "reused" : "executed");
    return ExitCode.OK;
  }

  private Optional<Path> asRunFile(Study study) {
    if (asRun != null) {
      if (Files.notExists(asRun)) {
        throw new UsageException("Cannot find the as-run protocol " + asRun + ": no such file");
      }
      return Optional.of(asRun);
    }
    return Optional.of(study.asRunFile()).filter(Files::exists);
  }

  /** Tells of the newest run of the experiment whose record can be read. */
  private void writeRun(Session session, Results results) throws IOException, InterruptedException {
    String experiment = results.study().experiment().name();
    List<String> ids = session.runs().ids();
    for (int i = ids.size() - 1; i >= 0; i--) {
      try {
        Optional<RunRecord> run = session.runs().find(ids.get(i));
        if (run.isPresent() && run.get().spec().equals(experiment)) {
          WholeFile.replace(output.resolve(RUN), RunNote.of(run.get(), results.verified()));
          return;
        }
      } catch (MalformedException e) {
        err().println("Run " + ids.get(i) + " is left out: " + e.getMessage());
      }
    }
    Files.deleteIfExists(output.resolve(RUN));
  }
}
