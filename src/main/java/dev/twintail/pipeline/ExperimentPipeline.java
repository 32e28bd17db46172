package dev.twintail.pipeline;

import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.stage.Effort;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.metrics.StringSetResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The Beam graph: one transform a stage, over the pending actions of a plan. */
final class ExperimentPipeline {
  private final Pipeline pipeline;
  private final Graph graph;
  private final List<Graph.Node> actions;
  private final Job job;
  private final BeamRunner.RunnerName runner;

  private ExperimentPipeline(
      Pipeline pipeline,
      Graph graph,
      List<Graph.Node> actions,
      Job job,
      BeamRunner.RunnerName runner) {
    this.pipeline = pipeline;
    this.graph = graph;
    this.actions = actions;
    this.job = job;
    this.runner = runner;
  }

  /**
   * Executes actions and waits for them.
   *
   * @param plan knows what they read besides each other
   * @return what failed while the others went on, unless it happened in this process, which is told
   *     by its worker
   * @throws RuntimeException if an action failed, or the runner; the cause tells why
   */
  static List<ActionFailure> run(
      Plan plan, List<Graph.Node> actions, Job job, BeamRunner runner, int workers) {
    Pipeline pipeline = Pipeline.create(options(runner, workers));
    ExperimentPipeline experiment =
        new ExperimentPipeline(pipeline, plan.graph(), actions, job, runner.engine());
    experiment.build(experiment.known(plan));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return job.failures() == OnFailure.STOP ? List.of() : failures(result);
  }

  /** Returns what a function of ours threw, freed of what runners wrap around it. */
  static Throwable cause(RuntimeException thrown) {
    Optional<Throwable> last = FlinkCluster.lastingIn(thrown);
    if (last.isPresent()) {
      return last.get();
    }
    Throwable found = thrown;
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof UserCodeException && each.getCause() != null) {
        found = each.getCause();
      }
    }
    if (found == thrown) {
      while (found.getCause() != null) {
        found = found.getCause();
      }
    }
    return found;
  }

  private static PipelineOptions options(BeamRunner runner, int workers) {
    PipelineOptions options;
    try {
      options = PipelineOptionsFactory.fromArgs(runner.arguments(workers)).create();
    } catch (IllegalArgumentException e) {
      throw new RunnerException(
          "Cannot use Beam's options "
              + String.join(" ", runner.options())
              + ": "
              + String.valueOf(e.getMessage())
                  .replaceAll("\\s+", " ")
                  .replaceAll(", called on .*", ""));
    }
    options.setJobName("twintail");
    return options;
  }

  private static List<ActionFailure> failures(PipelineResult result) {
    List<ActionFailure> failures = new ArrayList<>();
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.named(ActionFailure.class, ActionFailure.METRIC))
            .build();
    for (MetricResult<StringSetResult> found :
        result.metrics().queryMetrics(filter).getStringSets()) {
      found.getAttempted().getStringSet().stream().map(ActionFailure::parse).forEach(failures::add);
    }
    return failures;
  }

  /** Returns the manifests of what the actions read and the store holds. */
  private PCollection<KV<Integer, String>> known(Plan plan) {
    Map<Integer, String> manifests = new TreeMap<>();
    for (Graph.Node action : actions) {
      for (Stage.Input input : action.stage().inputs().values()) {
        if (input instanceof Stage.Input.OutputOf output) {
          Graph.Node read = graph.node(output.stage());
          plan.known(read).ifPresent(k -> manifests.put(read.index(), Worker.text(k.manifest())));
        }
      }
    }
    return pipeline.apply("known", Create.of(manifests).withCoder(RunActions.coder()));
  }

  private void build(PCollection<KV<Integer, String>> known) {
    Map<StageName, PCollection<KV<Integer, String>>> outputs = new EnumMap<>(StageName.class);
    for (StageName stage : StageName.values()) {
      List<PCollection<KV<Integer, String>>> upstream = new ArrayList<>(List.of(known));
      stage.reads().stream().sorted().map(outputs::get).forEach(upstream::add);
      outputs.put(stage, stage(stage, upstream));
    }
  }

  /** Executes a stage in as many waves as there are actions of it that read each other. */
  private PCollection<KV<Integer, String>> stage(
      StageName name, List<PCollection<KV<Integer, String>>> upstream) {
    List<List<Integer>> waves = waves(name);
    List<PCollection<KV<Integer, String>>> all = new ArrayList<>(upstream);
    for (int i = 0; i < waves.size(); i++) {
      String label = name.label() + (i == 0 ? "" : " " + (i + 1));
      all.add(actions(label, waves.get(i), all));
    }
    return flatten(name + "/all", all.subList(upstream.size(), all.size()));
  }

  /** Returns the actions of each wave, those first that take longest. */
  private List<List<Integer>> waves(StageName name) {
    List<List<Integer>> waves = new ArrayList<>(List.of(new ArrayList<>()));
    graph
        .depths(actions)
        .forEach(
            (node, depth) -> {
              if (node.stage().name() == name) {
                while (depth >= waves.size()) {
                  waves.add(new ArrayList<>());
                }
                waves.get(depth).add(node.index());
              }
            });
    Map<Integer, Long> efforts = new HashMap<>();
    actions.forEach(node -> efforts.put(node.index(), Effort.of(node.stage())));
    waves.forEach(wave -> wave.sort(Comparator.comparing(efforts::get, Comparator.reverseOrder())));
    return waves;
  }

  private PCollection<KV<Integer, String>> actions(
      String label, List<Integer> indices, List<PCollection<KV<Integer, String>>> upstream) {
    PCollection<List<Integer>> elements;
    if (runner == BeamRunner.RunnerName.DIRECT) {
      // All in one, as this runner prepares every function anew for each bundle.
      elements = create(label, indices.isEmpty() ? List.of() : List.of(indices));
    } else {
      // Flink deals elements to its slots in turn, where grouping by hash would give some slots
      // several and others none.
      elements =
          create(label, indices.stream().map(List::of).toList())
              .apply(label + "/deal", Reshuffle.viaRandomKey());
    }
    return elements.apply(label, RunActions.after(flatten(label, upstream), job));
  }

  private PCollection<List<Integer>> create(String label, List<List<Integer>> elements) {
    return pipeline.apply(
        label + "/actions", Create.of(elements).withCoder(ListCoder.of(VarIntCoder.of())));
  }

  private PCollection<KV<Integer, String>> flatten(
      String name, List<PCollection<KV<Integer, String>>> upstream) {
    return PCollectionList.of(upstream).apply(name + "/upstream", Flatten.pCollections());
  }
}
