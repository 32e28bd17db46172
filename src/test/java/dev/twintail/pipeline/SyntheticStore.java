package dev.twintail.pipeline;

import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.BlasTrainer;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.stage.Stage;
import dev.twintail.store.BlobStore;
import dev.twintail.store.LocalObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A store in which every action of an experiment is recorded, with outputs of a few bytes that no
 * stage made: for measuring plans of any size.
 */
public final class SyntheticStore {
  /** Hears of each object; the bytes are in memory. */
  @FunctionalInterface
  public interface Sink {
    void put(String name, Blob content) throws IOException;
  }

  private SyntheticStore() {}

  /** Records every action; returns what a run would pack. */
  public static Plan fill(Experiment experiment, Sink sink) throws IOException {
    Graph graph = Graph.of(experiment, Choices.NONE);
    Preimages preimages = Preimages.of(new BlasTrainer());
    Map<Graph.Node, Set<String>> read = new HashMap<>();
    for (Graph.Node node : graph.nodes()) {
      for (Stage.Input input : node.stage().inputs().values()) {
        if (input instanceof Stage.Input.OutputOf output) {
          read.computeIfAbsent(graph.node(output.stage()), n -> new TreeSet<>())
              .add(output.output());
        }
      }
    }
    Map<Graph.Node, Plan.KnownResult> known = new HashMap<>();
    for (Graph.Node node : graph.nodes()) {
      Map<String, Digest> inputs =
          Preimages.inputs(node.stage(), s -> Optional.of(known.get(graph.node(s)).manifest()))
              .orElseThrow();
      Preimage preimage = preimages.of(node.stage(), inputs);
      Map<String, Digest> outputs = new TreeMap<>();
      for (String name : read.getOrDefault(node, Set.of("summary.arrow"))) {
        Blob blob =
            Blob.of((preimage.key() + " " + name + "\n").getBytes(StandardCharsets.US_ASCII));
        sink.put(BlobStore.nameOf(blob.digest()), blob);
        outputs.put(name, blob.digest());
      }
      Manifest manifest = Manifest.of(outputs);
      sink.put(BlobStore.nameOf(preimage.blob().digest()), preimage.blob());
      String key = preimage.key().sha256();
      sink.put("ac/" + key.substring(0, 2) + "/" + key, manifest.blob());
      known.put(
          node,
          new Plan.KnownResult(preimage.key(), manifest, Optional.of(preimage.blob().digest())));
    }
    return Plan.of(graph, preimages, known);
  }

  /**
   * Fills a folder, for trying the program by hand.
   *
   * @param arguments spec, rounds, folder
   */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[2]);
    Experiment experiment =
        ExperimentReader.read(Path.of(arguments[0])).withRounds(Integer.parseInt(arguments[1]));
    Plan plan =
        fill(
            experiment,
            (name, content) -> {
              Path file = root.resolve(name);
              Files.createDirectories(file.getParent());
              Files.write(file, content.bytes());
            });
    try (LocalObjectStore objects = LocalObjectStore.open(root)) {
      new ManifestPacks(objects).add("synthetic", plan.manifests());
    }
    System.out.println(plan.graph().nodes().size() + " actions");
  }
}
