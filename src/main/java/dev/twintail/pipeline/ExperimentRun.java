package dev.twintail.pipeline;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.Outcome;
import dev.twintail.blob.Blob;
import dev.twintail.concurrent.Parallel;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.record.RunRecord;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.Stage;
import dev.twintail.stage.TrainSiamese;
import dev.twintail.store.StoreException;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Runs an experiment: looks up what is known, and lets Beam execute the rest. */
public final class ExperimentRun {
  private final Workspace workspace;
  private final Trainer trainer;
  private final int workers;
  private final RunListener listener;
  private final Preimages preimages;
  private final Belief belief;

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
        Preimages.in(environment(trainer)),
        Belief.NAMES_AND_SIZES);
  }

  private ExperimentRun(
      Workspace workspace,
      Trainer trainer,
      int workers,
      RunListener listener,
      Preimages preimages,
      Belief belief) {
    this.workspace = workspace;
    this.trainer = trainer;
    this.workers = workers;
    this.listener = listener;
    this.preimages = preimages;
    this.belief = belief;
  }

  /** Returns the same with other preimages, such as those of another version of a stage. */
  ExperimentRun with(Preimages others) {
    return new ExperimentRun(workspace, trainer, workers, listener, others, belief);
  }

  /** Returns the same with another belief in what the store says. */
  public ExperimentRun with(Belief other) {
    return new ExperimentRun(workspace, trainer, workers, listener, preimages, other);
  }

  /** Returns the numeric environment of {@code trainer} as keys hold it. */
  public static Map<String, String> environment(Trainer trainer) {
    Map<String, String> environment = new LinkedHashMap<>();
    trainer.environment().forEach(f -> environment.put(f.name(), f.value()));
    return environment;
  }

  /**
   * Executes what is pending and returns what was done. If nothing is pending, neither Beam nor a
   * native library is loaded.
   *
   * <p>What an action reads is verified as it is read, and so are the results. If some of that is
   * lost, everything is looked at byte for byte, and what is missing or damaged is made again.
   *
   * @param id names the run
   * @throws UntrainableException if the trainer cannot train a model; nothing was executed then
   * @throws Exception the first failure of an action, as the action threw it, or what the store or
   *     the sources throw; actions under way are waited for, and their results kept
   */
  public Summary run(String id, Experiment experiment, Sources sources) throws Exception {
    Map<ActionKey, LocalRun.Done> earlier = new HashMap<>();
    Belief current = belief;
    while (true) {
      Plan plan = plan(experiment, current);
      listener.planned(plan);
      refuse(plan);
      Map<Integer, LocalRun.Done> done = new HashMap<>();
      try {
        if (!plan.pending().isEmpty()) {
          workspace.objects().requireWritable();
          if (plan.pending().stream().anyMatch(n -> readsSources(n))) {
            sources.require(experiment);
          }
          execute(id, plan, done);
        }
        if (plan.graph().results().isPresent()) {
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
        }
        if (plan.pending().isEmpty()) {
          throw new IOException("Cannot read what a sweep decided; run again to decide it anew");
        }
      } catch (LostBlobException e) {
        if (current == Belief.NOTHING) {
          throw e;
        }
        current = Belief.NOTHING;
      }
      done.values().forEach(d -> earlier.put(d.key(), d));
    }
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
          Blob preimage =
              plan.preimage(node)
                  .orElseThrow(() -> new IllegalStateException("Cannot tell the key of " + node))
                  .blob();
          if (!workspace.blobs().contains(preimage.digest())) {
            try {
              workspace.blobs().put(preimage);
            } catch (StoreException e) {
              if (e.kind() != StoreException.Kind.WRITE_DENIED) {
                throw e;
              }
            }
          }
        });
  }

  /** Tells before the first action what the trainer cannot do at all. */
  private void refuse(Plan plan) {
    for (Graph.Node node : plan.pending()) {
      if (node.stage() instanceof TrainSiamese training) {
        Optional<String> refusal = training.refusal(trainer);
        if (refusal.isPresent()) {
          throw new UntrainableException(
              "Cannot train "
                  + String.join(", ", node.models())
                  + ": "
                  + refusal.get()
                  + "; choose other models");
        }
      }
    }
  }

  private static boolean readsSources(Graph.Node node) {
    return node.stage().inputs().values().stream().anyMatch(i -> i instanceof Stage.Input.Pinned);
  }

  /**
   * @param done receives what was executed, also where an action fails
   */
  private void execute(String id, Plan plan, Map<Integer, LocalRun.Done> done) throws Exception {
    LocalRun run = LocalRun.start(id, plan, workspace, trainer, listener, workers);
    try {
      try (run) {
        ExperimentPipeline.run(plan, id, workers);
      } catch (RuntimeException e) {
        Throwable cause = run.failure().orElse(e);
        if (cause instanceof Exception exception) {
          throw exception;
        }
        if (cause instanceof Error error) {
          throw error;
        }
        throw e;
      }
    } finally {
      done.putAll(run.done());
    }
  }

  /**
   * @param done what was executed of this plan, by node index
   * @param earlier what was executed before a sweep let the graph grow
   */
  private static Summary summarize(
      Plan plan, Map<Integer, LocalRun.Done> done, Map<ActionKey, LocalRun.Done> earlier) {
    List<RunRecord.Step> steps = new ArrayList<>();
    Map<Graph.Node, Plan.Known> known = new HashMap<>();
    for (Graph.Node node : plan.graph().nodes()) {
      LocalRun.Done step = done.get(node.index());
      if (step == null) {
        Plan.Known before =
            plan.known(node)
                .orElseThrow(() -> new IllegalStateException("Cannot tell what became of " + node));
        Outcome reused = new Outcome(before.manifest(), true, Duration.ZERO);
        step = earlier.getOrDefault(before.key(), new LocalRun.Done(before.key(), reused));
      }
      steps.add(RunRecord.Step.of(node.name(), node.models(), step.key(), step.outcome()));
      known.put(node, new Plan.Known(step.key(), step.outcome().manifest()));
    }
    Plan after = plan.with(known);
    Manifest results =
        plan.graph()
            .results()
            .flatMap(after::known)
            .map(Plan.Known::manifest)
            .orElseThrow(() -> new IllegalStateException("No results were gathered"));
    return new Summary(steps, results, after);
  }
}
