package dev.twintail.pipeline;

import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Executes the actions of one stage, given by node index, after those whose manifests it is given.
 * Only indices and manifests (names and digests) travel; the bytes stay in the store.
 */
final class RunActions extends PTransform<PCollection<Integer>, PCollection<KV<Integer, String>>> {
  private static final long serialVersionUID = 1L;

  private final String run;
  private final PCollection<KV<Integer, String>> upstream;

  private RunActions(String run, PCollection<KV<Integer, String>> upstream) {
    this.run = run;
    this.upstream = upstream;
  }

  /**
   * Returns the transform that waits for {@code upstream} and then executes what it is given.
   *
   * @param run id of the {@link LocalRun}
   */
  static RunActions after(PCollection<KV<Integer, String>> upstream, String run) {
    return new RunActions(run, upstream);
  }

  @Override
  public PCollection<KV<Integer, String>> expand(PCollection<Integer> actions) {
    PCollectionView<Map<Integer, String>> manifests = upstream.apply("manifests", View.asMap());
    return actions
        .apply("execute", ParDo.of(new Execute(run, manifests)).withSideInputs(manifests))
        .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()));
  }

  /** Hands an action to the run; idempotent, since the store is. */
  private static final class Execute extends DoFn<Integer, KV<Integer, String>> {
    private static final long serialVersionUID = 1L;

    private final String run;
    private final PCollectionView<Map<Integer, String>> manifests;

    Execute(String run, PCollectionView<Map<Integer, String>> manifests) {
      this.run = run;
      this.manifests = manifests;
    }

    @ProcessElement
    public void process(ProcessContext context) throws Exception {
      Map<Integer, String> upstream = new HashMap<>(context.sideInput(manifests));
      int action = context.element();
      context.output(KV.of(action, LocalRun.find(run).execute(action, upstream)));
    }
  }
}
