package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code claims}: what a report claims beside what comes out, in both protocols. */
@Command(
    name = "claims",
    description = "Writes a report's claims and what comes out of them as Markdown; runs nothing.")
final class ClaimsCommand extends StudyCommand {

  @Option(
      names = "--as-run",
      paramLabel = "SPEC",
      description = "The authors' protocol. Default: NAME-as-run.yaml beside SPEC.")
  private @Nullable Path asRun;

  @Mixin private OutputOption output;

  @SuppressWarnings("NullAway.Init") // By prepare().
  private Study original;

  @Override
  void prepare(Study study) {
    Path file = asRun == null ? study.asRunFile() : asRun;
    if (Files.notExists(file)) {
      throw new UsageException(
          "Cannot find the as-run protocol " + file + ": name it with --as-run");
    }
    original =
        study
            .like(file)
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot compare with " + file + ": it has none of these models"));
  }

  @Override
  int call(Study study, Session session) throws Exception {
    output.write(session.claims(study, original), out());
    return ExitCode.OK;
  }
}
