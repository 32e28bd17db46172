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
    for (int i = 0; i < evaluations.rows(); i++) {
      String learnt = evaluations.strings("learnt").get(i);
      if (!learnt.equals("learnt")) {
        idle.computeIfAbsent(evaluations.strings("model").get(i), m -> new LinkedHashMap<>())
            .computeIfAbsent(learnt, l -> new ArrayList<>())
            .add(
                evaluations.ints("round")[i]
                    + " ("
                    + Decimal.of(100 * evaluations.doubles("accuracy")[i], 1)
                    + ")");
      }
    }
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < summary.rows(); i++) {
      String model = summary.strings("model").get(i);
      if (idle.containsKey(model)) {
        List<String> reasons = new ArrayList<>();
        idle.get(model)
            .forEach((why, rounds) -> reasons.add(why + ": round " + String.join(", ", rounds)));
        notes.add(
            ("%s: %s of %s rounds did not learn (%s). The mean with them is %s, the"
                    + " median %s.")
                .formatted(
                    model,
                    summary.ints("idle")[i],
                    summary.ints("n")[i],
                    String.join("; ", reasons),
                    Decimal.of(100 * summary.doubles("mean")[i], 2),
                    Decimal.of(100 * summary.doubles("median")[i], 2)));
      }
    }
    return notes;
  }
}
