package dev.twintail.pipeline;

import dev.twintail.plan.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Actions failed while all that does not depend on them went on and was kept. */
public final class FailedActionsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;

  /**
   * @param failures by node, in the order of the graph
   * @param waiting what was not executed since it depends on these
   * @param kept how many actions were executed and kept
   */
  static FailedActionsException of(
      SortedMap<Graph.Node, ActionFailure> failures, List<Graph.Node> waiting, long kept) {
    String them = failures.size() == 1 ? "it" : "them";
    List<String> lines = new ArrayList<>();
    lines.add(
        ("%s%s failed, %s depending on %s did not start, %s executed and kept; run"
                + " again to try %s anew")
            .formatted(
                failures.size(),
                failures.size() == 1 ? " action" : " actions",
                waiting.size(),
                them,
                kept,
                them));
    failures.forEach((node, failure) -> lines.add("  failed: " + node + ": " + failure.message()));
    waiting.forEach(node -> lines.add("  did not start: " + node));
    return new FailedActionsException(
        String.join("\n", lines),
        FailureKind.together(failures.values().stream().map(ActionFailure::kind).toList()));
  }

  private FailedActionsException(String message, FailureKind kind) {
    super(message);
    this.kind = kind;
  }

  /** Returns what sort of failure all of them are together. */
  public FailureKind kind() {
    return kind;
  }
}
