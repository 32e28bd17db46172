package dev.twintail.cli;

import dev.twintail.record.RunRecord;
import dev.twintail.stage.StageName;
import dev.twintail.verify.VerifiedActions;

/** What one run executed and reused, and what was verified since, as Markdown. */
final class RunNote {
  private RunNote() {}

  static String of(RunRecord run, VerifiedActions verified) {
    StringBuilder text = new StringBuilder();
    text.append("# The last run of ").append(run.spec()).append(" in this store\n\n");
    text.append("Run `").append(run.id()).append("`, from ").append(run.started());
    text.append(" to ").append(run.ended()).append(", by Twintail ").append(run.programVersion());
    text.append(". This file is no part of the report: it tells of the store, not of the results.");
    text.append("\n\n| stage | executed | reused |\n|---|---:|---:|\n");
    for (StageName stage : StageName.values()) {
      RunRecord.Counts counts = run.counts().get(stage.label());
      if (counts != null) {
        text.append("| ").append(stage.label());
        text.append(" | ").append(counts.executed());
        text.append(" | ").append(counts.reused()).append(" |\n");
      }
    }
    text.append("\n## Verified\n\n");
    if (!verified.isAny()) {
      return text.append("Nothing was verified yet: `twintail verify`.\n").toString();
    }
    text.append(
        "How often the actions of a model were computed again with the same bytes: the least");
    text.append(" often done one counts, or how many of them were done at all.\n\n");
    text.append("| model | verified |\n|---|---:|\n");
    verified
        .byModel()
        .forEach(
            (model, standing) ->
                text.append("| ")
                    .append(model)
                    .append(" | ")
                    .append(Findings.text(standing))
                    .append(" |\n"));
    return text.toString();
  }
}
