package dev.twintail.pipeline;

import dev.twintail.store.StoreException;
import dev.twintail.store.StoreException.StoreFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
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
final class RunActions
    extends PTransform<PCollection<List<Integer>>, PCollection<KV<Integer, String>>> {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final PCollection<KV<Integer, String>> upstream;

  private RunActions(Job job, PCollection<KV<Integer, String>> upstream) {
    this.job = job;
    this.upstream = upstream;
  }

  /**
   * Returns the transform that waits for {@code upstream} and then executes what it is given; the
   * actions of a list at once, as many as there are slots.
   */
  static RunActions after(PCollection<KV<Integer, String>> upstream, Job job) {
    return new RunActions(job, upstream);
  }

  @Override
  public PCollection<KV<Integer, String>> expand(PCollection<List<Integer>> actions) {
    PCollectionView<Map<Integer, String>> manifests = upstream.apply("read", View.asMap());
    return actions
        .apply("execute", ParDo.of(new Execute(job, manifests)).withSideInputs(manifests))
        .setCoder(coder());
  }

  /** Returns how an action and its manifest travel. */
  static KvCoder<Integer, String> coder() {
    return KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of());
  }

  /** Hands actions to the worker of this JVM; idempotent, since the store is. */
  static final class Execute extends DoFn<List<Integer>, KV<Integer, String>> {
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
      Map<Integer, String> upstream = context.sideInput(manifests);
      Map<Integer, Callable<Worker.Attempt>> begun = new LinkedHashMap<>();
      for (int action : context.element()) {
        begun.put(action, begin(action, upstream));
      }
      for (Map.Entry<Integer, Callable<Worker.Attempt>> each : begun.entrySet()) {
        int action = each.getKey();
        Worker.Attempt attempt = await(action, each.getValue());
        if (attempt.fate() == Worker.Fate.DONE) {
          context.output(KV.of(action, attempt.manifest()));
        } else if (attempt.fate() == Worker.Fate.CLAIMED_ELSEWHERE) {
          elsewhere.put(action, upstream);
        }
      }
    }

    /** Waits for what others are computing, or computes it when they have died. */
    @FinishBundle
    public void finish(FinishBundleContext context) throws Exception {
      while (!elsewhere.isEmpty()) {
        for (Map.Entry<Integer, Map<Integer, String>> each : List.copyOf(elsewhere.entrySet())) {
          int action = each.getKey();
          Worker.Attempt attempt = await(action, begin(action, each.getValue()));
          if (attempt.fate() == Worker.Fate.DONE) {
            context.output(
                KV.of(action, attempt.manifest()),
                BoundedWindow.TIMESTAMP_MIN_VALUE,
                GlobalWindow.INSTANCE);
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

    private Callable<Worker.Attempt> begin(int action, Map<Integer, String> upstream) {
      return Objects.requireNonNull(worker).begin(action, upstream);
    }

    private Worker.Attempt await(int action, Callable<Worker.Attempt> begun) throws Exception {
      try {
        return begun.call();
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
      return e instanceof StoreException store && store.kind() == StoreFault.OTHER;
    }
  }
}
