package dev.twintail.pipeline;

import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.stage.StageName;
import dev.twintail.stage.TrainSiamese;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Keys;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;

/** The Beam graph: one transform a stage, over the pending actions of a plan. */
final class ExperimentPipeline {
  private final Pipeline pipeline;
  private final Plan plan;
  private final String run;

  private ExperimentPipeline(Plan plan, String run, int workers) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    // No more threads than workers: the runner's own scheduler spins in every thread left over.
    options.setTargetParallelism(workers);
    pipeline = Pipeline.create(options);
    this.plan = plan;
    this.run = run;
  }

  /** Runs all pending actions of {@code plan} and waits for them. */
  static void run(Plan plan, String run, int workers) {
    ExperimentPipeline experiment = new ExperimentPipeline(plan, run, workers);
    experiment.build();
    experiment.pipeline.run().waitUntilFinish();
  }

  private void build() {
    PCollection<KV<Integer, String>> pairs = stage(StageName.DATA_GEN, List.of());
    PCollection<KV<Integer, String>> tails = stage(StageName.PRETRAIN_TAIL, List.of(pairs));
    PCollection<KV<Integer, String>> bodies = stage(StageName.PRETRAIN_BODY, List.of(pairs));
    PCollection<KV<Integer, String>> networks = networks(List.of(pairs, tails, bodies));
    PCollection<KV<Integer, String>> choices = stage(StageName.SELECT, List.of(networks));
    PCollection<KV<Integer, String>> evaluations =
        stage(StageName.EVALUATE, List.of(pairs, networks));
    stage(StageName.RESULTS, List.of(pairs, networks, choices, evaluations));
  }

  /** Trains in as many waves as there are rounds that go on from the round before. */
  private PCollection<KV<Integer, String>> networks(
      List<PCollection<KV<Integer, String>>> upstream) {
    List<List<Integer>> waves = waves();
    List<PCollection<KV<Integer, String>>> all = new ArrayList<>(upstream);
    for (int i = 0; i < waves.size(); i++) {
      String label = StageName.TRAIN_SIAMESE.label() + (i == 0 ? "" : " " + (i + 1));
      all.add(actions(label, waves.get(i), all));
    }
    return flatten(StageName.TRAIN_SIAMESE + "/all", all.subList(upstream.size(), all.size()));
  }

  private List<List<Integer>> waves() {
    Map<Integer, Integer> depths = new HashMap<>();
    List<List<Integer>> waves = new ArrayList<>(List.of(new ArrayList<>()));
    for (Graph.Node node : plan.pending()) {
      if (node.stage() instanceof TrainSiamese training) {
        int depth =
            training
                .previous()
                .map(p -> depths.getOrDefault(plan.graph().node(p).index(), -1) + 1)
                .orElse(0);
        depths.put(node.index(), depth);
        if (depth == waves.size()) {
          waves.add(new ArrayList<>());
        }
        waves.get(depth).add(node.index());
      }
    }
    return waves;
  }

  private PCollection<KV<Integer, String>> stage(
      StageName name, List<PCollection<KV<Integer, String>>> upstream) {
    List<Integer> actions =
        plan.pending().stream()
            .filter(n -> n.stage().name() == name)
            .map(Graph.Node::index)
            .toList();
    return actions(name.label(), actions, upstream);
  }

  private PCollection<KV<Integer, String>> actions(
      String label, List<Integer> actions, List<PCollection<KV<Integer, String>>> upstream) {
    return pipeline
        .apply(label + "/actions", Create.of(actions).withCoder(VarIntCoder.of()))
        .apply(label + "/apart", apart())
        .apply(label, RunActions.after(flatten(label, upstream), run));
  }

  /** Makes each action a bundle of its own, so that a long one holds up no other. */
  private static PTransform<PCollection<Integer>, PCollection<Integer>> apart() {
    return new PTransform<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PCollection<Integer> expand(PCollection<Integer> actions) {
        return actions
            .apply(WithKeys.<Integer, Integer>of(i -> i).withKeyType(TypeDescriptors.integers()))
            .apply(GroupByKey.create())
            .apply(Keys.create());
      }
    };
  }

  private PCollection<KV<Integer, String>> flatten(
      String name, List<PCollection<KV<Integer, String>>> upstream) {
    if (upstream.isEmpty()) {
      return pipeline.apply(
          name + "/nothing", Create.empty(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of())));
    }
    return PCollectionList.of(upstream).apply(name + "/upstream", Flatten.pCollections());
  }
}
