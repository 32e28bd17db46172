package dev.twintail.pipeline;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.action.Outcome;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.record.Provenance;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Learns from the store how the workers of a run get on, which all runners allow: an action is done
 * once its manifest is there, and then the keys of those that read it are known.
 */
final class StoreWatch {
  private static final long PERIOD_MILLIS = 1000;

  private final String run;
  private final Plan plan;
  private final List<Graph.Node> left;
  private final Workspace workspace;
  private final RunListener listener;
  private final Map<Integer, Worker.Done> done = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::watch, "twintail-progress");

  private StoreWatch(
      String run, Plan plan, List<Graph.Node> actions, Workspace workspace, RunListener listener) {
    this.run = run;
    this.plan = plan;
    this.left = new ArrayList<>(actions);
    this.workspace = workspace;
    this.listener = listener;
    thread.setDaemon(true);
  }

  /**
   * @param actions those to watch, each after those that it reads
   * @param listener hears of each that is finished
   */
  static StoreWatch start(
      String run, Plan plan, List<Graph.Node> actions, Workspace workspace, RunListener listener) {
    StoreWatch watch = new StoreWatch(run, plan, actions, workspace, listener);
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (true) {
        long start = System.nanoTime();
        try {
          look();
        } catch (IOException e) {
          // It is only for show; the next look, or the last one, tells.
        }
        // A distant store with many actions is asked less often.
        long took = (System.nanoTime() - start) / 1_000_000;
        Thread.sleep(Math.max(PERIOD_MILLIS, 10 * took));
      }
    } catch (InterruptedException e) {
      // The run has ended.
    }
  }

  private void look() throws IOException, InterruptedException {
    for (Graph.Node node : List.copyOf(left)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Optional<ActionKey> key =
          Preimages.inputs(node.stage(), s -> manifest(plan.graph().node(s)))
              .map(inputs -> plan.preimage(node.stage(), inputs).key());
      Optional<Manifest> manifest =
          key.isPresent() ? workspace.cache().lookup(key.get()) : Optional.empty();
      if (manifest.isPresent()) {
        Outcome outcome = outcome(key.get(), manifest.get());
        done.put(node.index(), new Worker.Done(key.get(), outcome));
        left.remove(node);
        listener.finished(node, outcome);
      }
    }
  }

  private Optional<Manifest> manifest(Graph.Node node) {
    Worker.@Nullable Done found = done.get(node.index());
    return found != null
        ? Optional.of(found.outcome().manifest())
        : plan.known(node).map(Plan.KnownResult::manifest);
  }

  private Outcome outcome(ActionKey key, Manifest manifest) throws IOException {
    for (Provenance execution : ProvenanceLog.of(key, workspace.objects())) {
      if (execution.run().equals(run)) {
        return new Outcome(manifest, false, execution.elapsed());
      }
    }
    return new Outcome(manifest, true, Duration.ZERO);
  }

  /** Stops watching, and looks a last time. */
  Map<Integer, Worker.Done> end() throws IOException, InterruptedException {
    stop();
    look();
    // Provenance comes after the manifest, so an early look may have missed it.
    for (Map.Entry<Integer, Worker.Done> each : done.entrySet()) {
      Worker.Done seen = each.getValue();
      if (seen.outcome().reused()) {
        each.setValue(new Worker.Done(seen.key(), outcome(seen.key(), seen.outcome().manifest())));
      }
    }
    return done;
  }

  /** Stops watching; harmless where it has stopped. */
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
