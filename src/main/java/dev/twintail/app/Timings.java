package dev.twintail.app;

import dev.twintail.action.ActionKey;
import dev.twintail.concurrent.Parallel;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.record.Provenance;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunRecord;
import dev.twintail.stage.StageName;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** How long actions took that a store holds, by stage and models. */
final class Timings {
  private final Map<ActionKey, String> liked = new LinkedHashMap<>();
  private final Map<String, Mean> means = new TreeMap<>();

  private record Mean(long millis, int count) {
    Mean plus(Mean other) {
      return new Mean(millis + other.millis, count + other.count);
    }
  }

  private Timings() {}

  /** Reads how long the known actions of a plan took, and those of all runs on record. */
  static Timings of(Plan plan, Workspace workspace) throws IOException, InterruptedException {
    Map<ActionKey, RunRecord.Step> steps = new LinkedHashMap<>();
    for (String id : workspace.runs().ids()) {
      workspace
          .runs()
          .find(id)
          .ifPresent(run -> run.steps().forEach(step -> steps.put(step.key(), step)));
    }
    Timings timings = new Timings();
    // The plan's own names count, also where a run that was interrupted is on no record.
    for (Graph.Node node : plan.graph().nodes()) {
      plan.known(node).ifPresent(k -> timings.liked.put(k.key(), name(node)));
    }
    steps.forEach((key, step) -> timings.liked.putIfAbsent(key, name(step.stage(), step.models())));
    Parallel.forEach(
        List.copyOf(timings.liked.keySet()),
        workspace.objects().parallelism(),
        key -> {
          for (Provenance execution : ProvenanceLog.of(key, workspace.objects())) {
            timings.add(key, execution.elapsed());
          }
        });
    return timings;
  }

  private synchronized void add(ActionKey key, Duration elapsed) {
    Mean mean = new Mean(elapsed.toMillis(), 1);
    String name = Objects.requireNonNull(liked.get(key));
    means.merge(name, mean, Mean::plus);
    means.merge(name.substring(0, name.indexOf(' ') + 1), mean, Mean::plus);
  }

  /**
   * Returns how long an action is expected to take.
   *
   * @throws NoResultsException if nothing of its stage is recorded
   */
  synchronized Duration expected(Graph.Node node) {
    StageName stage = node.stage().name();
    Mean stages = means.get(name(stage.label(), Set.of()));
    if (stages == null) {
      throw new NoResultsException(
          "Cannot tell how long "
              + stage
              + " takes: this store holds none of it; run a part of it first");
    }
    Mean mean = means.getOrDefault(name(node), stages);
    return Duration.ofMillis(mean.millis() / mean.count());
  }

  private static String name(Graph.Node node) {
    return name(node.stage().name().label(), node.models());
  }

  /** Returns the name under which the like are found; of all of a stage, without models. */
  private static String name(String stage, Set<String> models) {
    return stage + " " + String.join(",", models);
  }
}
