package dev.twintail.app;

import dev.twintail.blob.Digest;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.record.Provenance;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.result.Table;
import dev.twintail.stage.Evaluate;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tables of a whole experiment that no action makes: they are gathered from the store when somebody
 * asks. All but {@link #timings} have the same bytes whatever store they come from.
 */
record ExperimentTables(Plan plan, Workspace workspace) {
  /** An action of the plan that the store knows. */
  private record TableStep(Graph.Node node, Plan.KnownResult known) {}

  /**
   * Returns every prediction: {@code model, round, pair, digit1, digit2, target, predicted,
   * probability}; by the model's place in the spec, round and pair.
   */
  Table predictions() throws IOException {
    Map<String, Map<Integer, TableStep>> evaluations = new LinkedHashMap<>();
    plan.graph()
        .results()
        .ifPresent(r -> r.models().forEach(m -> evaluations.put(m, new TreeMap<>())));
    for (TableStep step : steps()) {
      if (step.node().stage() instanceof Evaluate evaluate) {
        for (String model : step.node().models()) {
          // Trials of a search are evaluated, too; they are no models.
          Map<Integer, TableStep> rounds = evaluations.get(model);
          if (rounds != null) {
            rounds.put(evaluate.round(), step);
          }
        }
      }
    }
    List<Table> tables = new ArrayList<>();
    List<String> models = new ArrayList<>();
    List<Integer> rounds = new ArrayList<>();
    for (Map.Entry<String, Map<Integer, TableStep>> model : evaluations.entrySet()) {
      for (Map.Entry<Integer, TableStep> round : model.getValue().entrySet()) {
        Table table = read(round.getValue(), Evaluate.PREDICTIONS);
        tables.add(table);
        models.addAll(Collections.nCopies(table.rows(), model.getKey()));
        rounds.addAll(Collections.nCopies(table.rows(), round.getKey()));
      }
    }
    Table.Builder joined =
        Table.builder("all-predictions", 1)
            .strings("model", models)
            .ints("round", rounds.stream().mapToInt(i -> i).toArray());
    for (String column : List.of("pair", "digit1", "digit2", "target", "predicted")) {
      joined.ints(
          column, tables.stream().flatMapToInt(t -> IntStream.of(t.ints(column))).toArray());
    }
    @Nullable Double[] probabilities =
        tables.stream()
            .flatMap(t -> Arrays.stream(t.optionalDoubles("probability")))
            .toArray(Double[]::new);
    return joined.optionalDoubles("probability", probabilities).build();
  }

  private Table read(TableStep step, String output) throws IOException {
    return Results.table(
        workspace, step.known().manifest().output(output), output + " of " + step.node());
  }

  /**
   * Returns every output of every action: {@code action, stage, models, key, output, sha256, size};
   * by stage in the order of the pipeline, action and output.
   */
  Table actions() {
    List<TableStep> steps = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<Digest> digests = new ArrayList<>();
    for (TableStep step : steps()) {
      step.known()
          .manifest()
          .outputs()
          .forEach(
              (output, digest) -> {
                steps.add(step);
                outputs.add(output);
                digests.add(digest);
              });
    }
    return named(Table.builder("actions", 2), steps)
        .strings("output", outputs)
        .strings("sha256", digests.stream().map(Digest::sha256).toList())
        .longs("size", digests.stream().mapToLong(Digest::size).toArray())
        .build();
  }

  /**
   * Returns every execution of every action: {@code action, stage, models, key, started_ms,
   * elapsed_ms, run, program_version, java, os, arch}; by action as {@link #actions}, the oldest
   * first. It tells of clocks and machines, and differs from store to store.
   */
  Table timings() throws IOException {
    List<TableStep> steps = new ArrayList<>();
    List<Provenance> executions = new ArrayList<>();
    for (TableStep step : steps()) {
      for (Provenance execution : ProvenanceLog.of(step.known().key(), workspace.objects())) {
        steps.add(step);
        executions.add(execution);
      }
    }
    Function<Function<Provenance, String>, List<String>> column =
        value -> executions.stream().map(value).toList();
    return named(Table.builder("timings", 2), steps)
        .longs(
            "started_ms", executions.stream().mapToLong(e -> e.started().toEpochMilli()).toArray())
        .longs("elapsed_ms", executions.stream().mapToLong(e -> e.elapsed().toMillis()).toArray())
        .strings("run", column.apply(Provenance::run))
        .strings("program_version", column.apply(Provenance::programVersion))
        .strings("java", column.apply(e -> e.machine().java()))
        .strings("os", column.apply(e -> e.machine().os()))
        .strings("arch", column.apply(e -> e.machine().arch()))
        .build();
  }

  private static Table.Builder named(Table.Builder table, List<TableStep> steps) {
    return table
        .strings("action", steps.stream().map(s -> s.node().name().toString()).toList())
        .strings("stage", steps.stream().map(s -> s.node().stage().name().label()).toList())
        .strings("models", steps.stream().map(s -> String.join(" ", s.node().models())).toList())
        .strings("key", steps.stream().map(s -> s.known().key().sha256()).toList());
  }

  private List<TableStep> steps() {
    List<TableStep> steps = new ArrayList<>();
    for (Graph.Node node : plan.graph().nodes()) {
      plan.known(node).ifPresent(known -> steps.add(new TableStep(node, known)));
    }
    steps.sort(
        Comparator.comparing((TableStep s) -> s.node().stage().name())
            .thenComparing(s -> s.node().name()));
    return steps;
  }
}
