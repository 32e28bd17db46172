package dev.twintail.cli;

import dev.twintail.app.Study;
import dev.twintail.json.JsonObject;
import dev.twintail.pipeline.Untrainable;
import dev.twintail.plan.Estimate;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.SweepSpec;
import dev.twintail.stage.Scope;
import dev.twintail.stage.StageName;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a plan says, as text or as JSON. */
final class PlanReport {
  private final Study study;
  private final Experiment experiment;
  private final Plan plan;
  private final Estimate estimate;
  private final int workers;
  private final List<Untrainable> untrainable;

  private final Map<StageName, Count> stages = new EnumMap<>(StageName.class);
  private final Map<String, Map<StageName, Count>> models = new LinkedHashMap<>();

  /** How many actions are pending, and of how many. */
  private record Count(int pending, int all) {
    static final Count NONE = new Count(0, 0);

    Count plus(Count other) {
      return new Count(pending + other.pending, all + other.all);
    }
  }

  /**
   * @param estimate of the plan
   * @param untrainable what the engine cannot train
   * @param workers how many actions are executed at once
   */
  PlanReport(Study study, Estimate estimate, List<Untrainable> untrainable, int workers) {
    this.study = study;
    this.experiment = study.experiment();
    this.plan = estimate.plan();
    this.estimate = estimate;
    this.workers = workers;
    this.untrainable = untrainable;
    experiment.models().stream()
        .map(ModelSpec::name)
        .forEach(model -> models.put(model, new EnumMap<>(StageName.class)));
    for (Graph.Node node : plan.graph().nodes()) {
      StageName stage = node.stage().name();
      Count count = new Count(plan.known(node).isPresent() ? 0 : 1, 1);
      stages.merge(stage, count, Count::plus);
      if (node.stage().scope() instanceof Scope.Round) {
        for (String model : node.models()) {
          models
              .computeIfAbsent(model, m -> new EnumMap<>(StageName.class))
              .merge(stage, count, Count::plus);
        }
      }
    }
  }

