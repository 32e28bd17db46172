package dev.twintail.pipeline;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Claims;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.Outcome;
import dev.twintail.action.Preimage;
import dev.twintail.action.Work;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Preimages;
import dev.twintail.record.Machine;
import dev.twintail.result.TableFormatException;
import dev.twintail.stage.OutputFormats;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes actions of a job in this JVM. Beam makes many copies of its functions; all of those of
 * one job share one worker, which the first to need it opens, so that the graph is built once, and
 * so that not more actions run at once than there are slots, however many threads Beam has.
 */
final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Map<Job, Worker> OPEN = new ConcurrentHashMap<>();

  /** Tells those who look after a machine what it works on; nobody else hears of it there. */
  private static final RunListener LOGGED =
      new RunListener() {
        @Override
        public void started(Graph.Node node) {
          LOG.info("starts {}", node);
        }

        @Override
        public void finished(Graph.Node node, Outcome outcome) {
          LOG.info("{} {}", outcome.reused() ? "reused" : "finished", node);
        }
      };

  /** Stages that take long enough to be claimed. */
  private static final Set<StageName> TRAININGS =
      Set.of(StageName.PRETRAIN_TAIL, StageName.PRETRAIN_BODY, StageName.TRAIN_SIAMESE);

  /** What became of one action. */
  record Done(ActionKey key, Outcome outcome) {}

  /** How a call to execute an action ended. */
  enum Fate {
    DONE,
    /** It failed, or what it reads did, and the others go on. */
    FAILED,
    /** Another process has begun it; to be asked for again. */
    CLAIMED_ELSEWHERE
  }

  /**
   * What a call to execute an action gave.
   *
   * @param manifest its text, of what is done; empty else
   */
  record Attempt(Fate fate, String manifest) {}

  private final Job job;
  private final Graph graph;
  private final Preimages preimages;
  private final Workspace workspace;
  private final Trainer trainer;
  private final Optional<Claims> claims;
  private final RunListener listener;
  private final boolean lent;
  private final int permits;
  private final Semaphore slots;
  private final Map<Integer, Done> done = new ConcurrentHashMap<>();

  /** What is under way, in threads of its own; empty if lent. */
  private final Map<Integer, Future<Attempt>> flights = new ConcurrentHashMap<>();

  /** What others have claimed, now or before. */
  private final Set<Integer> left = ConcurrentHashMap.newKeySet();

  private final ExecutorService threads;
  private volatile @Nullable Throwable failure;
  private volatile boolean ended;

  private Worker(
      Job job, Graph graph, WorkSite.Equipment equipment, RunListener listener, boolean lent) {
    this.job = job;
    this.graph = graph;
    this.preimages = equipment.preimages();
    this.workspace = equipment.workspace();
    this.trainer = equipment.trainer();
    this.claims = equipment.claims();
    this.listener = listener;
    this.lent = lent;
    this.permits = job.slots() > 0 ? job.slots() : Runtime.getRuntime().availableProcessors();
    // Beam may start as many elements at once as it likes; this is what limits them.
    this.slots = new Semaphore(permits, true);
    this.threads =
        lent
            ? Executors.newFixedThreadPool(permits, Worker::thread)
            : Executors.newCachedThreadPool(Worker::thread);
  }

  /**
   * Spares the functions of a job in this JVM to open what its driver has open, and tells the
   * driver how it goes on.
   */
  static Worker lend(Job job, Graph graph, WorkSite.Equipment equipment, RunListener listener) {
    Worker worker = new Worker(job, graph, equipment, listener, true);
    OPEN.put(job, worker);
    return worker;
  }

  /** Returns the worker of a job in this JVM, and opens what it needs if it is the first call. */
  static Worker of(Job job) throws Exception {
    Worker known = OPEN.get(job);
    if (known != null) {
      return known;
    }
    synchronized (OPEN) {
      Worker worker = OPEN.get(job);
      if (worker == null) {
        WorkSite.Equipment equipment = equip(job);
        Graph graph = Graph.of(equipment.experiment(), job.choices());
        worker = new Worker(job, graph, equipment, LOGGED, false);
        OPEN.put(job, worker);
      }
      return worker;
    }
  }

  /** Its classes are this job's, whatever the engine does with the thread that asked for it. */
  private static Thread thread(Runnable action) {
    Thread thread = new Thread(action, "action");
    thread.setDaemon(true);
    thread.setContextClassLoader(Worker.class.getClassLoader());
    return thread;
  }

  private static WorkSite.Equipment equip(Job job) throws Exception {
    try {
      return job.site().open(job.run());
    } catch (IOException e) {
      throw new IOException(
          "Cannot work on " + Machine.current().host() + ": " + e.getMessage(), e);
    }
  }

  /** Ends what functions of this job have opened in this JVM. */
  static void end(Job job) throws IOException {
    Worker worker = OPEN.get(job);
    if (worker != null) {
      worker.close();
      worker.workspace.objects().close();
    }
  }

  /**
   * Executes one action, or reuses its result: in the driver's process after those that were begun
   * before, and elsewhere when what is returned is called, which waits for it.
   *
   * <p>Elsewhere than in the driver's process an action outlives its caller: an engine that lost a
   * machine ends what the others do as well, and gives it out anew. Who asks again for what is
   * under way here waits for that.
   *
   * @param upstream manifests of what it reads, by node index
   */
  Callable<Attempt> begin(int index, Map<Integer, String> upstream) {
    if (!lent) {
      return () -> execute(index, upstream);
    }
    Future<Attempt> begun =
        threads.submit(
            () -> {
              slots.acquire();
              return executeInSlot(index, upstream);
            });
    return () -> await(begun);
  }

  private Attempt execute(int index, Map<Integer, String> upstream) throws Exception {
    Future<Attempt> known = flights.get(index);
    if (known != null) {
      LOG.info("goes on with {}", graph.nodes().get(index));
      return await(known);
    }
    if (!slots.tryAcquire()) {
      // Actions whose callers were ended may hold the slots for long; what is done needs none.
      Optional<Attempt> reused = reuse(index, upstream);
      if (reused.isPresent()) {
        return reused.get();
      }
      // Here, so that a caller who is ended while it waits has begun nothing.
      slots.acquire();
    }
    FutureTask<Attempt> flight = new FutureTask<>(() -> executeInSlot(index, upstream));
    Future<Attempt> other = flights.putIfAbsent(index, flight);
    if (other != null) {
      slots.release();
      return await(other);
    }
    threads.execute(flight);
    return await(flight);
  }

  private Optional<Attempt> reuse(int index, Map<Integer, String> upstream) throws IOException {
    Graph.Node node = graph.nodes().get(index);
    Optional<ActionKey> key =
        Preimages.inputs(node.stage(), s -> manifest(s, upstream))
            .map(inputs -> preimages.of(node.stage(), inputs).key());
    Optional<Manifest> known =
        key.isPresent() ? workspace.cache().lookupVerified(key.get()) : Optional.empty();
    return known.map(
        manifest -> finish(node, key.get(), new Outcome(manifest, true, Duration.ZERO)));
  }

  private static Attempt await(Future<Attempt> flight) throws Exception {
    try {
      return flight.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Gives the slot back at the end, which the caller has taken. */
  private Attempt executeInSlot(int index, Map<Integer, String> upstream) throws Exception {
    try {
      if (ended || failure != null) {
        throw new CancellationException("Another action failed");
      }
      return executeNow(graph.nodes().get(index), upstream);
    } catch (CancellationException e) {
      throw e;
    } catch (Exception | Error e) {
      fail(e);
      throw e;
    } finally {
      flights.remove(index);
      slots.release();
    }
  }

  /** Elsewhere than in the driver's process, the engine decides whether to try again. */
  private void fail(Throwable e) {
    if (lent && (job.failures() == OnFailure.STOP || e instanceof Error)) {
      failure = failure == null ? e : failure;
    }
  }

  private Attempt executeNow(Graph.Node node, Map<Integer, String> upstream) throws Exception {
    Stage stage = node.stage();
    Optional<Map<String, Digest>> found = Preimages.inputs(stage, s -> manifest(s, upstream));
    if (found.isEmpty() && job.failures() == OnFailure.KEEP_GOING) {
      return new Attempt(Fate.FAILED, "");
    }
    Map<String, Digest> inputs =
        found.orElseThrow(
            () -> new IllegalStateException("Cannot run " + node + ": an input is missing"));
    Preimage preimage = preimages.of(stage, inputs);
    Work<Exception> work =
        () -> {
          if (!lent) {
            listener.started(node);
          }
          return stage.run(role -> read(role, inputs), trainer);
        };
    if (lent) {
      listener.started(node);
    }
    Optional<Outcome> outcome;
    try {
      outcome =
          claims.isPresent() && TRAININGS.contains(stage.name())
              ? workspace.executor().executeUnclaimed(preimage, work, claims.get())
              : Optional.of(workspace.executor().execute(preimage, work));
    } catch (TableFormatException | IllegalArgumentException e) {
      refuseOdd(stage, inputs);
      throw e;
    }
    if (outcome.isEmpty()) {
      if (left.add(node.index())) {
        LOG.info("leaves {} to whoever has claimed it", node);
      }
      return new Attempt(Fate.CLAIMED_ELSEWHERE, "");
    }
    return finish(node, preimage.key(), outcome.get());
  }

  private Attempt finish(Graph.Node node, ActionKey key, Outcome outcome) {
    done.put(node.index(), new Done(key, outcome));
    listener.finished(node, outcome);
    return new Attempt(Fate.DONE, text(outcome.manifest()));
  }

  /** Returns what travels of a manifest. */
  static String text(Manifest manifest) {
    return new String(manifest.bytes(), StandardCharsets.UTF_8);
  }

  private Optional<Manifest> manifest(Stage stage, Map<Integer, String> upstream) {
    Graph.Node node = graph.node(stage);
    String text = upstream.get(node.index());
    if (text == null) {
      return Optional.empty();
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

  /** Tells of a record that names, as what an action put out, what it cannot have put out. */
  private void refuseOdd(Stage stage, Map<String, Digest> inputs) throws IOException {
    for (Map.Entry<String, Stage.Input> input : stage.inputs().entrySet()) {
      if (input.getValue() instanceof Stage.Input.OutputOf output) {
        byte[] bytes = read(input.getKey(), inputs);
        Optional<String> odd = OutputFormats.fault(output.output(), bytes);
        if (odd.isPresent()) {
          Graph.Node maker = graph.node(output.stage());
          throw new OddRecordException(
              maker.index(), maker.toString(), output.output(), Digest.of(bytes), odd.get());
        }
      }
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
    slots.acquireUninterruptibly(permits);
    // Those that wait find that all has ended, and so do their callers.
    slots.release(permits);
    threads.shutdown();
    OPEN.remove(job);
  }
}
