package dev.twintail.report;

import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands below the results in a terminal: the counted verdicts, and what to know of them. */
public final class ResultNotes {
  private ResultNotes() {}

  /**
   * Returns the lines.
   *
   * @param remark on all claims; may be empty
   * @param remarks of claims, by model and place
   */
  public static List<String> of(
      Table summary,
      Table evaluations,
      Table published,
      Optional<String> remark,
      Map<String, Map<ClaimsPage.ClaimedPlace, String>> remarks) {
    List<String> lines = new ArrayList<>();
    ClaimCounts counts = ClaimCounts.of(published);
    if (counts.total() > 0) {
      lines.add(
          counts.total()
              + (counts.total() == 1 ? " published number: " : " published numbers: ")
              + counts.words()
              + ".");
      if (counts.byVerdict().containsKey("reproduced")) {
        lines.add("Reproduced: shown to be within 2 points (TOST, 5 % each side).");
      }
      if (counts.byVerdict().containsKey("consistent")) {
        lines.add("Consistent: where one more mean of this procedure would be, with 95 %.");
      }
      remark.ifPresent(text -> lines.add("Of all: " + text + "."));
    }
    for (TableRow row : TableRow.of(published)) {
      String where = row.text("where");
      String ofClaim =
          remarks
              .getOrDefault(row.text("model"), Map.of())
              .getOrDefault(new ClaimsPage.ClaimedPlace(row.text("split"), where), "");
      boolean judged = !row.text("verdict").equals("other conditions");
      String words =
          (judged ? "" : row.text("reason") + " ")
              + (ofClaim.isEmpty() ? "" : "Of the claim: " + ofClaim + ".");
      if (!words.isBlank()) {
        String split = row.text("split").equals("train") ? ", training pairs" : "";
        lines.add(row.text("model") + " (" + where + split + "): " + words.strip());
      }
    }
    lines.addAll(RoundNotes.of(summary, evaluations));
    return lines;
  }
}
