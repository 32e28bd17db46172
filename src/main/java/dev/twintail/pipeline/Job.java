package dev.twintail.pipeline;

import dev.twintail.plan.Choices;
import java.io.Serializable;

/**
 * What a function of the pipeline carries to whoever executes it.
 *
 * @param run id of the run
 * @param pass counts the pipelines of the run: each decision of a sweep lets the graph grow
 * @param site where to find what actions work with
 * @param choices what the sweeps have decided
 * @param slots how many actions a JVM executes at once; 0 for one a processor
 * @param failures what becomes of the others when an action fails
 */
record Job(String run, int pass, WorkSite site, Choices choices, int slots, OnFailure failures)
    implements Serializable {
  private static final long serialVersionUID = 1L;
}
