package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a reader of means must know of the rounds behind them. */
public final class RoundNotes {
  private RoundNotes() {}

  /**
   * Names the rounds that did not learn, a line a model.
   *
   * @param summary {@code summary.arrow}
   * @param evaluations {@code evaluations.arrow}
   */
  public static List<String> of(Table summary, Table evaluations) {
    Map<String, Map<String, List<String>>> idle = new LinkedHashMap<>();
    for (TableRow row : TableRow.of(evaluations)) {
      String learnt = row.text("learnt");
      if (!learnt.equals("learnt")) {
        idle.computeIfAbsent(row.text("model"), m -> new LinkedHashMap<>())
            .computeIfAbsent(learnt, l -> new ArrayList<>())
            .add(row.whole("round") + " (" + Decimal.of(100 * row.number("accuracy"), 1) + ")");
      }
    }
    List<String> notes = new ArrayList<>();
    for (TableRow row : TableRow.of(summary)) {
      List<String> reasons = new ArrayList<>();
      idle.getOrDefault(row.text("model"), Map.of())
          .forEach((why, rounds) -> reasons.add(why + ": round " + String.join(", ", rounds)));
      if (!reasons.isEmpty()) {
        notes.add(
            "%s: %s of %s rounds did not learn (%s). The mean with them is %s, the median %s."
                .formatted(
                    row.text("model"),
                    row.whole("idle"),
                    row.whole("n"),
                    String.join("; ", reasons),
                    row.percent("mean"),
                    row.percent("median")));
      }
    }
    return notes;
  }
}
