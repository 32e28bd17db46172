package dev.twintail.plan;

import dev.twintail.action.ActionName;
import dev.twintail.spec.AuthorsChoice;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.Published;
import dev.twintail.spec.SweepSpec;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.JudgedSearch;
import dev.twintail.stage.Scope;
import dev.twintail.stage.SelectSetting;
import dev.twintail.stage.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The static graph of an experiment's actions. Equal stages are one node, whatever models need
 * them. Nodes are numbered so that every node comes after those it reads.
 */
public final class Graph {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Stage, Node> byEquality = new HashMap<>();
  // Stages nest, so that hashing one is not cheap; each instance is hashed once.
  private final IdentityHashMap<Stage, Node> byIdentity = new IdentityHashMap<>();
  private final Choices choices;
  private final @Nullable Node results;

  /**
   * One action.
   *
   * @param index position in {@link Graph#nodes}
   * @param reads the actions whose outputs it reads, once for each input
   * @param models the models or sweeps that need it, in the order of the spec
   * @param names all its names: one for each model or candidate of a sweep that needs it; no other
   *     action of the graph has any of them
   */
  public record Node(
      int index, Stage stage, List<Node> reads, Set<String> models, Set<ActionName> names) {
    /** Returns the first of the names, which stays when models are added at the end. */
    public ActionName name() {
      return names.iterator().next();
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
      return name().toString();
    }
  }

  private Graph(Experiment experiment, Choices choices) {
    this.choices = choices;
    List<JudgedSearch> searches = new ArrayList<>();
    for (SweepSpec sweep : experiment.sweeps()) {
      searches.add(addSweep(experiment, sweep, choices.of(sweep)));
    }
    List<CollectResults.ResultRow> rows = new ArrayList<>();
    Experiment chosen = experiment.choosing(choices.bySweep());
    for (ModelSpec model : chosen.models()) {
      List<Evaluate> evaluations = new ArrayList<>();
      for (int round = 1; round <= experiment.roundsOf(model); round++) {
        Evaluate evaluate =
            Evaluate.of(
                model, experiment.data(), experiment.seed(), round, experiment.firstOfTable(round));
        evaluations.add(evaluate);
        add(evaluate, model.name(), model.name());
      }
      rows.add(
          new CollectResults.ResultRow(
              model.name(),
              model.network().parameters(),
              model.published(),
              model.protocol().deviation(),
              model.protocol().shared(),
              model.protocol().tables(),
              evaluations));
    }
    if (choices.complete(experiment)) {
      CollectResults collect =
          new CollectResults(
              rows,
              searches,
              experiment.records(),
              CollectResults.Tests.of(
                  experiment.seed(), experiment.data(), experiment.factorials()));
      Set<String> models = new LinkedHashSet<>();
      chosen.models().forEach(m -> models.add(m.name()));
      results =
          new Node(
              nodes.size(),
              collect,
              reads(collect, this::require),
              models,
              Set.of(ActionName.ofAll(collect.name().label())));
      nodes.add(results);
      byIdentity.put(collect, results);
    } else {
      results = null;
    }
  }

  /**
   * Adds the trials of the steps that were decided, and of the one that is next. Each is evaluated
   * on test pairs, too; that is for the results, and no choice reads it.
   */
  private JudgedSearch addSweep(Experiment experiment, SweepSpec sweep, List<Integer> won) {
    List<JudgedSearch.JudgedStep> steps = new ArrayList<>();
    int next = Math.min(won.size() + 1, sweep.steps().size());
    for (int step = 0; step < next; step++) {
      List<ModelSpec> models = sweep.trials(won.subList(0, step));
      List<SweepSpec.Candidate> settings = sweep.tried(won.subList(0, step));
      List<SelectSetting.Trial> trials = new ArrayList<>();
      List<JudgedSearch.JudgedTrial> judged = new ArrayList<>();
      for (int i = 0; i < models.size(); i++) {
        List<Evaluate> evaluations = new ArrayList<>();
        for (int round = 1; round <= sweep.rounds(); round++) {
          Evaluate evaluate =
              Evaluate.of(models.get(i), experiment.data(), experiment.seed(), round);
          evaluations.add(evaluate);
          add(evaluate, sweep.name(), trial(sweep, step, i));
        }
        trials.add(
            new SelectSetting.Trial(
                sweep.steps().get(step).get(i).text(),
                evaluations.stream().map(Evaluate::training).toList()));
        judged.add(
            new JudgedSearch.JudgedTrial(
                settings.get(i).text(),
                sweep.isOfAuthors(settings.get(i))
                    ? JudgedSearch.TrialOrigin.AUTHORS
                    : JudgedSearch.TrialOrigin.OURS,
                evaluations));
      }
      SelectSetting select = new SelectSetting(sweep.name(), step, trials);
      add(select, sweep.name(), sweep.name());
      steps.add(new JudgedSearch.JudgedStep(select, judged));
    }
    return new JudgedSearch(
        sweep.name(),
        steps,
        sweep
            .authors()
            .map(
                choice ->
                    new JudgedSearch.TheirChoice(
                        choice,
                        choice.pairs() == AuthorsChoice.ChoicePairs.VALIDATION
                            ? sweep.published().map(Published::accuracy)
                            : Optional.empty())));
  }

