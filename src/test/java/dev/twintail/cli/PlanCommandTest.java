package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  @TempDir private static Path full;
  @TempDir private Path folder;

  @BeforeAll
  static void fill() {
    assertThat(Cli.runTiny(full).exitCode()).isZero();
  }

  @Test
  void plan_fullStore_nothingIsPending() {
    Cli.Result plan =
        Cli.run("plan", TinyExperiment.spec(), "--store", full, "--explain", "--exit-code");

    assertThat(plan.exitCode()).isZero();
    assertThat(plan.out().lines()).first().isEqualTo("tiny, 2 rounds: 0 of 35 actions are pending");
    assertThat(plan.out()).contains("  train-siamese      0 pending    14 reused");
  }

  @Test
  void plan_editedWeight_tellsWhatChangedAndWhatWaits() throws Exception {
    Path edited =
        TinyExperiment.write(
            folder, "edited.yaml", TinyExperiment.edited("digit: 0.6}", "digit: 0.75}"));

    Cli.Result plan = Cli.run("plan", edited, "--store", full, "--explain", "--exit-code");

    assertThat(plan.exitCode()).isEqualTo(ExitCode.PENDING);
    assertThat(plan.out().lines())
        .containsExactly(
            "tiny, 2 rounds: 5 of 35 actions are pending",
            "  data-gen           0 pending     2 reused",
            "  pretrain-tail      0 pending     2 reused",
            "  pretrain-body      0 pending     2 reused",
            "  train-siamese      2 pending    12 reused",
            "  evaluate           2 pending    12 reused",
            "  results            1 pending     0 reused",
            "  pending  data-gen  pretrain-tail  pretrain-body  train-siamese  evaluate",
            "  Logits     0 of 2                                       2 of 2    2 of 2",
            "train-siamese Logits: loss.digit: 0.6 → 0.75 (2 rounds)",
            "evaluate Logits: waits for train-siamese (2 rounds)",
            "results 7 models: waits for evaluate",
            "results 7 models: waits for train-siamese");
  }

  @Test
  void plan_emptyStore_everythingIsPending() throws IOException {
    Cli.Result plan =
        Cli.run(
            "plan",
            TinyExperiment.spec(),
            "--store",
            Cli.emptyStore(folder.resolve("none")),
            "--explain");

    assertThat(plan.exitCode()).isZero();
    assertThat(plan.out())
        .startsWith("tiny, 2 rounds: 35 of 35 actions are pending")
        .contains("data-gen 7 models: no earlier run had this stage in this round (2 rounds)");
    assertThat(folder.resolve("none/cas")).isEmptyDirectory();
  }
}
