package dev.twintail.plan;

import dev.twintail.action.ActionName;
import dev.twintail.action.ActionName.NamePart;
import dev.twintail.record.RunRecord;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An action of an earlier run.
 *
 * @param run how many runs are newer
 * @param spec the name of the run's experiment
 */
record EarlierStep(int run, String spec, RunRecord.Step step) {

  /** Returns whether a node is of the same model, candidate or step of a sweep. */
  boolean isOf(Graph.Node node) {
    Set<String> owners = owners(step);
    return node.names().stream().map(EarlierStep::owner).anyMatch(owners::contains);
  }

  /** Returns all that an action is of: each model by its name, the first candidate by its own. */
  static Set<String> owners(RunRecord.Step step) {
    Set<String> owners = new LinkedHashSet<>();
    owners.add(owner(step.action()));
    if (step.action().round().isPresent()) {
      owners.addAll(step.models());
    }
    return owners;
  }

  /** Returns what an action is of, whatever the round. */
  static String owner(ActionName name) {
    return name.part()
        .map(part -> part instanceof NamePart.StepPart ? part.toString() : part.of())
        .orElse("");
  }
}
