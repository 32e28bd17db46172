package dev.twintail.app;

import dev.twintail.plan.Graph;
import dev.twintail.record.RunRecord;
import java.util.List;

/**
 * What a run did.
 *
 * @param record as the store has it
 * @param executed the actions that were executed, in the order of the graph
 */
public record RunReport(RunRecord record, List<Graph.Node> executed, Results results) {
  public RunReport {
    executed = List.copyOf(executed);
  }
}
