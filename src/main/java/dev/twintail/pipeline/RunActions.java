package dev.twintail.pipeline;

import dev.twintail.store.StoreException;
import dev.twintail.store.StoreException.StoreFault;
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
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * Executes the actions of one stage, given by node index, after those whose manifests it is given.
 * Only indices and manifests (names and digests) travel; the bytes stay in the store.
 */
final class RunActions extends PTransform<PCollection<Integer>, PCollection<KV<Integer, String>>> {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final PCollection<KV<Integer, String>> upstream;
  private final BeamRunner.RunnerName runner;
  private final int groups;

  private RunActions(
      Job job,
      PCollection<KV<Integer, String>> upstream,
      BeamRunner.RunnerName runner,
      int groups) {
    this.job = job;
    this.upstream = upstream;
    this.runner = runner;
    this.groups = groups;
  }

  /**
   * Returns the transform that waits for {@code upstream} and then executes what it is given.
   *
   * @param actions how many that will be
   */
  static RunActions after(
      PCollection<KV<Integer, String>> upstream,
      Job job,
      BeamRunner.RunnerName runner,
      int actions) {
    return new RunActions(job, upstream, runner, Math.max(1, (int) Math.sqrt(actions)));
  }

  @Override
  public PCollection<KV<Integer, String>> expand(PCollection<Integer> actions) {
    PCollectionView<Map<Integer, String>> manifests = upstream.apply("read", View.asMap());
    PCollection<KV<Integer, Integer>> keyed =
        actions.apply(
            WithKeys.<Integer, Integer>of(i -> i).withKeyType(TypeDescriptors.integers()));
    // Each action is a bundle of its own, so that a long one holds up no other. Flink deals them to
    // its slots in turn, where grouping by hash would give some slots several and others none. The
    // runner of this process prepares every function anew for every bundle: so an action meets one,
    // and what it puts out goes on in few bundles. That runner copies a group whenever it grows,
    // which one group of all would make quadratic.
    PCollection<KV<Integer, KV<Integer, String>>> done =
        runner == BeamRunner.RunnerName.DIRECT
            ? execute(keyed.apply(GroupByKey.create()), manifests)
            : execute(keyed.apply(Reshuffle.of()), manifests);
    return done.apply("gather", GroupByKey.create())
        .apply("groups", Values.create())
        .apply("manifests", Flatten.iterables());
  }

  private <V> PCollection<KV<Integer, KV<Integer, String>>> execute(
      PCollection<KV<Integer, V>> apart, PCollectionView<Map<Integer, String>> manifests) {
    return apart
        .apply(
            "execute", ParDo.of(new Execute<V>(job, manifests, groups)).withSideInputs(manifests))
        .setCoder(KvCoder.of(VarIntCoder.of(), coder()));
  }

  /** Returns how an action and its manifest travel. */
  static KvCoder<Integer, String> coder() {
    return KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of());
  }

  /**
   * Hands an action to the worker of this JVM; idempotent, since the store is.
   *
   * @param <V> whatever keeps actions apart
   */
  static final class Execute<V> extends DoFn<KV<Integer, V>, KV<Integer, KV<Integer, String>>> {
    private static final long serialVersionUID = 1L;
    private static final long POLL_MILLIS = 1000;

    private final Job job;
    private final PCollectionView<Map<Integer, String>> manifests;
    private final int groups;
    private final StringSet failures = Metrics.stringSet(ActionFailure.class, ActionFailure.METRIC);
    private transient @Nullable Worker worker;

    /** Actions of the bundle that other processes have begun, with what they read. */
    private transient Map<Integer, Map<Integer, String>> elsewhere = new LinkedHashMap<>();

    Execute(Job job, PCollectionView<Map<Integer, String>> manifests, int groups) {
      this.job = job;
      this.manifests = manifests;
      this.groups = groups;
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
      int action = context.element().getKey();
      Map<Integer, String> upstream = context.sideInput(manifests);
      Worker.Attempt attempt = attempt(action, upstream);
      if (attempt.fate() == Worker.Fate.DONE) {
        context.output(done(action, attempt));
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
            context.output(
                done(action, attempt), BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
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

    private KV<Integer, KV<Integer, String>> done(int action, Worker.Attempt attempt) {
      return KV.of(action % groups, KV.of(action, attempt.manifest()));
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
      return e instanceof StoreException store && store.kind() == StoreFault.OTHER;
    }
  }
}
