package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.plan.Plan;
import dev.twintail.report.ClaimsPage;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.Published;
import dev.twintail.stage.CollectResults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An experiment in one protocol, and what the store holds of it.
 *
 * @param arguments what names it in a command
 */
record Protocol(Experiment experiment, Plan plan, String arguments) {
  /** Returns whether the results are all there. */
  boolean isDone() {
    return plan.graph().results().flatMap(plan::known).isPresent();
  }

  /**
   * Returns the manifest of the results.
   *
   * @throws NoResultsException if they are not all there
   */
  Manifest results() {
    return Results.manifest(plan, arguments);
  }

  /** Returns the models' words; one that a sweep chose has only those of its claims. */
  List<ClaimsPage.Model> words() {
    return Results.rows(plan).stream().map(this::words).toList();
  }

  /** Returns the words of one of the models. */
  ClaimsPage.Model words(CollectResults.Row row) {
    Map<String, String> remarks = new LinkedHashMap<>();
    for (Published claim : row.published()) {
      claim.remark().ifPresent(remark -> remarks.put(claim.where(), remark));
    }
    String remark =
        experiment.models().stream()
            .filter(m -> m.name().equals(row.model()))
            .findFirst()
            .flatMap(ModelSpec::remark)
            .orElse("");
    return new ClaimsPage.Model(row.model(), row.parameters(), remark, remarks);
  }
}
