package dev.twintail.pipeline;

import dev.twintail.action.Outcome;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;

/** Hears how a run goes on. Called by several threads at once. */
public interface RunListener {
  /** The graph was looked up; what is pending will be executed. */
  default void planned(Plan plan) {}

  default void started(Graph.Node node) {}

  default void finished(Graph.Node node, Outcome outcome) {}
}
