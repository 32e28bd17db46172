package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import java.util.List;
import java.util.Map;

/**
 * How well the actions behind a report are verified, by the records of the store that it is written
 * from.
 *
 * @param actions all of them
 * @param verified how many were computed again with the same bytes
 * @param disputed for how many other bytes came out somewhere
 * @param machines on which the same bytes came out
 * @param makers of the processors of these, as processors tell them
 */
public record Proof(int actions, int verified, int disputed, int machines, List<String> makers) {
  private static final Map<String, String> NAMES =
      Map.of("AuthenticAMD", "AMD", "GenuineIntel", "Intel");

  public Proof {
    makers = List.copyOf(makers);
  }

  /** How the badge looks. */
  enum ProofState {
    NONE,
    SAME,
    DISPUTED
  }

  ProofState standing() {
    if (disputed > 0) {
      return ProofState.DISPUTED;
    }
    return verified > 0 ? ProofState.SAME : ProofState.NONE;
  }

  /** Says it in a sentence. */
  String words() {
    String of = " of " + Chapters.counted(actions, "action");
    return switch (standing()) {
      case NONE -> "None" + of + " was recomputed yet, by the records of this store.";
      case SAME -> Decimal.grouped(verified) + of + " recomputed " + where() + ": the same bits.";
      case DISPUTED ->
          "For "
              + Decimal.grouped(disputed)
              + of
              + " other bits came out somewhere"
              + (verified > 0 ? "; " + Decimal.grouped(verified) + " had the same" : "")
              + ".";
    };
  }

  private String where() {
    String on = "on " + Chapters.counted(machines, "machine");
    List<String> names = makers.stream().map(m -> NAMES.getOrDefault(m, m)).toList();
    return names.size() < 2
        ? on
        : on + " of " + names.size() + " processor makes (" + String.join(", ", names) + ")";
  }
}
