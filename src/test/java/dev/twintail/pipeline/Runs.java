package dev.twintail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.Manifest;
import dev.twintail.action.Outcome;
import dev.twintail.cli.Reasons;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.record.RunRecord;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.stage.StageName;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;

/** Runs over one store, each like a process of its own. */
public final class Runs {
  /** What the store reported as damaged, in all runs. */
  final List<String> damaged = Collections.synchronizedList(new ArrayList<>());

  private final ObjectStore objects;

  public Runs(ObjectStore objects) {
    this.objects = objects;
  }

  public ExperimentRun.Summary run(Experiment experiment, int workers) throws Exception {
    return run(experiment, workers, new BlasTrainer());
  }

  public ExperimentRun.Summary run(Experiment experiment, int workers, Trainer trainer)
      throws Exception {
    return run(experiment, workers, trainer, StageName::version);
  }

  /** Runs as a program would whose stages have other versions. */
  public ExperimentRun.Summary run(
      Experiment experiment, int workers, Trainer trainer, ToIntFunction<StageName> versions)
      throws Exception {
    String id = RunRecord.newId(Instant.now());
    Workspace workspace = Workspace.of(objects, damaged::add, "test", id);
    return declared(
        new ExperimentRun(workspace, trainer, workers, new Silence())
            .with(preimages(trainer).withVersions(versions))
            .run(id, experiment, TinyExperiment.sources(workspace)));
  }

  /** All stages put out what they say, whatever the experiment. */
  private static ExperimentRun.Summary declared(ExperimentRun.Summary summary) {
    for (Graph.Node node : summary.after().graph().nodes()) {
      assertThat(summary.after().known(node).orElseThrow().manifest().outputs().keySet())
          .as(node.toString())
          .isEqualTo(node.stage().outputs());
    }
    return summary;
  }

  /** Runs, and believes nothing that the store says. */
  public ExperimentRun.Summary verify(Experiment experiment, int workers) throws Exception {
    String id = RunRecord.newId(Instant.now());
    Workspace workspace = Workspace.of(objects, damaged::add, "test", id);
    return new ExperimentRun(workspace, new BlasTrainer(), workers, new Silence())
        .with(ExperimentRun.Belief.NOTHING)
        .run(id, experiment, TinyExperiment.sources(workspace));
  }

  /** Returns what is pending, all that is there read. */
  public Plan plan(Experiment experiment) throws Exception {
    return Plan.resolve(experiment, preimages(new BlasTrainer()), workspace(objects), 1);
  }

  /** Returns what is pending by names and sizes alone. */
  public Plan survey(Experiment experiment) throws Exception {
    return Plan.survey(experiment, preimages(new BlasTrainer()), workspace(objects), 2);
  }

  /** Returns a file that an action put out. */
  public byte[] output(Manifest manifest, String name) throws IOException {
    return workspace(objects).blobs().get(manifest.output(name)).orElseThrow().bytes();
  }

  public Table table(Manifest manifest, String name) throws IOException {
    return ArrowFiles.decode(output(manifest, name));
  }

  public static Preimages preimages(Trainer trainer) {
    return Preimages.of(trainer);
  }

  public static Workspace workspace(ObjectStore objects) {
    return Workspace.of(objects, message -> {}, "test", "test");
  }

  /** Puts a run on record, as the program does. */
  public void record(ExperimentRun.Summary summary) throws IOException {
    Instant now = Instant.now();
    Workspace.of(objects, damaged::add, "test", "test")
        .runs()
        .append(
            new RunRecord(
                RunRecord.newId(now), "tiny", "test", now, now, "here", 2, summary.steps()));
  }

  /** Tells why actions were executed, one line for all rounds. */
  public List<String> reasons(ExperimentRun.Summary summary) throws IOException {
    Explainer explainer =
        Explainer.over(Workspace.of(objects, damaged::add, "test", "test"), "tiny");
    List<String> reasons = new ArrayList<>();
    for (Graph.Node node : summary.executed()) {
      reasons.addAll(Reasons.lines(node, explainer.explainExecution(summary.after(), node)));
    }
    return reasons.stream().distinct().toList();
  }

  /** Returns the actions that were executed, such as {@code evaluate/PreTrain/2}, sorted. */
  public static List<String> executed(ExperimentRun.Summary summary) {
    return summary.steps().stream()
        .filter(step -> step.status() == RunRecord.Status.EXECUTED)
        .map(step -> step.action().toString())
        .sorted()
        .toList();
  }

  /** Hears and says nothing. */
  static class Silence implements RunListener {
    @Override
    public void planned(Plan plan) {}

    @Override
    public void started(Graph.Node node) {}

    @Override
    public void finished(Graph.Node node, Outcome outcome) {}
  }
}