  /**
   * Returns what the actions of a candidate are named after.
   *
   * @param step from 0
   * @param candidate from 0
   */
  public static String trial(SweepSpec sweep, int step, int candidate) {
    return sweep.name() + ":" + (step + 1) + "." + (candidate + 1);
  }

  /**
   * Returns the graph of all models and rounds of {@code experiment}. As long as a sweep is
   * undecided, it ends with that sweep's next step, and gathers no results.
   */
  public static Graph of(Experiment experiment, Choices choices) {
    return new Graph(experiment, choices);
  }

  /**
   * Adds a stage and what it reads.
   *
   * @param model or sweep that needs it
   * @param who needs it by the names of actions: the model, or a candidate of a sweep
   */
  private Node add(Stage stage, String model, String who) {
    Node node = find(stage);
    if (node == null) {
      // What the choice of a setting reads is there, for its candidates.
      List<Node> reads =
          reads(stage, stage instanceof SelectSetting ? this::require : s -> add(s, model, who));
      node = new Node(nodes.size(), stage, reads, new LinkedHashSet<>(), new LinkedHashSet<>());
      nodes.add(node);
      byEquality.put(stage, node);
      byIdentity.put(stage, node);
    }
    need(node, model, who);
    return node;
  }

  /** Notes who needs a node, and so what it reads. */
  private static void need(Node node, String model, String who) {
    if (node.names().add(name(node.stage(), who))) {
      node.models().add(model);
      if (!(node.stage() instanceof SelectSetting)) {
        node.reads().forEach(read -> need(read, model, who));
      }
    }
  }

  private static List<Node> reads(Stage stage, Function<Stage, Node> nodes) {
    List<Node> reads = new ArrayList<>();
    for (Stage.Input input : stage.inputs().values()) {
      if (input instanceof Stage.Input.OutputOf output) {
        reads.add(nodes.apply(output.stage()));
      }
    }
    return Collections.unmodifiableList(reads);
  }

  private static ActionName name(Stage stage, String who) {
    String label = stage.name().label();
    Scope scope = stage.scope();
    if (scope instanceof Scope.Round round) {
      return ActionName.ofRound(label, who, round.number());
    }
    return scope instanceof Scope.SweepStep step
        ? ActionName.ofStep(label, step.sweep(), step.number())
        : ActionName.ofAll(label);
  }

  private @Nullable Node find(Stage stage) {
    Node known = byIdentity.get(stage);
    if (known == null) {
      known = byEquality.get(stage);
      if (known != null) {
        byIdentity.put(stage, known);
      }
    }
    return known;
  }

  private Node require(Stage stage) {
    Node known = find(stage);
    if (known == null) {
      throw new IllegalStateException("Cannot find the stage " + stage.name() + " in the graph");
    }
    return known;
  }

  /** Returns all nodes, each after those it reads. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** Returns what the sweeps had decided when the graph was made. */
  public Choices choices() {
    return choices;
  }

  /** Returns the node that gathers all results; empty while a sweep is undecided. */
  public Optional<Node> results() {
    return Optional.ofNullable(results);
  }

  /** Returns the node of a stage that some node reads. */
  public Node node(Stage stage) {
    Node node = byIdentity.get(stage);
    if (node == null) {
      throw new IllegalArgumentException("Cannot find the stage " + stage.name() + " in the graph");
    }
    return node;
  }

  /**
   * Returns how many actions of its own kind come before each one, such as the trainings of earlier
   * rounds that it goes on from.
   *
   * @param actions in the order of the graph; others count as done
   */
  public Map<Node, Integer> depths(List<Node> actions) {
    Map<Node, Integer> depths = new LinkedHashMap<>();
    for (Node node : actions) {
      int depth = 0;
      for (Node read : node.reads()) {
        if (read.stage().name() == node.stage().name()) {
          depth = Math.max(depth, depths.getOrDefault(read, -1) + 1);
        }
      }
      depths.put(node, depth);
    }
    return depths;
  }
}
