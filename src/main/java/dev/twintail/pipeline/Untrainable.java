package dev.twintail.pipeline;

import dev.twintail.model.Trainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.stage.TrainSiamese;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Models of an experiment that a trainer cannot train.
 *
 * @param models in the order of the graph
 * @param lack why, in one line
 */
public record Untrainable(List<String> models, String lack) {
  public Untrainable {
    models = List.copyOf(models);
  }

  /** Returns all of those whose training is pending, by what the trainer lacks for them. */
  public static List<Untrainable> of(Plan plan, Trainer trainer) {
    Map<String, Set<String>> lacking = new LinkedHashMap<>();
    for (Graph.Node node : plan.pending()) {
      if (node.stage() instanceof TrainSiamese training) {
        training
            .refusal(trainer)
            .ifPresent(
                lack ->
                    lacking
                        .computeIfAbsent(lack, l -> new LinkedHashSet<>())
                        .addAll(node.models()));
      }
    }
    List<Untrainable> found = new ArrayList<>();
    lacking.forEach((lack, models) -> found.add(new Untrainable(List.copyOf(models), lack)));
    return List.copyOf(found);
  }

  /** Returns the models and why, in one line. */
  @Override
  public String toString() {
    return String.join(", ", models) + ": " + lack;
  }
}
