package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.action.StoreSurvey;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.SelectSetting;
import dev.twintail.stage.Stage;
import dev.twintail.store.BlobStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which actions of a graph have their results in the store, and which are pending. An action whose
 * inputs are pending is pending too, since its key is not known.
 */
public final class Plan {
  private final Graph graph;
  private final Preimages preimages;
  private final Map<Graph.Node, KnownResult> known;
  private final List<Graph.Node> pending;

  /**
   * The recorded result of an action.
   *
   * @param preimage what the key was made of, where it was made for this plan
   */
  public record KnownResult(ActionKey key, Manifest manifest, Optional<Digest> preimage) {
    public KnownResult {
      if (preimage.isPresent() && !preimage.get().sha256().equals(key.sha256())) {
        throw new IllegalArgumentException(
            "Cannot use the preimage %s of the key %s".formatted(preimage.get(), key));
      }
    }
  }

  private Plan(Graph graph, Preimages preimages, Map<Graph.Node, KnownResult> known) {
    this.graph = graph;
    this.preimages = preimages;
    this.known = known;
    this.pending = graph.nodes().stream().filter(n -> !known.containsKey(n)).toList();
  }

  /** Returns the plan of someone who knows these results. */
  public static Plan of(Graph graph, Preimages preimages, Map<Graph.Node, KnownResult> known) {
    return new Plan(graph, preimages, known);
  }

  /**
   * Looks every action up and verifies every blob of what is found, byte for byte. The graph is
   * that of the experiment as far as its sweeps are decided.
   *
   * @param preimages what keys are made of
   * @param threads at least; more where the store wants it
   */
  public static Plan resolve(
      Experiment experiment, Preimages preimages, Workspace workspace, int threads)
      throws IOException, InterruptedException {
    Planner planner = new Planner(experiment, preimages, workspace, threads);
    return planner.grown(planner.undecided(), graph -> verified(graph, planner));
  }

  private static Map<Graph.Node, KnownResult> verified(Graph graph, Planner planner)
      throws IOException, InterruptedException {
    Workspace workspace = planner.workspace();
    Map<Graph.Node, KnownResult> found = new LinkedHashMap<>();
    Set<Digest> seen = ConcurrentHashMap.newKeySet();
    Set<Digest> damaged = ConcurrentHashMap.newKeySet();
    // Blobs are hashed while the next actions are looked up.
    Parallel.<Digest>forEachFound(
        blobs -> {
          Lookup lookup =
              key -> {
                Optional<Manifest> manifest = workspace.cache().lookup(key);
                manifest.ifPresent(
                    m -> m.outputs().values().stream().filter(seen::add).forEach(blobs));
                return manifest;
              };
          found.putAll(planner.lookUp(graph, lookup, workspace.cache()::reject));
        },
        BlobStore.LARGEST_FIRST,
        planner.width(),
        digest -> {
          if (!workspace.blobs().verify(digest)) {
            damaged.add(digest);
          }
        });
    if (damaged.isEmpty()) {
      return found;
    }
    return planner.lookUp(
        graph,
        key ->
            workspace
                .cache()
                .lookup(key)
                .filter(m -> Collections.disjoint(m.outputs().values(), damaged)),
        Rejection.NONE);
  }

  /**
   * Looks every action up and takes its manifest at its word: no blob is looked at but what sweeps
   * decided.
   *
   * @param threads at least; more where the store wants it
   */
  public static Plan recorded(
      Experiment experiment, Preimages preimages, Workspace workspace, int threads)
      throws IOException, InterruptedException {
    Planner planner = new Planner(experiment, preimages, workspace, threads);
    return planner.grown(planner.undecided(), workspace.cache()::lookup, Rejection.NONE);
  }

  /**
   * Looks every action up and trusts names and sizes: quick, reads no blob but what sweeps decided,
   * and in a distant store asks for few objects. What such a plan calls known may turn out damaged
   * when a run verifies it.
   *
   * @param threads at least; more where the store wants it
   */
  public static Plan survey(
      Experiment experiment, Preimages preimages, Workspace workspace, int threads)
      throws IOException, InterruptedException {
    Planner planner = new Planner(experiment, preimages, workspace, threads);
    Graph first = planner.undecided();
    StoreSurvey survey =
        StoreSurvey.forPlan(
            workspace.objects(), workspace.blobs(), workspace.cache(), first.nodes().size());
    return planner.grown(first, survey::lookup, Rejection.NONE);
  }

