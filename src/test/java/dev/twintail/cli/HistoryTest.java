package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Blob;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store tells of its past: {@code explain}, {@code log}, {@code diff}, {@code lineage}. */
class HistoryTest {
  /** A store with a run of the tiny experiment and one of an edited one. */
  @TempDir private static Path store;

  @TempDir private static Path folder;

  private static Path edited;
  private static Cli.Result second;

  @BeforeAll
  static void fill() throws Exception {
    assertThat(Cli.runTiny(store).exitCode()).isZero();
    edited =
        TinyExperiment.write(
            folder, "edited.yaml", TinyExperiment.edited("digit: 0.6}", "digit: 0.75}"));
    second = Cli.run("run", edited, "--store", store, "--explain");
  }

  private static JsonNode json(Cli.Result result) throws Exception {
    assertThat(result.exitCode()).isZero();
    return JsonMapper.builder().build().readTree(result.out());
  }

  @Test
  void explain_allRoundsOfAModel_areToldTogether() throws Exception {
    Path other =
        TinyExperiment.write(
            folder, "third.yaml", TinyExperiment.edited("digit: 0.8}", "digit: 0.7}"));

    Cli.Result pending =
        Cli.run("explain", other, "train-siamese/ArgMax,evaluate/ArgMax", "--store", store);
    Cli.Result made = Cli.run("explain", edited, "train-siamese/Logits", "--store", store);

    assertThat(pending.out())
        .isEqualTo(
            """
            train-siamese ArgMax, 2 actions: pending
              because loss.digit: 0.8 → 0.7
            evaluate ArgMax, 2 actions: pending
              waits for train-siamese ArgMax
                because loss.digit: 0.8 → 0.7
            """);
    assertThat(made.out())
        .startsWith("train-siamese Logits, 2 actions: reused\n  made by run " + ids().get(1))
        .containsPattern(
            ", in \\d+\\.\\d s to \\d+\\.\\d s\n    because loss.digit: 0.6 → 0.75\n$");
  }

  @Test
  void diff_manyModelsThatDifferInTheSameWay_areOneLine(@TempDir Path other) throws Exception {
    Path copy = StoreContents.copy(store, other.resolve("store"));
    Path longer =
        TinyExperiment.write(other, "longer.yaml", TinyExperiment.edited("seed: 7", "seed: 9"));
    Cli.Result run = Cli.runOn(longer, copy, "--only", "Logits,SoftMax,ArgMax", "--rounds", 1);
    assertThat(run.exitCode()).as(run.err()).isZero();

    Cli.Result diff = Cli.run("diff", "previous", "--store", copy);

    assertThat(diff.out())
        .contains(
            "  train-siamese of ArgMax, Logits, SoftMax: seed of augmentation, coin, dropout,"
                + " initialisation, shuffle (3 actions)\n")
        .containsPattern(
            "  results 7 models: \\d+ fields of model, such as model.0000.name: Pixels");
  }

  private static List<String> ids() throws Exception {
    JsonNode runs = json(Cli.run("log", "--store", store, "--json")).get("runs");
    return List.of(runs.get(1).get("run").asText(), runs.get(0).get("run").asText());
  }

  @Test
  void run_explain_tellsOfWhatWasExecutedAlone() {
    assertThat(second.errLines())
        .contains(
            "train-siamese Logits: loss.digit: 0.6 → 0.75 (2 rounds)",
            "evaluate Logits: bytes of input weights, because train-siamese Logits: loss.digit:"
                + " 0.6 → 0.75 (2 rounds)");
    assertThat(second.err()).doesNotContain("train-siamese ArgMax: ");
  }

