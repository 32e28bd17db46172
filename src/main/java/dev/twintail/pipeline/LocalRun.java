package dev.twintail.pipeline;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.Outcome;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.TableFormatException;
import dev.twintail.stage.Stage;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A run inside this JVM. Beam copies its functions by serialization, so they carry the run's id and
 * find here what cannot travel: the plan, the store and the listener.
 */
final class LocalRun implements AutoCloseable {
  private static final Map<String, LocalRun> RUNS = new ConcurrentHashMap<>();

  /** What became of one action. */
  record Done(ActionKey key, Outcome outcome) {}

  private final String id;
  private final Plan plan;
  private final Workspace workspace;
  private final Trainer trainer;
  private final RunListener listener;
  private final Semaphore workers;
  private final Map<Integer, Done> done = new ConcurrentHashMap<>();
  private final int permits;
  private volatile @Nullable Throwable failure;
  private volatile boolean ended;

  private LocalRun(
      String id,
      Plan plan,
      Workspace workspace,
      Trainer trainer,
      RunListener listener,
      int workers) {
    this.id = id;
    this.plan = plan;
    this.workspace = workspace;
    this.trainer = trainer;
    this.listener = listener;
    // Beam may start as many elements at once as it likes; this is what limits them.
    this.workers = new Semaphore(workers, true);
    this.permits = workers;
  }

  static LocalRun start(
      String id,
      Plan plan,
      Workspace workspace,
      Trainer trainer,
      RunListener listener,
      int workers) {
    LocalRun run = new LocalRun(id, plan, workspace, trainer, listener, workers);
    RUNS.put(id, run);
    return run;
  }

  static LocalRun find(String id) {
    LocalRun run = RUNS.get(id);
    if (run == null) {
      throw new IllegalStateException("Cannot find run " + id + " in this process");
    }
    return run;
  }

  /**
   * Executes one action, or reuses its result.
   *
   * @param upstream manifests of this run's earlier actions, by node index
   * @return the manifest's text
   */
  String execute(int index, Map<Integer, String> upstream) throws Exception {
    workers.acquire();
    try {
      if (ended || failure != null) {
        throw new CancellationException("Another action failed");
      }
      return executeNow(plan.graph().nodes().get(index), upstream);
    } catch (CancellationException e) {
      throw e;
    } catch (Exception | Error e) {
      failure = failure == null ? e : failure;
      throw e;
    } finally {
      workers.release();
    }
  }

  private String executeNow(Graph.Node node, Map<Integer, String> upstream) throws Exception {
    Stage stage = node.stage();
    Map<String, Digest> inputs =
        Preimages.inputs(stage, s -> manifest(s, upstream))
            .orElseThrow(
                () -> new IllegalStateException("Cannot run " + node + ": an input is missing"));
    Preimage preimage = plan.preimage(stage, inputs);
    listener.started(node);
    Outcome outcome;
    try {
      outcome =
          workspace
              .executor()
              .execute(preimage, () -> stage.run(role -> read(role, inputs), trainer));
    } catch (TableFormatException | IllegalArgumentException e) {
      rejectOdd(stage, inputs);
      throw e;
    }
    done.put(node.index(), new Done(preimage.key(), outcome));
    listener.finished(node, outcome);
    return new String(outcome.manifest().bytes(), StandardCharsets.UTF_8);
  }

  private Optional<Manifest> manifest(Stage stage, Map<Integer, String> upstream) {
    Graph.Node node = plan.graph().node(stage);
    String text = upstream.get(node.index());
    if (text == null) {
      return plan.known(node).map(Plan.Known::manifest);
    }
    try {
      return Optional.of(Manifest.parse(text.getBytes(StandardCharsets.UTF_8)));
    } catch (MalformedException e) {
      throw new IllegalStateException("Cannot read the manifest of " + node, e);
    }
  }

  private byte[] read(String role, Map<String, Digest> inputs) throws IOException {
    Digest digest = inputs.get(role);
    if (digest == null) {
      throw new IllegalStateException("Cannot read input " + role + ": there is none");
    }
    Optional<Blob> blob = workspace.blobs().get(digest);
    if (blob.isEmpty()) {
      throw LostBlobException.of("input " + role, digest);
    }
    return blob.get().bytes();
  }

  /** Puts aside records that name, as what an action put out, what it cannot have put out. */
  private void rejectOdd(Stage stage, Map<String, Digest> inputs) throws IOException {
    for (Map.Entry<String, Stage.Input> input : stage.inputs().entrySet()) {
      if (input.getValue() instanceof Stage.Input.OutputOf output) {
        byte[] bytes = read(input.getKey(), inputs);
        Optional<String> odd = odd(output.output(), bytes);
        Optional<Plan.Known> known = plan.known(plan.graph().node(output.stage()));
        if (odd.isPresent() && known.isPresent()) {
          String blob = Digest.of(bytes).abbreviated();
          workspace
              .cache()
              .reject(
                  known.get().key(),
                  known.get().manifest(),
                  "it names blob " + blob + "… as " + output.output());
          throw new IOException(
              "Cannot read "
                  + output.output()
                  + " of "
                  + plan.graph().node(output.stage())
                  + ", blob "
                  + blob
                  + "…: "
                  + odd.get()
                  + "; its record was put aside: run again to make it anew");
        }
      }
    }
  }

  /** Returns what is odd about bytes of that file name, if anything is. */
  private static Optional<String> odd(String name, byte[] bytes) {
    try {
      if (name.endsWith(".arrow")) {
        ArrowFiles.decode(bytes);
      } else if (name.endsWith(".safetensors")) {
        Safetensors.decode(bytes);
      }
      return Optional.empty();
    } catch (TableFormatException | IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  Map<Integer, Done> done() {
    return done;
  }

  /** Returns why the run failed, if an action did. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Starts no more actions, and waits for those under way: their results are kept. */
  @Override
  public void close() {
    ended = true;
    workers.acquireUninterruptibly(permits);
    RUNS.remove(id);
  }
}
