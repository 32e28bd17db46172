package dev.twintail.pipeline;

import dev.twintail.action.Outcome;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;

/**
 * Hears how a run goes on. {@code planned} comes first, and again whenever a sweep let the graph
 * grow; then, for each action that is pending, {@code started} and, unless it fails, {@code
 * finished}. The latter two are called by several threads at once, those that do the work: what
 * takes long here delays it, and what is thrown here fails the action.
 */
public interface RunListener {
  /** The graph was looked up; what is pending will be executed. */
  default void planned(Plan plan) {}

  default void started(Graph.Node node) {}

  default void finished(Graph.Node node, Outcome outcome) {}

  /**
   * An action failed on another machine, which ends the run.
   *
   * @param host the machine
   */
  default void failedElsewhere(Graph.Node node, String host) {}
}