  /** Prints what is pending by stage, and then by model where something is. */
  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %d of %d actions are pending%n",
        study.title(),
        plan.pending().size(),
        plan.graph().nodes().size());
    stages.forEach(
        (stage, count) ->
            out.printf(
                Locale.ROOT,
                "  %-14s %5d pending %5d reused%n",
                stage.label(),
                count.pending(),
                count.all() - count.pending()));
    printModels(out);
    if (!plan.pending().isEmpty()) {
      out.println(text(estimate, workers));
    }
    int open = openSweeps().size();
    if (open > 0) {
      out.println(
          "Not counted: later steps of "
              + (open == 1
                  ? "1 sweep, the models that it chooses"
                  : open + " sweeps, the models that they choose")
              + ", and the results");
    }
    untrainable.forEach(some -> out.println("  the engine cannot train " + some));
  }

  /** Returns the sweeps whose next step decides what there is to do after it. */
  private List<String> openSweeps() {
    return experiment.sweeps().stream()
        .filter(sweep -> plan.graph().choices().count(sweep.name()) < sweep.steps().size())
        .map(SweepSpec::name)
        .toList();
  }

  Plan plan() {
    return plan;
  }

  /** Returns how long it will take, in a line for people. */
  static String text(Estimate estimate, int workers) {
    Set<StageName> unknown = estimate.unknown();
    if (!unknown.isEmpty()) {
      return "No time known yet of "
          + unknown.stream().map(StageName::label).collect(Collectors.joining(", "));
    }
    return "About "
        + RunProgress.span(estimate.time(workers).orElse(Duration.ZERO))
        + " with "
        + Counts.counted(workers, "worker")
        + ", "
        + ByteSizes.text(estimate.bytes())
        + " in the store, by "
        + Counts.counted(estimate.records(), "recorded action");
  }

  private void printModels(PrintWriter out) {
    List<Map.Entry<String, Map<StageName, Count>>> rows =
        models.entrySet().stream()
            .filter(e -> e.getValue().values().stream().anyMatch(c -> c.pending() > 0))
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    List<StageName> all =
        stages.keySet().stream().filter(stage -> stage != StageName.RESULTS).toList();
    int width = rows.stream().mapToInt(e -> e.getKey().length()).max().orElse(0);
    width = Math.max(width, "pending".length());
    List<StageName> columns = fitting(all, width);
    StringBuilder head = new StringBuilder(left("pending", width));
    columns.forEach(stage -> head.append("  ").append(right(stage.label(), 0)));
    out.println("  " + head);
    for (Map.Entry<String, Map<StageName, Count>> row : rows) {
      StringBuilder line = new StringBuilder(left(row.getKey(), width));
      for (StageName stage : columns) {
        Count count = row.getValue().getOrDefault(stage, Count.NONE);
        String cell = count.all() == 0 ? "" : count.pending() + " of " + count.all();
        line.append("  ").append(right(cell, stage.label().length()));
      }
      out.println("  " + line.toString().stripTrailing());
    }
  }

  /** Returns the columns that a terminal has place for: those of early stages are left out. */
  private List<StageName> fitting(List<StageName> all, int first) {
    List<StageName> columns = new ArrayList<>(all);
    int width = Terminal.width().orElse(Integer.MAX_VALUE);
    for (boolean idle : new boolean[] {true, false}) {
      for (StageName stage : all) {
        int whole = 2 + first + columns.stream().mapToInt(c -> 2 + c.label().length()).sum();
        boolean isIdle = stages.getOrDefault(stage, Count.NONE).pending() == 0;
        if (whole > width && isIdle == idle) {
          columns.remove(stage);
        }
      }
    }
    return columns;
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  /** Returns the same for programs, with reasons if an explainer is given. */
  JsonObject json(Optional<Explainer> explainer) throws IOException {
    Optional<Duration> time = estimate.time(workers);
    List<JsonObject> pending = new ArrayList<>();
    for (Graph.Node node : plan.pending()) {
      pending.add(json(node, explainer));
    }
    return new JsonObject()
        .put("experiment", experiment.name())
        .put("rounds", experiment.rounds())
        .put("actions", plan.graph().nodes().size())
        .put("pending", plan.pending().size())
        .put("stages", json(stages))
        .putEach(
            "models",
            models.entrySet(),
            of -> new JsonObject().put("model", of.getKey()).put("stages", json(of.getValue())))
        .put(
            "estimate",
            new JsonObject()
                .put("workers", workers)
                .putIfPresent("seconds", time.map(t -> t.toMillis() / 1e3))
                .putIfPresent("bytes", time.map(t -> estimate.bytes()))
                .put("records", estimate.records())
                .putEach("unknownStages", estimate.unknown(), StageName::label))
        .put("openSweeps", openSweeps())
        .put("pendingActions", pending)
        .putEach(
            "untrainable",
            untrainable,
            some -> new JsonObject().put("models", some.models()).put("reason", some.lack()));
  }

  private static List<JsonObject> json(Map<StageName, Count> counts) {
    return counts.entrySet().stream()
        .map(
            of ->
                new JsonObject()
                    .put("stage", of.getKey().label())
                    .put("pending", of.getValue().pending())
                    .put("reused", of.getValue().all() - of.getValue().pending()))
        .toList();
  }

  private JsonObject json(Graph.Node node, Optional<Explainer> explainer) throws IOException {
    JsonObject json =
        new JsonObject()
            .put("action", node.name().toString())
            .put("stage", node.stage().name().label());
    if (node.stage().scope() instanceof Scope.Round round) {
      json.put("round", round.number());
    }
    json.put("models", node.models());
    if (explainer.isPresent()) {
      json.put("reasons", Reasons.lines(explainer.get().explainExecution(plan, node)));
    }
    return json;
  }
}
