package dev.twintail.pipeline;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.Outcome;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.MemoryBudget;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.record.RunRecord;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.Stage;
import dev.twintail.store.StoreException;
import dev.twintail.store.StoreException.StoreFault;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs an experiment: looks up what is known, and lets Beam execute the rest. */
public final class ExperimentRun {
  private final Workspace workspace;
  private final Trainer trainer;
  private final int workers;
  private final RunListener listener;
  private final Preimages preimages;
  private final Belief belief;
  private final BeamRunner runner;
  private final Supplier<? extends WorkSite> site;
  private final OnFailure onFailure;

  /** What a run believes of the results that it reuses and does not read itself. */
  public enum Belief {
    /** Names and sizes, as a plan does. */
    NAMES_AND_SIZES,
    /** Nothing: every byte is read and hashed first. */
    NOTHING
  }

  /** Makes sure that files pinned by the spec are in the store before a stage reads them. */
  @FunctionalInterface
  public interface Sources {
    void require(Experiment experiment) throws Exception;
  }

  /**
   * What a run did.
   *
   * @param steps one an action, in the order of the graph
   * @param results the manifest of the results
   * @param after what is known now: all of it
   */
  public record Summary(List<RunRecord.Step> steps, Manifest results, Plan after) {
    public Summary {
      steps = List.copyOf(steps);
    }

    /**
     * Returns the actions that were executed, in the order of the graph. They are fewer than were
     * pending where an action came out as before.
     */
    public List<Graph.Node> executed() {
      return after.graph().nodes().stream()
          .filter(n -> steps.get(n.index()).status() == RunRecord.Status.EXECUTED)
          .toList();
    }
  }

  /**
   * @param workers how many actions are executed at once
   */
  public ExperimentRun(Workspace workspace, Trainer trainer, int workers, RunListener listener) {
    this(
        workspace,
        trainer,
        workers,
        listener,
        Preimages.of(trainer),
        Belief.NAMES_AND_SIZES,
        BeamRunner.direct(),
        () -> HereOnly.SITE,
        OnFailure.STOP);
  }

  private ExperimentRun(
      Workspace workspace,
      Trainer trainer,
      int workers,
      RunListener listener,
      Preimages preimages,
      Belief belief,
      BeamRunner runner,
      Supplier<? extends WorkSite> site,
      OnFailure onFailure) {
    this.workspace = workspace;
    this.trainer = trainer;
    this.workers = workers;
    this.listener = listener;
    this.preimages = preimages;
    this.belief = belief;
    this.runner = runner;
    this.site = site;
    this.onFailure = onFailure;
  }

  /** Returns the same with other preimages, such as those of another version of a stage. */
  ExperimentRun with(Preimages others) {
    return new ExperimentRun(
        workspace, trainer, workers, listener, others, belief, runner, site, onFailure);
  }

  /** Returns the same with another belief in what the store says. */
  public ExperimentRun with(Belief other) {
    return new ExperimentRun(
        workspace, trainer, workers, listener, preimages, other, runner, site, onFailure);
  }

  /** Returns the same that does something else when an action fails. */
  public ExperimentRun with(OnFailure other) {
    return new ExperimentRun(
        workspace, trainer, workers, listener, preimages, belief, runner, site, other);
  }

  /**
   * Returns the same on another runner.
   *
   * @param place where its workers find what they need; asked only if something is pending
   */
  public ExperimentRun on(BeamRunner other, Supplier<? extends WorkSite> place) {
    return new ExperimentRun(
        workspace, trainer, workers, listener, preimages, belief, other, place, onFailure);
  }