  @Test
  void run_dryRun_plansAndExecutesNothing() {
    Cli.Result plan =
        Cli.run(
            "run",
            TinyExperiment.spec(),
            "--store",
            folder.resolve("none"),
            "--create",
            "--dry-run");

    assertThat(plan.exitCode()).isZero();
    assertThat(plan.out()).startsWith("tiny, 2 rounds: 35 of 35 actions are pending");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void run_dryRunWithOptions_isThePlanWithThem() {
    for (String option : List.of("--json", "--explain")) {
      Cli.Result plan = Cli.run("plan", edited, "--store", store, "--rounds", 3, option);

      assertThat(plan.exitCode()).isZero();
      assertThat(Cli.run("run", edited, "--store", store, "--rounds", 3, "--dry-run", option).out())
          .isEqualTo(plan.out())
          .isNotEqualTo(Cli.run("plan", edited, "--store", store, "--rounds", 3).out());
    }
    for (List<String> option :
        List.of(List.of("--locked"), List.of("--lock"), List.of("--sign", "key"))) {
      List<Object> arguments =
          new ArrayList<>(List.of("run", edited, "--store", store, "--dry-run"));
      arguments.addAll(option);
      Cli.Result refused = Cli.run(arguments.toArray());

      assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err()).contains("Cannot plan with --lock, --locked or --sign");
    }
  }

  @Test
  void plan_json_countsByStageAndModelAndNamesWhatIsPending() throws Exception {
    JsonNode plan =
        json(Cli.run("plan", edited, "--store", store, "--rounds", 3, "--json", "--explain"));

    assertThat(plan.get("actions").asInt()).isEqualTo(52);
    assertThat(plan.get("pending").asInt()).isEqualTo(18);
    assertThat(plan.at("/stages/0/stage").asText()).isEqualTo("data-gen");
    assertThat(plan.at("/stages/0/reused").asInt()).isEqualTo(2);
    assertThat(plan.at("/models/0/model").asText()).isEqualTo("Pixels");
    assertThat(plan.at("/pendingActions")).hasSize(18);
    assertThat(plan.at("/pendingActions/0/action").asText()).isEqualTo("data-gen/Pixels/3");
    assertThat(plan.at("/pendingActions/0/reasons/0").asText())
        .isEqualTo("no earlier run had this round of it");
  }

  @Test
  void explain_reusedAction_namesTheRunThatMadeIt() throws Exception {
    Cli.Result one = Cli.run("explain", edited, "Train-Siamese/logits/round-02", "--store", store);
    Cli.Result globs = Cli.run("explain", edited, "evaluate/*Max/1", "--store", store);

    assertThat(one.out().lines()).hasSize(3);
    assertThat(one.out())
        .matches(
            "(?s)train-siamese/Logits/2 [0-9a-f]{12}…: reused\n  made by run .*"
                + "\n    because loss.digit: 0.6 → 0.75\n")
        .contains(ids().get(1));
    assertThat(globs.out())
        .contains("evaluate/SoftMax/1 ", "evaluate/ArgMax/1 ", ids().get(0))
        .contains("\n    because no earlier run had it\n")
        .doesNotContain("Logits");
  }

  @Test
  void plan_explainNewRound_comparesWithNoOtherModel(@TempDir Path other) throws Exception {
    Path copy = StoreContents.copy(store, other.resolve("store"));
    Cli.Result run = Cli.runOn(edited, copy, "--only", "Logits", "--rounds", 3);
    assertThat(run.exitCode()).as(run.err()).isZero();
    Object[] three = {"--store", copy, "--only", "SoftMax", "--rounds", 3};

    Cli.Result same = Cli.run(with(three, "plan", edited, "--explain"));
    Path weight =
        TinyExperiment.write(
            other, "weight.yaml", TinyExperiment.edited("digit: 0.7}", "digit: 0.65}"));
    Cli.Result changed = Cli.run(with(three, "plan", weight, "--explain"));
    Cli.Result made =
        Cli.run("explain", edited, "train-siamese/Logits/3", "--store", copy, "--rounds", 3);

    assertThat(same.out())
        .contains("\ntrain-siamese SoftMax: no earlier run had this round of it\n");
    assertThat(changed.out())
        .contains(
            "\ntrain-siamese SoftMax: loss.digit: 0.7 → 0.65 (3 rounds)\n",
            "\ntrain-siamese SoftMax: no earlier run had this round of it\n");
    assertThat(made.out()).endsWith("\n    because no earlier run had this round of it\n");
  }

