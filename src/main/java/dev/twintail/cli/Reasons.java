package dev.twintail.cli;

import dev.twintail.plan.Explainer;
import dev.twintail.plan.Explanation;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explanations of many actions for people: one line for all rounds of a model. */
final class Reasons {
  private Reasons() {}

  /**
   * Returns why actions have to be, or were, executed.
   *
   * @param plan in which the actions may be pending or, after the run, known
   */
  static List<String> of(List<Graph.Node> executed, Plan plan, Explainer explainer)
      throws IOException {
    Map<String, Integer> rounds = new LinkedHashMap<>();
    for (Graph.Node node : executed) {
      Explanation explanation = explainer.explainExecution(plan, node);
      for (String reason : explanation.reasons()) {
        rounds.merge(node.stage().name() + " " + node.label() + ": " + reason, 1, Integer::sum);
      }
    }
    return rounds.entrySet().stream()
        .map(e -> e.getKey() + (e.getValue() > 1 ? " (" + e.getValue() + " rounds)" : ""))
        .toList();
  }
}
