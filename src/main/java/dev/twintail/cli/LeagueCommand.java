package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code league}: all models from best to worst, compared on the same pairs. */
@Command(
    name = "league",
    description = "Writes all models from best to worst as Markdown; runs nothing.")
final class LeagueCommand extends StudyCommand {
  @Mixin private OutputOption output;

  @Override
  int call(Study study, Session session) throws Exception {
    output.write(session.league(study), out());
    return ExitCode.OK;
  }
}
