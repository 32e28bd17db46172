package dev.twintail.pipeline;

import dev.twintail.stage.StageName;
import java.util.List;
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
    PCollection<KV<Integer, String>> networks =
        stage(StageName.TRAIN_SIAMESE, List.of(pairs, tails, bodies));
    PCollection<KV<Integer, String>> evaluations =
        stage(StageName.EVALUATE, List.of(pairs, networks));
    stage(StageName.RESULTS, List.of(networks, evaluations));
  }

  private PCollection<KV<Integer, String>> stage(
      StageName name, List<PCollection<KV<Integer, String>>> upstream) {
    List<Integer> actions =
        plan.pending().stream()
            .filter(n -> n.stage().name() == name)
            .map(Graph.Node::index)
            .toList();
    return pipeline
        .apply(name + "/actions", Create.of(actions).withCoder(VarIntCoder.of()))
        .apply(name + "/apart", apart())
        .apply(name.label(), RunActions.after(flatten(name, upstream), run));
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
      StageName name, List<PCollection<KV<Integer, String>>> upstream) {
    if (upstream.isEmpty()) {
      return pipeline.apply(
          name + "/nothing", Create.empty(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of())));
    }
    return PCollectionList.of(upstream).apply(name + "/upstream", Flatten.pCollections());
  }
}
