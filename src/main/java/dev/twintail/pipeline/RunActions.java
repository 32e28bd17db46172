package dev.twintail.pipeline;

import dev.twintail.store.StoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.StringSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/**
 * Executes the actions of one stage, given by node index, after those whose manifests it is given.
 * Only indices and manifests (names and digests) travel; the bytes stay in the store.
 */
final class RunActions extends PTransform<PCollection<Integer>, PCollection<KV<Integer, String>>> {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final PCollection<KV<Integer, String>> upstream;

  private RunActions(Job job, PCollection<KV<Integer, String>> upstream) {
    this.job = job;
    this.upstream = upstream;
  }

  /** Returns the transform that waits for {@code upstream} and then executes what it is given. */
  static RunActions after(PCollection<KV<Integer, String>> upstream, Job job) {
    return new RunActions(job, upstream);
  }

  @Override
  public PCollection<KV<Integer, String>> expand(PCollection<Integer> actions) {
    PCollectionView<Map<Integer, String>> manifests = upstream.apply("manifests", View.asMap());
    return actions
        .apply("execute", ParDo.of(new Execute(job, manifests)).withSideInputs(manifests))
        .setCoder(coder());
  }

  /** Returns how an action and its manifest travel. */
  static KvCoder<Integer, String> coder() {
    return KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of());
  }

  /** Hands an action to the worker of this JVM; idempotent, since the store is. */
  static final class Execute extends DoFn<Integer, KV<Integer, String>> {
    private static final long serialVersionUID = 1L;
    private static final long POLL_MILLIS = 1000;

    private final Job job;
    private final PCollectionView<Map<Integer, String>> manifests;
    private final StringSet failures = Metrics.stringSet(ActionFailure.class, ActionFailure.METRIC);
    private transient @Nullable Worker worker;

    /** Actions of the bundle that other processes have begun, with what they read. */
    private transient Map<Integer, Map<Integer, String>> elsewhere = new LinkedHashMap<>();

    Execute(Job job, PCollectionView<Map<Integer, String>> manifests) {
      this.job = job;
      this.manifests = manifests;
    }

    @Setup
    public void open() throws Exception {
      elsewhere = new LinkedHashMap<>();
      try {
        worker = Worker.of(job);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw FlinkCluster.lasting(e);
      }
    }

    @StartBundle
    public void start() {
      elsewhere.clear();
    }

    @ProcessElement
    public void process(ProcessContext context) throws Exception {
      int action = context.element();
      Map<Integer, String> upstream = context.sideInput(manifests);
      Worker.Attempt attempt = attempt(action, upstream);
      if (attempt.fate() == Worker.Fate.DONE) {
        context.output(KV.of(action, attempt.manifest()));
      } else if (attempt.fate() == Worker.Fate.CLAIMED_ELSEWHERE) {
        elsewhere.put(action, upstream);
      }
    }

    /** Waits for what others are computing, or computes it when they have died. */
    @FinishBundle
    public void finish(FinishBundleContext context) throws Exception {
      while (!elsewhere.isEmpty()) {
        for (Map.Entry<Integer, Map<Integer, String>> each : List.copyOf(elsewhere.entrySet())) {
          int action = each.getKey();
          Worker.Attempt attempt = attempt(action, each.getValue());
          if (attempt.fate() == Worker.Fate.DONE) {
            KV<Integer, String> done = KV.of(action, attempt.manifest());
            context.output(done, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
          }
          if (attempt.fate() != Worker.Fate.CLAIMED_ELSEWHERE) {
            elsewhere.remove(action);
          }
        }
        if (!elsewhere.isEmpty()) {
          Thread.sleep(POLL_MILLIS);
        }
      }
    }

    private Worker.Attempt attempt(int action, Map<Integer, String> upstream) throws Exception {
      try {
        return Objects.requireNonNull(worker).execute(action, upstream);
      } catch (InterruptedException | CancellationException e) {
        throw e;
      } catch (Exception e) {
        if (job.failures() == OnFailure.STOP) {
          FailurePlace.note(action, e);
          throw isPassing(e) ? e : FlinkCluster.lasting(e);
        }
        failures.add(ActionFailure.of(action, e).text());
        return new Worker.Attempt(Worker.Fate.FAILED, "");
      }
    }

    /** A store that did not answer may answer later; what a stage throws, it throws again. */
    private static boolean isPassing(Exception e) {
      return e instanceof StoreException store && store.kind() == StoreException.StoreFault.OTHER;
    }
  }
}