  /**
   * Executes what is pending and returns what was done. If nothing is pending, neither Beam nor a
   * native library is loaded.
   *
   * <p>What an action reads is verified as it is read, and so are the results. If some of that is
   * lost, everything is looked at byte for byte, and what is missing or damaged is made again.
   *
   * @param id names the run
   * @throws dev.twintail.plan.NotEnoughMemoryException if the actions that would run at once do not
   *     fit into this process; none of them was begun
   * @throws UntrainableException if the trainer cannot train models, of which it names all; nothing
   *     was executed then
   * @throws RunnerException if it cannot be executed where it was asked for
   * @throws FailedActionsException if actions failed while the others went on
   * @throws Exception the first failure of an action, as the action threw it, or what the store or
   *     the sources throw; actions under way are waited for, and their results kept
   */
  public Summary run(String id, Experiment experiment, Sources sources) throws Exception {
    Map<ActionKey, Worker.Done> earlier = new HashMap<>();
    Map<ActionName, ActionFailure> failed = new HashMap<>();
    Belief current = belief;
    for (int pass = 1; ; pass++) {
      Plan plan = plan(experiment, current);
      listener.planned(plan);
      refuse(plan);
      List<Graph.Node> actions = possible(plan, failed.keySet());
      Map<Integer, Worker.Done> done = new HashMap<>();
      try {
        if (!actions.isEmpty()) {
          if (runner.engine() == BeamRunner.RunnerName.DIRECT) {
            MemoryBudget.require(actions, workers);
          }
          workspace.objects().requireWritable();
          if (runner.engine() == BeamRunner.RunnerName.FLINK) {
            FlinkCluster.require(runner);
          }
          if (actions.stream().anyMatch(n -> readsSources(n))) {
            sources.require(experiment);
          }
          Job job = new Job(id, pass, site.get(), plan.graph().choices(), slots(), onFailure);
          execute(job, experiment, plan, actions, done)
              .forEach(f -> failed.put(plan.graph().nodes().get(f.action()).name(), f));
        }
        if (current != Belief.NOTHING && failed.values().removeIf(ActionFailure::isLostBlob)) {
          current = Belief.NOTHING;
        } else if (!failed.isEmpty() && (actions.isEmpty() || plan.graph().results().isPresent())) {
          throw failure(plan, failed, done, earlier);
        } else if (failed.isEmpty() && plan.graph().results().isPresent()) {
          Summary summary = summarize(plan, done, earlier);
          requireIntact(summary.results());
          boolean executed =
              summary.steps().stream().anyMatch(s -> s.status() == RunRecord.Status.EXECUTED);
          // Each costs a request: where nothing was done and asking is slow, it is left to those
          // who verify.
          if (executed || current == Belief.NOTHING || !workspace.objects().isDistant()) {
            restorePreimages(summary.after());
          }
          if (executed) {
            new ManifestPacks(workspace.objects()).add(id, summary.after().manifests());
          }
          return summary;
        } else if (actions.isEmpty()) {
          throw new IOException("Cannot read what a sweep decided; run again to decide it anew");
        }
      } catch (LostBlobException e) {
        if (current == Belief.NOTHING) {
          throw e;
        }
        current = Belief.NOTHING;
      } catch (OddRecordException e) {
        Optional<Plan.KnownResult> odd = plan.known(plan.graph().nodes().get(e.action()));
        if (odd.isPresent()) {
          workspace.cache().reject(odd.get().key(), odd.get().manifest(), e.finding());
        }
        throw e;
      }
      done.values().forEach(d -> earlier.put(d.key(), d));
    }
  }

  /** Elsewhere every machine knows best how much it can do at once. */
  private int slots() {
    return runner.engine() == BeamRunner.RunnerName.DIRECT ? workers : 0;
  }

  /** Returns the pending actions that neither failed nor depend on one that did. */
  private static List<Graph.Node> possible(Plan plan, Set<ActionName> failed) {
    Set<Graph.Node> possible = new LinkedHashSet<>();
    for (Graph.Node node : plan.pending()) {
      if (!failed.contains(node.name()) && possible.containsAll(plan.waitsFor(node))) {
        possible.add(node);
      }
    }
    return List.copyOf(possible);
  }

  private static FailedActionsException failure(
      Plan plan,
      Map<ActionName, ActionFailure> failed,
      Map<Integer, Worker.Done> done,
      Map<ActionKey, Worker.Done> earlier) {
    SortedMap<Graph.Node, ActionFailure> failures =
        new TreeMap<>(Comparator.comparingInt(Graph.Node::index));
    List<Graph.Node> waiting = new ArrayList<>();
    for (Graph.Node node : plan.pending()) {
      ActionFailure failure = failed.get(node.name());
      if (failure != null) {
        failures.put(node, failure);
      } else if (!done.containsKey(node.index())) {
        waiting.add(node);
      }
    }
    long kept =
        Stream.concat(done.values().stream(), earlier.values().stream())
            .filter(d -> !d.outcome().reused())
            .map(Worker.Done::key)
            .distinct()
            .count();
    return FailedActionsException.of(failures, waiting, kept);
  }

  private Plan plan(Experiment experiment, Belief current)
      throws IOException, InterruptedException {
    return current == Belief.NOTHING
        ? Plan.resolve(experiment, preimages, workspace, workers)
        : Plan.present(experiment, preimages, workspace, workers);
  }

  private void requireIntact(Manifest results) throws IOException, InterruptedException {
    Parallel.forEach(
        List.copyOf(new TreeSet<>(results.outputs().values())),
        Math.max(workers, workspace.objects().parallelism()),
        digest -> {
          if (!workspace.blobs().verify(digest)) {
            throw LostBlobException.of("the results", digest);
          }
        });
  }