  /**
   * Looks every action up as {@link #survey} does, but for a run: a manifest that is damaged is
   * noticed, where that costs little.
   *
   * @param threads at least; more where the store wants it
   */
  public static Plan present(
      Experiment experiment, Preimages preimages, Workspace workspace, int threads)
      throws IOException, InterruptedException {
    Planner planner = new Planner(experiment, preimages, workspace, threads);
    Graph first = planner.undecided();
    StoreSurvey survey =
        StoreSurvey.forRun(
            workspace.objects(), workspace.blobs(), workspace.cache(), first.nodes().size());
    return planner.grown(first, survey::lookup, workspace.cache()::reject);
  }

  @FunctionalInterface
  private interface Planning {
    Map<Graph.Node, KnownResult> known(Graph graph) throws IOException, InterruptedException;
  }

  /**
   * What plans are made from.
   *
   * @param threads at least; more where the store wants it
   */
  private record Planner(
      Experiment experiment, Preimages preimages, Workspace workspace, int threads) {
    Graph undecided() {
      return Graph.of(experiment, Choices.NONE);
    }

    int width() {
      return Math.max(threads, workspace.objects().parallelism());
    }

    Map<Graph.Node, KnownResult> lookUp(Graph graph, Lookup lookup, Rejection incomplete)
        throws IOException, InterruptedException {
      return new Lookups(graph, preimages, lookup, incomplete, width()).run();
    }

    Plan grown(Graph first, Lookup lookup, Rejection incomplete)
        throws IOException, InterruptedException {
      return grown(first, graph -> lookUp(graph, lookup, incomplete));
    }

    /**
     * Plans until no sweep is decided any further: each decision makes the graph grow by the next
     * step, or by the models that hang on it.
     *
     * @param first the graph of which nothing is decided
     */
    Plan grown(Graph first, Planning planning) throws IOException, InterruptedException {
      Plan plan = new Plan(first, preimages, planning.known(first));
      Choices choices = plan.decided(workspace);
      while (!choices.equals(plan.graph.choices())) {
        Graph graph = Graph.of(experiment, choices);
        plan = new Plan(graph, preimages, planning.known(graph));
        choices = plan.decided(workspace);
      }
      return plan;
    }
  }

  /** Returns the graph's choices with those of the steps whose results are known. */
  private Choices decided(Workspace workspace) throws IOException {
    Choices choices = graph.choices();
    Choices all = choices;
    for (Graph.Node node : graph.nodes()) {
      if (node.stage() instanceof SelectSetting select
          && select.step() == choices.count(select.sweep())
          && known.containsKey(node)) {
        Digest trials = known.get(node).manifest().output(SelectSetting.TRIALS);
        Optional<Blob> blob = workspace.blobs().get(trials);
        if (blob.isPresent()) {
          all = all.with(select.sweep(), SelectSetting.winner(blob.get().bytes()));
        }
      }
    }
    return all;
  }

  @FunctionalInterface
  private interface Lookup {
    Optional<Manifest> find(ActionKey key) throws IOException;
  }

  /** Hears of records that lack an output that another action reads. */
  @FunctionalInterface
  private interface Rejection {
    Rejection NONE = (key, manifest, reason) -> {};

    void reject(ActionKey key, Manifest manifest, String reason) throws IOException;
  }

  /** The look-ups of one plan: actions that do not read each other at once. */
  private static final class Lookups {
    private final Graph graph;
    private final Preimages preimages;
    private final Lookup lookup;
    private final Rejection incomplete;
    private final int width;
    private final Optional<KnownResult>[] found;

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
    Lookups(Graph graph, Preimages preimages, Lookup lookup, Rejection incomplete, int width) {
      this.incomplete = incomplete;
      this.graph = graph;
      this.preimages = preimages;
      this.lookup = lookup;
      this.width = width;
      this.found = new Optional[graph.nodes().size()];
    }

