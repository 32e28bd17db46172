package dev.twintail.plan;

import java.util.List;

/**
 * Why an action is pending or was executed.
 *
 * @param kind what sort of reason it is
 * @param reasons one line each, such as {@code loss.digit: 0.6 → 0.7}; for a reused action, empty
 */
public record Explanation(Graph.Node node, Kind kind, List<String> reasons) {
  /** What sort of reason there is. */
  public enum Kind {
    /** Its result is there. */
    REUSED,
    /** What it is made of differs from what earlier runs had. */
    CHANGED,
    /** It reads what is not there yet, so its key is not known. */
    WAITS,
    /** The same action was executed before, but its result is missing or damaged. */
    LOST,
    /** No earlier run had such an action. */
    NEW
  }

  public Explanation {
    reasons = List.copyOf(reasons);
  }
}
