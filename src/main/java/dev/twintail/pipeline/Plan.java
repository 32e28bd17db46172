package dev.twintail.pipeline;

import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.SelectSetting;
import dev.twintail.stage.Stage;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which actions of a graph have their results in the store, byte for byte, and which are pending.
 * An action whose inputs are pending is pending too, since its key is not known.
 */
public final class Plan {
  private final Graph graph;
  private final Preimages preimages;
  private final Map<Graph.Node, Known> known;

  /** The recorded result of an action, and what its key was made of. */
  public record Known(Preimage preimage, Manifest manifest) {}

  private Plan(Graph graph, Preimages preimages, Map<Graph.Node, Known> known) {
    this.graph = graph;
    this.preimages = preimages;
    this.known = known;
  }

  /**
   * Looks an experiment up as far as its sweeps are decided: each decision makes the graph grow by
   * the next step, or by the models that hang on it.
   *
   * @param environment the numeric environment of stages with native math
   * @param threads that verify
   */
  public static Plan of(
      Experiment experiment, Map<String, String> environment, Workspace workspace, int threads)
      throws IOException, InterruptedException {
    Choices choices = Choices.NONE;
    while (true) {
      Plan plan = resolve(Graph.of(experiment, choices), environment, workspace, threads);
      Choices next = plan.decided(choices, workspace);
      if (next.equals(choices)) {
        return plan;
      }
      choices = next;
    }
  }

  /** Returns the choices with those of the steps whose results are known. */
  private Choices decided(Choices choices, Workspace workspace) throws IOException {
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

  /**
   * Looks every action up, in the order of the graph, and verifies every blob of what is found.
   *
   * @param environment the numeric environment of stages with native math
   * @param threads that verify
   */
  public static Plan resolve(
      Graph graph, Map<String, String> environment, Workspace workspace, int threads)
      throws IOException, InterruptedException {
    Preimages preimages = new Preimages(environment);
    Map<Graph.Node, Known> found = lookUp(graph, preimages, workspace, Set.of());
    Set<Digest> outputs = new HashSet<>();
    found.values().forEach(k -> outputs.addAll(k.manifest().outputs().values()));
    Set<Digest> damaged = workspace.blobs().verifyAll(outputs, threads);
    if (!damaged.isEmpty()) {
      found = lookUp(graph, preimages, workspace, damaged);
    }
    return new Plan(graph, preimages, found);
  }

  private static Map<Graph.Node, Known> lookUp(
      Graph graph, Preimages preimages, Workspace workspace, Set<Digest> damaged)
      throws IOException {
    Map<Graph.Node, Known> found = new LinkedHashMap<>();
    Map<Graph.Node, Manifest> manifests = new HashMap<>();
    for (Graph.Node node : graph.nodes()) {
      Stage stage = node.stage();
      Optional<Map<String, Digest>> inputs =
          Preimages.inputs(stage, s -> Optional.ofNullable(manifests.get(graph.node(s))));
      if (inputs.isEmpty()) {
        continue;
      }
      Preimage preimage = preimages.of(stage, inputs.get());
      Optional<Manifest> manifest = workspace.cache().lookup(preimage.key());
      if (manifest.isPresent()
          && manifest.get().outputs().values().stream().noneMatch(damaged::contains)) {
        manifests.put(node, manifest.get());
        found.put(node, new Known(preimage, manifest.get()));
      }
    }
    return found;
  }

  public Graph graph() {
    return graph;
  }

  /** Returns the actions to execute, each after those it reads. */
  public List<Graph.Node> pending() {
    return graph.nodes().stream().filter(n -> !known.containsKey(n)).toList();
  }

  /** Returns the recorded result of the action, if there is one. */
  public Optional<Known> known(Graph.Node node) {
    return Optional.ofNullable(known.get(node));
  }

  /** Returns the preimage of a stage that reads {@code inputs}. */
  Preimage preimage(Stage stage, Map<String, Digest> inputs) {
    return preimages.of(stage, inputs);
  }
}
