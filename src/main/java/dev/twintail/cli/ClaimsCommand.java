package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.check.ClaimPlace;
import dev.twintail.check.JudgedClaim;
import dev.twintail.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code claims}: what a report claims beside what comes out, in both protocols. */
@Command(
    name = "claims",
    description = "Writes a report's claims and what comes out of them as Markdown; runs nothing.",
    footer = {
      "twintail claims fu                            every published number beside ours",
      "twintail claims fu -o fu.md",
    })
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
    if (asRun == null && Files.notExists(file)) {
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
    String page = session.claims(study, original);
    if (json().isGiven()) {
      List<JudgedClaim> common = JudgedClaim.of(session.results(study, original).published());
      List<JudgedClaim> asRun = JudgedClaim.of(session.results(original).published());
      output.keep(page);
      json()
          .print(
              new JsonObject()
                  .put("experiment", study.experiment().name())
                  .put("asRun", original.experiment().name())
                  .putEach("common", common, ClaimsCommand::json)
                  .putEach("original", asRun, ClaimsCommand::json));
      return ExitCode.OK;
    }
    output.write(page, out());
    return ExitCode.OK;
  }

  private static JsonObject json(JudgedClaim claim) {
    ClaimPlace place = claim.found().place();
    return new JsonObject()
        .put("model", place.model())
        .put("split", place.split())
        .put("where", place.where())
        .put("number", place.number())
        .put("published", claim.found().mean())
        .put("mean", claim.mean())
        .putIfPresent("std", claim.std())
        .put("rounds", claim.rounds())
        .put("verdict", claim.found().verdict())
        .put("reason", claim.reason());
  }
}
