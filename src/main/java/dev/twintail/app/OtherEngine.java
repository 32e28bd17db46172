package dev.twintail.app;

import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Preimages;
import dev.twintail.report.SecondEngine;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.Stage;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a store holds of the same evaluations by the other engine. Nothing is run; where there is
 * nothing, that takes a few look-ups a model.
 */
final class OtherEngine {
  private final Results results;
  private final Workspace workspace;
  private final Engine engine;
  private final Preimages preimages;
  private final Map<Graph.Node, Optional<Manifest>> known = new ConcurrentHashMap<>();

  /**
   * Evaluations of the first rounds by the other engine.
   *
   * @param second beside ours
   * @param digests of these evaluations, by model and round
   */
  record OtherEvaluations(SecondEngine second, SortedMap<String, Digest> digests) {}

  private OtherEngine(Results results) {
    this.results = results;
    this.workspace = results.workspace();
    this.engine = results.study().engine().other();
    this.preimages = Preimages.of(engine.trainer(note -> {}));
  }

  /** Returns what there is of rounds 1 to k of each model, all of them; empty without any. */
  static Optional<OtherEvaluations> of(Results results) throws IOException, InterruptedException {
    return new OtherEngine(results).evaluations();
  }

  private Optional<OtherEvaluations> evaluations() throws IOException, InterruptedException {
    Map<String, List<Digest>> byModel = new ConcurrentHashMap<>();
    Parallel.forEach(
        results.rows(),
        workspace.objects().parallelism(),
        row -> byModel.put(row.model(), evaluations(row)));
    Map<String, List<Double>> accuracies = new LinkedHashMap<>();
    SortedMap<String, Digest> digests = new TreeMap<>();
    for (CollectResults.ResultRow row : results.rows()) {
      List<Digest> found = byModel.getOrDefault(row.model(), List.of());
      List<Double> theirs = new ArrayList<>();
      for (Digest digest : found) {
        String name = "evaluation of " + row.model() + " by " + engine.title();
        digests.put(String.format(Locale.ROOT, "%s/%05d", row.model(), theirs.size() + 1), digest);
        theirs.add(Results.table(workspace, digest, name).doubles("accuracy")[0]);
      }
      if (!theirs.isEmpty()) {
        accuracies.put(row.model(), theirs);
      }
    }
    return accuracies.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new OtherEvaluations(
                SecondEngine.of(
                    results.study().experiment().name(),
                    engine.title(),
                    results.table(CollectResults.EVALUATIONS),
                    accuracies),
                digests));
  }

  /** Returns the evaluations of the first rounds that are there without a gap. */
  private List<Digest> evaluations(CollectResults.ResultRow row) throws IOException {
    List<Digest> found = new ArrayList<>();
    for (Evaluate evaluate : row.evaluations()) {
      Optional<Manifest> manifest = manifest(results.plan().graph().node(evaluate));
      if (manifest.isEmpty() || !manifest.get().outputs().containsKey(Evaluate.EVALUATION)) {
        break;
      }
      found.add(manifest.get().output(Evaluate.EVALUATION));
    }
    return found;
  }

  private Optional<Manifest> manifest(Graph.Node node) throws IOException {
    Optional<Manifest> before = known.get(node);
    if (before != null) {
      return before;
    }
    Map<Stage, Optional<Manifest>> read = new HashMap<>();
    boolean all = true;
    for (Stage.Input input : node.stage().inputs().values()) {
      if (all && input instanceof Stage.Input.OutputOf output) {
        Optional<Manifest> found = manifest(results.plan().graph().node(output.stage()));
        read.put(output.stage(), found);
        all = found.isPresent();
      }
    }
    Optional<Manifest> found = Optional.empty();
    if (all) {
      Optional<Map<String, Digest>> inputs =
          Preimages.inputs(node.stage(), stage -> Objects.requireNonNull(read.get(stage)));
      if (inputs.isPresent()) {
        found = workspace.cache().lookup(preimages.of(node.stage(), inputs.get()).key());
      }
    }
    known.put(node, found);
    return found;
  }
}