  private static Object[] with(Object[] last, Object... first) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray();
  }

  @Test
  void plan_explainOtherModelOrSpec_namesWhatItIsLike(@TempDir Path other) throws Exception {
    Path renamed =
        TinyExperiment.write(other, "a.yaml", TinyExperiment.edited("  ArgMax:", "  Mine:"));
    Files.writeString(renamed, Files.readString(renamed).replace("digit: 0.8}", "digit: 0.9}"));
    Path spec =
        TinyExperiment.write(other, "b.yaml", TinyExperiment.edited("name: tiny", "name: b"));
    Files.writeString(spec, Files.readString(spec).replace("digit: 0.8}", "digit: 0.9}"));

    assertThat(Cli.run("plan", renamed, "--store", store, "--explain").out())
        .contains(
            "\ntrain-siamese Mine: like tiny's ArgMax but for loss.digit: 0.8 → 0.9 (2 rounds)\n");
    assertThat(Cli.run("plan", spec, "--store", store, "--explain").out())
        .contains(
            "\ntrain-siamese ArgMax: like tiny's ArgMax but for loss.digit: 0.8 → 0.9 (2 rounds)\n");
  }

  @Test
  void explain_pendingActions_tellTheCauseAndWhatTheyWaitFor() throws Exception {
    Path other =
        TinyExperiment.write(
            folder, "other.yaml", TinyExperiment.edited("digit: 0.8}", "digit: 0.9}"));

    Cli.Result result = Cli.run("explain", other, "ArgMax/1", "--store", store);

    assertThat(result.out())
        .containsPattern("train-siamese/ArgMax/1 [0-9a-f]{12}…: pending\n")
        .contains(
            "  because loss.digit: 0.8 → 0.9\n",
            """
            evaluate/ArgMax/1: pending
              waits for train-siamese/ArgMax/1
                because loss.digit: 0.8 → 0.9
            """);
  }

  @Test
  void explain_unknownAction_tellsHowTheyAreNamed() {
    Cli.Result result = Cli.run("explain", edited, "train/Logits", "--store", store);
    Cli.Result round = Cli.run("explain", edited, "train-siamese/Logits/9", "--store", store);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("expected STAGE/MODEL/ROUND, such as data-gen/Pixels/1");
    assertThat(round.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(round.err())
        .contains("'train-siamese/Logits/9': there is no round 9, the last one is 2");
  }

  @Test
  void log_twoRuns_newestFirst() {
    Cli.Result log = Cli.run("log", "--store", store);

    assertThat(log.out().lines()).hasSize(2);
    assertThat(log.out().lines().findFirst().orElseThrow())
        .contains(" tiny  5 executed, 30 reused");
    assertThat(Cli.run("log", "--store", store, "-n", 1).out().lines()).hasSize(1);
  }

  @Test
  void diff_twoRuns_tellsParametersBytesAndNumbers() throws Exception {
    Cli.Result diff = Cli.run("diff", ids().get(0), "latest", "--store", store);

    assertThat(diff.exitCode()).isZero();
    assertThat(diff.out())
        .contains(
            "Parameters that differ:\n  train-siamese Logits: loss.digit: 0.6 → 0.75 (2 rounds)\n",
            "  train-siamese Logits: weights.safetensors (2 rounds)\n",
            " the same numbers");
    assertThat(Cli.run("diff", store, store).out())
        .doesNotContain("differ")
        .endsWith("7 models have the same numbers\n");
    assertThat(Cli.run("diff", "nonsense", "latest", "--store", store).exitCode())
        .isEqualTo(ExitCode.NO_RESULTS);
  }

  @Test
  void log_failedRun_isShownWithItsReasonAndFiltered() throws Exception {
    Path copy = StoreContents.copy(store, folder.resolve("log"));
    Path empty = Files.createDirectory(folder.resolve("no-digits"));
    Path fresh = empty.resolve("store");
    Cli.Result run =
        Cli.run("run", edited, "--data", empty, "--create", "--store", fresh, "--workers", 1);
    assertThat(run.exitCode()).isEqualTo(ExitCode.NO_DATA);
    StoreContents.copy(fresh.resolve("attempts"), copy.resolve("attempts"));

    List<String> all = Cli.run("log", "--store", copy).out().lines().toList();

    assertThat(all).hasSize(3);
    assertThat(all.get(0))
        .containsPattern(
            "  tiny  failed after .* \\(Cannot find data set mnist-fixture: .*\\), 1 workers on ");
    assertThat(Cli.run("log", "--store", copy, "--outcome", "failed").out().lines())
        .containsExactly(all.get(0));
    assertThat(Cli.run("log", "--store", copy, "--outcome", "finished", "-n", 1).out().lines())
        .containsExactly(all.get(1));
    assertThat(Cli.run("log", "--store", copy, "--only", "vieli*, T?ny").out().lines()).hasSize(3);
    Cli.Result none = Cli.run("log", "--store", copy, "--only", "vieli*");
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).startsWith("No such run is on record in ");
    JsonNode json = json(Cli.run("log", "--store", copy, "--json")).get("runs");
    assertThat(json.findValuesAsText("outcome")).containsExactly("failed", "finished", "finished");
    assertThat(json.get(0).get("message").asText()).startsWith("Cannot find data set ");
    // It is no run: nothing compares with it, and it needs nothing.
    assertThat(Cli.run("diff", "previous", "--store", copy).exitCode()).isZero();
    assertThat(Cli.run("fsck", "--store", copy).exitCode()).isZero();
  }

  @Test
  void diff_previous_isTheRunOfTheSameExperimentBefore() throws Exception {
    Cli.Result diff = Cli.run("diff", ids().get(0), ids().get(1), "--store", store);

    assertThat(Cli.run("diff", "previous", "--store", store)).isEqualTo(diff);
    assertThat(Cli.run("diff", "previous", "latest", "--store", store)).isEqualTo(diff);
    assertThat(Cli.run("diff", "latest", "previous", "--store", store).out())
        .contains("loss.digit: 0.75 → 0.6");
    Cli.Result none = Cli.run("diff", "previous", ids().get(0), "--store", store);
    assertThat(none.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(none.err()).contains("Cannot find a run of tiny before " + ids().get(0));
  }

  @Test
  void lineage_depth_followsSoManyActions() throws Exception {
    JsonNode one =
        json(
            Cli.run(
                "lineage",
                edited,
                "weights/PreTrain/round-01/weights.safetensors",
                "--depth",
                1,
                "--store",
                store,
                "--format",
                "json"));

    assertThat(one.get("madeBy").findValuesAsText("stage")).containsExactly("train-siamese");
    assertThat(one.get("usedBy").findValuesAsText("stage")).containsExactly("evaluate");
    assertThat(Cli.run("lineage", "123456", "--depth", 0, "--store", store).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void lineage_ofWeights_reachesTheDigitsAndTheResults() throws Exception {
    JsonNode listed =
        json(
            Cli.run(
                "ls",
                edited,
                "weights/PreTrain/round-01/weights.safetensors",
                "--store",
                store,
                "--json"));
    String weights = listed.get("artifacts").get(0).get("sha256").asText();

    JsonNode json =
        json(Cli.run("lineage", weights.substring(0, 10), "--store", store, "--format", "json"));
    JsonNode prov = json(Cli.run("lineage", weights, "--store", store, "--format", "prov"));
    Cli.Result dot = Cli.run("lineage", weights, "--store", store, "--format", "dot");
    Cli.Result text = Cli.run("lineage", weights, "--store", store);

    assertThat(json.get("blobs")).hasSize(1);
    assertThat(json.get("madeBy").findValuesAsText("stage"))
        .containsExactlyInAnyOrder("data-gen", "pretrain-body", "pretrain-tail", "train-siamese");
    // Both runs have a table of their own.
    assertThat(json.get("usedBy").findValuesAsText("stage"))
        .containsExactlyInAnyOrder("evaluate", "results", "results");
    assertThat(prov.get("activity")).hasSize(7);
    assertThat(prov.get("entity").has("sha256:" + weights)).isTrue();
    assertThat(prov.get("wasGeneratedBy").findValuesAsText("prov:entity"))
        .contains("sha256:" + weights);
    assertThat(dot.out()).startsWith("digraph lineage {").endsWith("}\n").contains("style=bold");
    assertThat(text.out()).startsWith("blob " + weights + "\nmade by:\n");
    assertThat(text.out().substring(text.out().indexOf("used by:")).lines())
        .as("of what the results read, only what comes from the weights is named")
        .contains("    reads  " + weights.substring(0, 12) + "  weights")
        .filteredOn(line -> line.startsWith("    reads"))
        .hasSize(6)
        .filteredOn(line -> line.endsWith(" other blobs"))
        .hasSize(3);
    assertThat(Cli.run("lineage", "000000000000", "--store", store).exitCode())
        .isEqualTo(ExitCode.NO_RESULTS);
  }

  @Test
  void lineage_malformedPreimage_isToldAndPassedOver(@TempDir Path other) throws Exception {
    Path copy = StoreContents.copy(store, other.resolve("store"));
    Blob preimage = Blob.of("no preimage".getBytes(UTF_8));
    String key = preimage.digest().sha256();
    write(copy, "cas", key, preimage.bytes());
    write(copy, "ac", key, Manifest.of(Map.of("x.arrow", preimage.digest())).bytes());
    JsonNode listed =
        json(Cli.run("ls", edited, "results/summary.arrow", "--store", store, "--json"));
    String summary = listed.get("artifacts").get(0).get("sha256").asText();

    Cli.Result whole = Cli.run("lineage", summary, "--store", store);
    Cli.Result passed = Cli.run("lineage", summary, "--store", copy);

    assertThat(whole.err()).isEmpty();
    assertThat(passed.exitCode()).isZero();
    assertThat(passed.out()).isEqualTo(whole.out());
    assertThat(passed.err()).contains("Passed over action " + key.substring(0, 12) + "…: ");
  }

  private static void write(Path store, String folder, String name, byte[] bytes)
      throws IOException {
    Path file = store.resolve(folder).resolve(name.substring(0, 2)).resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Test
  void diff_runsOfSomeModelsAndOfMore_pairsWhatTheyShare(@TempDir Path other) throws Exception {
    Path copy = StoreContents.copy(store, other.resolve("store"));
    for (String models : List.of("Logits", "Logits,SoftMax")) {
      Cli.Result run = Cli.run("run", edited, "--store", copy, "--only", models, "--rounds", 1);
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    JsonNode runs = json(Cli.run("log", "--store", copy, "--json")).get("runs");

    Cli.Result diff = Cli.run("diff", runs.get(1).get("run").asText(), "latest", "--store", copy);

    assertThat(diff.out())
        .doesNotContain("data-gen", "train-siamese Logits", "is in A alone")
        .contains(
            """
            Actions of one run alone:
              evaluate SoftMax is in B alone
              train-siamese SoftMax is in B alone
            """)
        .endsWith("1 model has the same numbers\n");
  }

  @Test
  void history_recordsOfSchema1_areReadAsOthers(@TempDir Path other) throws Exception {
    Path copy = StoreContents.copy(store, other.resolve("store"));
    String diff = Cli.run("diff", ids().get(0), "latest", "--store", store).out();
    for (String id : ids()) {
      writeInSchema1(copy.resolve("runs").resolve(id + ".json"));
    }
    Path more =
        TinyExperiment.write(
            other, "more.yaml", TinyExperiment.edited("digit: 0.8}", "digit: 0.9}"));

    Cli.Result oldDiff = Cli.run("diff", ids().get(0), "latest", "--store", copy);
    Cli.Result log = Cli.run("log", "--store", copy);
    Cli.Result plan = Cli.run("plan", more, "--store", copy, "--explain");

    assertThat(oldDiff.out()).isEqualTo(diff);
    assertThat(log.out()).isEqualTo(Cli.run("log", "--store", store).out());
    assertThat(plan.out()).contains("\ntrain-siamese ArgMax: loss.digit: 0.8 → 0.9 (2 rounds)\n");
  }

  /** Writes a run record as programs did before steps had names and lists of models. */
  private static void writeInSchema1(Path file) throws IOException {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode run = (ObjectNode) mapper.readTree(Files.readAllBytes(file));
    run.put("schema", 1);
    for (JsonNode node : run.get("steps")) {
      ObjectNode step = (ObjectNode) node;
      List<String> name = List.of(step.remove("action").asText().split("/"));
      JsonNode models = step.remove("models");
      step.put("stage", name.get(0));
      step.put("label", models.size() == 1 ? models.get(0).asText() : models.size() + " models");
      step.put("round", name.size() == 1 ? 0 : Integer.parseInt(name.get(2)));
    }
    Files.write(file, mapper.writeValueAsBytes(run));
  }
}