    Map<Graph.Node, KnownResult> run() throws IOException, InterruptedException {
      for (List<Graph.Node> wave : waves().values()) {
        Parallel.forEach(wave, width, this::lookUp);
      }
      Map<Graph.Node, KnownResult> known = new LinkedHashMap<>();
      for (Graph.Node node : graph.nodes()) {
        found[node.index()].ifPresent(k -> known.put(node, k));
      }
      return known;
    }

    /** Returns the nodes by the length of the longest way to a source. */
    private SortedMap<Integer, List<Graph.Node>> waves() {
      SortedMap<Integer, List<Graph.Node>> waves = new TreeMap<>();
      int[] depths = new int[graph.nodes().size()];
      for (Graph.Node node : graph.nodes()) {
        for (Graph.Node read : node.reads()) {
          depths[node.index()] = Math.max(depths[node.index()], depths[read.index()] + 1);
        }
        waves.computeIfAbsent(depths[node.index()], d -> new ArrayList<>()).add(node);
      }
      return waves;
    }

    /** Forgets, and rejects, the record of an action that lacks what this one reads of it. */
    private void judge(Graph.Node node) throws IOException {
      for (Stage.Input input : node.stage().inputs().values()) {
        if (input instanceof Stage.Input.OutputOf output) {
          int above = graph.node(output.stage()).index();
          Optional<KnownResult> known = found[above];
          if (known.isPresent() && !known.get().manifest().outputs().containsKey(output.output())) {
            incomplete.reject(
                known.get().key(), known.get().manifest(), "it lacks " + output.output());
            found[above] = Optional.empty();
          }
        }
      }
    }

    private void lookUp(Graph.Node node) throws IOException {
      found[node.index()] = Optional.empty();
      judge(node);
      Optional<Map<String, Digest>> inputs =
          Preimages.inputs(
              node.stage(), s -> found[graph.node(s).index()].map(KnownResult::manifest));
      if (inputs.isPresent()) {
        Preimage preimage = preimages.of(node.stage(), inputs.get());
        found[node.index()] =
            lookup
                .find(preimage.key())
                .map(
                    m -> new KnownResult(preimage.key(), m, Optional.of(preimage.blob().digest())));
      }
    }
  }

  public Graph graph() {
    return graph;
  }

  /** Returns the actions to execute, each after those it reads. */
  public List<Graph.Node> pending() {
    return pending;
  }

  /** Returns the recorded result of the action, if there is one. */
  public Optional<KnownResult> known(Graph.Node node) {
    return Optional.ofNullable(known.get(node));
  }

  /** Returns the pending actions that this one reads, in the order of the graph. */
  public List<Graph.Node> waitsFor(Graph.Node node) {
    return node.reads().stream()
        .filter(n -> !known.containsKey(n))
        .distinct()
        .sorted(Comparator.comparingInt(Graph.Node::index))
        .toList();
  }

  /** Returns the manifests of all known actions. */
  public Map<ActionKey, Manifest> manifests() {
    Map<ActionKey, Manifest> manifests = new LinkedHashMap<>();
    known.values().forEach(k -> manifests.put(k.key(), k.manifest()));
    return manifests;
  }

  /** Returns this plan with other knowledge. */
  public Plan with(Map<Graph.Node, KnownResult> others) {
    return new Plan(graph, preimages, others);
  }

  /** Returns the numeric environment that is in the keys of stages with native math. */
  public Map<String, String> environment() {
    return preimages.environment();
  }

  /** Returns what the key of an action is made of, unless it reads what is pending. */
  public Optional<Preimage> preimage(Graph.Node node) {
    return Preimages.inputs(node.stage(), s -> known(graph.node(s)).map(KnownResult::manifest))
        .map(inputs -> preimages.of(node.stage(), inputs));
  }

  /** Returns the preimage of a stage that reads {@code inputs}. */
  public Preimage preimage(Stage stage, Map<String, Digest> inputs) {
    return preimages.of(stage, inputs);
  }
}
