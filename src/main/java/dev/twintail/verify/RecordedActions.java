package dev.twintail.verify;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.action.Preimage.Field;
import dev.twintail.action.Preimage.FieldKind;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Choices;
import dev.twintail.plan.EnvironmentChange;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.random.Seed;
import dev.twintail.record.RunRecord;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.SelectSetting;
import dev.twintail.stage.StageName;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store says of an experiment: the recorded actions and what is said to have come out of
 * them. Manifests are taken at their word and no blob is looked at, since that is what a {@link
 * Verification} puts to the test. Actions that were recorded in another numeric environment or by
 * another version of their stage only are found too, by the runs on record.
 */
public final class RecordedActions {
  /** How many runs are searched for other environments and versions, newest first. */
  private static final int RUNS = 50;

  private final Workspace workspace;
  private final Preimages preimages;
  private final Map<ActionKey, Manifest> manifests;
  private final Map<Graph.Node, RecordedAction> actions = new LinkedHashMap<>();
  private final Graph graph;
  private @Nullable Map<List<Field>, Preimage> others;

  private RecordedActions(
      Graph graph,
      Preimages preimages,
      Workspace workspace,
      Map<ActionKey, Manifest> manifests,
      @Nullable Map<List<Field>, Preimage> others)
      throws IOException {
    this.graph = graph;
    this.preimages = preimages;
    this.workspace = workspace;
    this.manifests = manifests;
    this.others = others;
    for (Graph.Node node : graph.nodes()) {
      Optional<RecordedAction> action = find(node);
      if (action.isPresent()) {
        actions.put(node, action.get());
      }
    }
  }

  /**
   * Returns what the store says, as far as the experiment's sweeps are decided.
   *
   * @param preimages what keys are made of here
   * @param threads for looking up, at least; more where the store wants it
   */
  public static RecordedActions of(
      Experiment experiment, Preimages preimages, Workspace workspace, int threads)
      throws IOException, InterruptedException {
    // All at once first: one by one takes long where the store is far.
    Map<ActionKey, Manifest> manifests =
        Plan.recorded(experiment, preimages, workspace, threads).manifests();
    Choices choices = Choices.NONE;
    RecordedActions actions =
        new RecordedActions(Graph.of(experiment, choices), preimages, workspace, manifests, null);
    while (true) {
      Choices next = actions.decided(choices);
      if (next.equals(choices)) {
        return actions;
      }
      choices = next;
      actions =
          new RecordedActions(
              Graph.of(experiment, choices), preimages, workspace, manifests, actions.others);
    }
  }

  private Choices decided(Choices choices) throws IOException {
    Choices all = choices;
    for (RecordedAction action : actions.values()) {
      if (action.node().stage() instanceof SelectSetting select
          && select.step() == choices.count(select.sweep())) {
        Optional<Blob> trials =
            workspace.blobs().get(action.manifest().output(SelectSetting.TRIALS));
        if (trials.isPresent()) {
          all = all.with(select.sweep(), SelectSetting.winner(trials.get().bytes()));
        }
      }
    }
    return all;
  }

  private Optional<RecordedAction> find(Graph.Node node) throws IOException {
    Optional<Map<String, Digest>> inputs =
        Preimages.inputs(
            node.stage(),
            s -> Optional.ofNullable(actions.get(graph.node(s))).map(RecordedAction::manifest));
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    Preimage preimage = preimages.of(node.stage(), inputs.get());
    Optional<Manifest> manifest = lookup(preimage.key());
    if (manifest.isPresent()) {
      return Optional.of(
          new RecordedAction(
              node, preimage, inputs.get(), manifest.get(), List.of(), Optional.empty()));
    }
    Preimage other = others().get(essence(preimage));
    if (other == null) {
      return Optional.empty();
    }
    return lookup(other.key())
        .map(
            m ->
                new RecordedAction(
                    node,
                    other,
                    inputs.get(),
                    m,
                    environments(other, node),
                    versions(other, node)));
  }

  private Optional<Manifest> lookup(ActionKey key) throws IOException {
    Manifest known = manifests.get(key);
    return known == null ? workspace.cache().lookup(key) : Optional.of(known);
  }

