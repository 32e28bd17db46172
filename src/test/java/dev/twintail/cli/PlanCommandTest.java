package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

  /** A pipe gives its bytes once; whoever asks again waits for ever. */
  @Test
  @Timeout(60)
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no named pipes")
  void plan_specInPipe_isRead() throws Exception {
    for (String digit : List.of("0.6", "-1")) {
      Path file =
          TinyExperiment.write(
              folder, "file.yaml", TinyExperiment.edited("digit: 0.6}", "digit: " + digit + "}"));
      Path pipe = folder.resolve("pipe.yaml");
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
      Process writer =
          new ProcessBuilder("sh", "-c", "cat \"$0\" >\"$1\"", file.toString(), pipe.toString())
              .start();

      Cli.Result plan = Cli.run("plan", pipe, "--store", full);

      assertThat(writer.waitFor()).isZero();
      Cli.Result expected = Cli.run("plan", file, "--store", full);
      assertThat(plan.exitCode()).isEqualTo(expected.exitCode());
      assertThat(plan.err().replace("pipe", "file")).isEqualTo(expected.err());
      assertThat(plan.out().replace("pipe", "file")).isEqualTo(expected.out());
      Files.delete(pipe);
    }
  }

  @Test
  void plan_editedWeight_tellsWhatChangedAndWhatWaits() throws Exception {
    Path edited =
        TinyExperiment.write(
            folder, "edited.yaml", TinyExperiment.edited("digit: 0.6}", "digit: 0.75}"));

    Cli.Result plan = Cli.run("plan", edited, "--store", full, "--explain", "--exit-code");

    assertThat(plan.exitCode()).isEqualTo(ExitCode.PENDING);
    assertThat(plan.out().lines().filter(line -> !line.startsWith("About ")))
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

  /** Each of two rounds trains and evaluates both candidates. */
  @Test
  void plan_ofASearch_countsActionsWhereARoundHasSeveral() throws Exception {
    Path searching =
        TinyExperiment.write(
            folder,
            "searching.yaml",
            TinyExperiment.text()
                + "sweeps:\n  search:\n    model: Logits\n    rounds: 2\n    steps:\n"
                + "      - {loss.digit: [0.3, 0.5]}\n");

    Cli.Result plan = Cli.run("plan", searching, "--store", full, "--explain");

    assertThat(plan.out())
        .contains("\nevaluate search: waits for train-siamese (4 actions)\n")
        .doesNotContain("(4 rounds)");
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
        .contains("\nNo time known yet of data-gen, pretrain-tail, pretrain-body, train-siamese,")
        .contains("data-gen 7 models: no earlier run had it (2 rounds)");
    assertThat(folder.resolve("none/cas")).isEmptyDirectory();
  }

  @Test
  void plan_onANarrowTerminal_leavesColumnsOut() throws Exception {
    Path store = Cli.emptyStore(folder.resolve("narrow"));
    for (int width : new int[] {60, 80}) {
      System.setProperty(Terminal.COLUMNS, Integer.toString(width));
      try {
        Cli.Result plan = Cli.run("plan", TinyExperiment.spec(), "--store", store);

        assertThat(plan.out().lines().filter(line -> line.startsWith("  ")))
            .hasSizeGreaterThan(6)
            .allMatch(line -> line.length() <= width);
      } finally {
        System.clearProperty(Terminal.COLUMNS);
      }
    }
  }

  /** Two trainings, two evaluations after them, and the results after those. */
  @Test
  void plan_editedWeight_tellsHowLongByRecordedTimings() throws Exception {
    Path edited =
        TinyExperiment.write(
            folder, "edited.yaml", TinyExperiment.edited("digit: 0.6}", "digit: 0.75}"));
    Path store = StoreContents.copy(full, folder.resolve("slow"));
    RunProgressTest.recordEachAsAMinute(store);

    assertThat(Cli.run("plan", edited, "--store", store, "--workers", 1).out())
        .containsPattern("\nAbout 5:00 with 1 worker, [0-9.]+ KiB in the store, by 5 recorded ");
    assertThat(Cli.run("plan", edited, "--store", store, "--workers", 2).out())
        .contains("\nAbout 3:00 with 2 workers, ");
  }
}