  /** Puts back what keys were made of where it went missing, since collections need it. */
  private void restorePreimages(Plan plan) throws IOException, InterruptedException {
    Parallel.forEach(
        plan.graph().nodes(),
        Math.max(workers, workspace.objects().parallelism()),
        node -> {
          Optional<Digest> known = plan.known(node).flatMap(Plan.KnownResult::preimage);
          if (known.isPresent() && workspace.blobs().contains(known.get())) {
            return;
          }
          Blob preimage =
              plan.preimage(node)
                  .orElseThrow(() -> new IllegalStateException("Cannot tell the key of " + node))
                  .blob();
          if (!workspace.blobs().contains(preimage.digest())) {
            try {
              workspace.blobs().put(preimage);
            } catch (StoreException e) {
              if (e.kind() != StoreFault.WRITE_DENIED) {
                throw e;
              }
            }
          }
        });
  }

  /** Tells before the first action what the trainer cannot do at all. */
  private void refuse(Plan plan) {
    List<Untrainable> untrainable = Untrainable.of(plan, trainer);
    if (!untrainable.isEmpty()) {
      throw new UntrainableException(
          "Cannot train "
              + untrainable.stream().map(Untrainable::toString).collect(Collectors.joining("; "))
              + "; choose other models");
    }
  }

  private static boolean readsSources(Graph.Node node) {
    return node.stage().inputs().values().stream().anyMatch(i -> i instanceof Stage.Input.Pinned);
  }

  /**
   * @param done receives what was executed, also where an action fails
   * @return what failed while the others went on
   */
  private List<ActionFailure> execute(
      Job job,
      Experiment experiment,
      Plan plan,
      List<Graph.Node> actions,
      Map<Integer, Worker.Done> done)
      throws Exception {
    if (runner.engine() != BeamRunner.RunnerName.DIRECT) {
      return executeElsewhere(job, plan, actions, done);
    }
    WorkSite.Equipment ours =
        new WorkSite.Equipment(experiment, preimages, workspace, trainer, Optional.empty());
    Worker worker = Worker.lend(job, plan.graph(), ours, listener);
    try (worker) {
      return ExperimentPipeline.run(plan, actions, job, runner, workers);
    } catch (RuntimeException e) {
      throw thrown(worker.failure().orElse(e), e);
    } finally {
      done.putAll(worker.done());
    }
  }

  private List<ActionFailure> executeElsewhere(
      Job job, Plan plan, List<Graph.Node> actions, Map<Integer, Worker.Done> done)
      throws Exception {
    StoreWatch watch = StoreWatch.start(job.run(), plan, actions, workspace, listener);
    try {
      List<ActionFailure> failures = ExperimentPipeline.run(plan, actions, job, runner, workers);
      done.putAll(watch.end());
      return failures;
    } catch (RuntimeException e) {
      Throwable cause = ExperimentPipeline.cause(e);
      watch.stop();
      FailurePlace.of(cause)
          .ifPresent(p -> listener.failedElsewhere(plan.graph().nodes().get(p.action()), p.host()));
      Optional<IOException> ending = FlinkCluster.ending(e);
      throw ending.isPresent() ? ending.get() : thrown(cause, e);
    } finally {
      watch.stop();
      Worker.end(job);
    }
  }

  private static Exception thrown(Throwable cause, RuntimeException wrapper) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof Exception exception ? exception : wrapper;
  }

  /**
   * @param done what was executed of this plan, by node index
   * @param earlier what was executed before a sweep let the graph grow
   */
  private static Summary summarize(
      Plan plan, Map<Integer, Worker.Done> done, Map<ActionKey, Worker.Done> earlier) {
    List<RunRecord.Step> steps = new ArrayList<>();
    Map<Graph.Node, Plan.KnownResult> known = new HashMap<>();
    for (Graph.Node node : plan.graph().nodes()) {
      Worker.Done step = done.get(node.index());
      if (step == null) {
        Plan.KnownResult before =
            plan.known(node)
                .orElseThrow(() -> new IllegalStateException("Cannot tell what became of " + node));
        Outcome reused = new Outcome(before.manifest(), true, Duration.ZERO);
        step = earlier.getOrDefault(before.key(), new Worker.Done(before.key(), reused));
      }
      steps.add(RunRecord.Step.of(node.name(), node.models(), step.key(), step.outcome()));
      Optional<Digest> preimage = plan.known(node).flatMap(Plan.KnownResult::preimage);
      known.put(node, new Plan.KnownResult(step.key(), step.outcome().manifest(), preimage));
    }
    Plan after = plan.with(known);
    Manifest results =
        plan.graph()
            .results()
            .flatMap(after::known)
            .map(Plan.KnownResult::manifest)
            .orElseThrow(() -> new IllegalStateException("No results were gathered"));
    return new Summary(steps, results, after);
  }
}