  /** Returns the actions of runs by other programs or in other environments, by their essence. */
  private Map<List<Field>, Preimage> others() throws IOException {
    if (others != null) {
      return others;
    }
    List<String> ids = workspace.runs().ids();
    Set<ActionKey> keys = new LinkedHashSet<>();
    for (int i = ids.size() - 1; i >= Math.max(0, ids.size() - RUNS); i--) {
      try {
        workspace
            .runs()
            .find(ids.get(i))
            .ifPresent(run -> run.steps().stream().map(RunRecord.Step::key).forEach(keys::add));
      } catch (MalformedException e) {
        // What a damaged record knew is not known; its actions count as pending.
      }
    }
    Map<List<Field>, Preimage> found = new HashMap<>();
    for (ActionKey key : keys) {
      try {
        workspace.cache().preimage(key).ifPresent(p -> found.putIfAbsent(essence(p), p));
      } catch (MalformedException e) {
        // As good as none.
      }
    }
    others = found;
    return found;
  }

  /** Returns all of a preimage but the numeric environment and the stage's version. */
  private static List<Field> essence(Preimage preimage) {
    return preimage.fields().stream()
        .filter(f -> f.kind() != FieldKind.ENVIRONMENT)
        .map(f -> f.kind() == FieldKind.STAGE ? new Field(f.kind(), f.name(), f.type(), "") : f)
        .toList();
  }

  /** Returns how the version of a recorded action's stage differs from this program's. */
  private Optional<Obstacle.OtherVersion> versions(Preimage other, Graph.Node node) {
    StageName stage = node.stage().name();
    int here = preimages.version(stage);
    return other.fields().stream()
        .filter(f -> f.kind() == FieldKind.STAGE && !f.value().equals(Integer.toString(here)))
        .map(f -> new Obstacle.OtherVersion(stage, f.value(), here))
        .findFirst();
  }

  /** Returns how an environment in a key differs from that of this machine. */
  private List<EnvironmentChange> environments(Preimage preimage, Graph.Node node) {
    Map<String, String> there = new TreeMap<>();
    for (Field field : preimage.fields()) {
      if (field.kind() == FieldKind.ENVIRONMENT) {
        there.put(field.name(), field.value());
      }
    }
    return EnvironmentChange.between(there, preimages.environment(node.stage()));
  }

  /** Returns the graph, as far as it is known. */
  public Graph graph() {
    return graph;
  }

  /** Returns all actions, in the order of the graph. */
  public List<RecordedAction> all() {
    return List.copyOf(actions.values());
  }

  /**
   * Chooses actions of several stages, each stage in turn as long as it has any, so that all are
   * there as soon as {@code size} allows. The same seed chooses the same actions, in whatever store
   * and order.
   *
   * @param actions to choose from
   * @return {@code size} actions, or all if there are fewer, in their order
   */
  public static List<RecordedAction> sample(List<RecordedAction> actions, int size, long seed) {
    Map<StageName, List<RecordedAction>> byStage = new EnumMap<>(StageName.class);
    for (RecordedAction action : actions) {
      byStage.computeIfAbsent(action.node().stage().name(), s -> new ArrayList<>()).add(action);
    }
    Map<RecordedAction, String> ranks = new HashMap<>();
    actions.forEach(c -> ranks.put(c, rank(c, seed)));
    byStage.values().forEach(of -> of.sort(Comparator.comparing(c -> ranks.getOrDefault(c, ""))));
    Set<RecordedAction> chosen = new LinkedHashSet<>();
    for (int i = 0; chosen.size() < Math.min(size, actions.size()); i++) {
      for (List<RecordedAction> of : byStage.values()) {
        if (i < of.size() && chosen.size() < size) {
          chosen.add(of.get(i));
        }
      }
    }
    return actions.stream().filter(chosen::contains).toList();
  }

  private static String rank(RecordedAction action, long seed) {
    return Seed.derive(seed, "verify", action.preimage().key().sha256(), 1).hex();
  }
}
