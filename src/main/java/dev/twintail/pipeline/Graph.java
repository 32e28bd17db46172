package dev.twintail.pipeline;

import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.GenerateData;
import dev.twintail.stage.Stage;
import dev.twintail.stage.TrainSiamese;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The static graph of an experiment's actions. Equal stages are one node, whatever models need
 * them. Nodes are numbered so that every node comes after those it reads.
 */
public final class Graph {
  private final Map<Stage, Node> nodes = new LinkedHashMap<>();
  private final Node results;

  /**
   * One action.
   *
   * @param index position in {@link Graph#nodes}
   * @param models the models that need it, in the order of the spec
   */
  public record Node(int index, Stage stage, Set<String> models) {
    /** Returns whom the action is for: a model, or how many of them. */
    public String label() {
      return models.size() == 1 ? models.iterator().next() : models.size() + " models";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Node node && node.index == index;
    }

    @Override
    public int hashCode() {
      return index;
    }

    @Override
    public String toString() {
      String round = stage.round() == 0 ? "" : " round " + stage.round();
      return stage.name() + " " + label() + round;
    }
  }

  private Graph(Experiment experiment) {
    List<CollectResults.Row> rows = new ArrayList<>();
    for (ModelSpec model : experiment.models()) {
      List<Evaluate> evaluations = new ArrayList<>();
      for (int round = 1; round <= experiment.rounds(); round++) {
        GenerateData data = new GenerateData(experiment.data(), experiment.seed(), round);
        evaluations.add(new Evaluate(TrainSiamese.of(model, data)));
      }
      rows.add(
          new CollectResults.Row(model.name(), model.parameters(), model.published(), evaluations));
      evaluations.forEach(e -> add(e, model.name()));
    }
    CollectResults collect = new CollectResults(rows);
    Set<String> models = new LinkedHashSet<>();
    experiment.models().forEach(m -> models.add(m.name()));
    results = new Node(nodes.size(), collect, models);
    nodes.put(collect, results);
  }

  /** Returns the graph of all models and rounds of {@code experiment}. */
  public static Graph of(Experiment experiment) {
    return new Graph(experiment);
  }

  private void add(Stage stage, String model) {
    Node known = nodes.get(stage);
    if (known != null && known.models().contains(model)) {
      return;
    }
    for (Stage.Input input : stage.inputs().values()) {
      if (input instanceof Stage.Input.OutputOf output) {
        add(output.stage(), model);
      }
    }
    nodes
        .computeIfAbsent(stage, s -> new Node(nodes.size(), s, new LinkedHashSet<>()))
        .models()
        .add(model);
  }

  /** Returns all nodes, each after those it reads. */
  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /** Returns the node that gathers all results. */
  public Node results() {
    return results;
  }

  Node node(Stage stage) {
    Node node = nodes.get(stage);
    if (node == null) {
      throw new IllegalArgumentException("Cannot find the stage " + stage.name() + " in the graph");
    }
    return node;
  }
}
