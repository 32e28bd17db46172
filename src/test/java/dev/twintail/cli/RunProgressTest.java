package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.Manifest;
import dev.twintail.action.Outcome;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.Estimate;
import dev.twintail.plan.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunProgressTest {
  private final StringWriter err = new StringWriter();

  @AfterEach
  void forgetTerminal() {
    System.clearProperty("twintail.terminal");
    System.clearProperty(Terminal.LIVE_COLUMNS);
  }

  @Test
  void download_withoutTerminal_printsNothing() {
    RunProgress progress = new RunProgress(new PrintWriter(err, true));

    progress.download("train-images", 1 << 20, 4 << 20);
    progress.end();

    assertThat(err.toString()).isEmpty();
  }

  @Test
  void download_onATerminal_isOneLineThatIsReplaced() {
    System.setProperty("twintail.terminal", "true");
    RunProgress progress = new RunProgress(new PrintWriter(err, true));

    progress.download("train-images", 1 << 20, 4 << 20);
    progress.download("train-images", 2 << 20, -1);
    progress.note("done");

    assertThat(err.toString())
        .isEqualTo(
            "\r\u001b[KDownloading train-images: 1.0 MiB of 4.0 MiB"
                + "\r\u001b[KDownloading train-images: 2.0 MiB"
                + "\r\u001b[Kdone"
                + System.lineSeparator());
  }

  @Test
  void download_onANarrowTerminal_leavesTheLastColumnFree() {
    System.setProperty("twintail.terminal", "true");
    System.setProperty(Terminal.LIVE_COLUMNS, "40");
    RunProgress progress = new RunProgress(new PrintWriter(err, true));

    progress.download("train-images-idx3-ubyte", 1 << 20, 4 << 20);

    assertThat(err).hasToString("\r\u001b[KDownloading train-images-idx3-ubyte: 1…");
  }

  @Test
  void end_leavesNoLiveLineBehind() {
    System.setProperty("twintail.terminal", "true");
    RunProgress progress = new RunProgress(new PrintWriter(err, true));

    progress.download("train-images", 1 << 20, -1);
    progress.end("interrupted");
    progress.download("train-images", 2 << 20, -1);
    progress.note("why");

    assertThat(err.toString())
        .isEqualTo(
            "\r\u001b[KDownloading train-images: 1.0 MiB\r\u001b[Kinterrupted%1$s\r\u001b[Kwhy%1$s"
                .formatted(System.lineSeparator()));
  }

  /** Writes into a store that each of its actions took a minute. */
  static void recordEachAsAMinute(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store.resolve("provenance"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(
            file,
            Files.readString(file)
                .replaceFirst("\"elapsedMillis\" : \\d+", "\"elapsedMillis\" : 60000"));
      }
    }
  }

  @Test
  void finished_twiceAsFastAsOnRecord_halvesWhatIsLeft(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("store");
    assertThat(Cli.runTiny(store).exitCode()).isZero();
    recordEachAsAMinute(store);
    Path edited =
        TinyExperiment.write(
            folder, "edited.yaml", TinyExperiment.edited("digit: 0.6}", "digit: 0.75}"));
    RunProgress progress = new RunProgress(new PrintWriter(err, true));
    try (Session session = Session.at(store.toString()).open()) {
      Plan plan = session.survey(Study.read(edited));
      Estimate estimate = session.estimate(plan);
      progress.estimating(p -> Optional.of(estimate), 1);

      progress.planned(plan);
      progress.started(plan.pending().get(0));
      progress.finished(
          plan.pending().get(0),
          new Outcome(Manifest.of(new TreeMap<>()), false, Duration.ofSeconds(30)));
    }

    assertThat(err.toString().lines())
        .containsExactly(
            "35 actions: 5 pending, 30 reused; about 5:00 left",
            "[1/5] train-siamese/Logits/1 30.0 s, about 2:00 left");
  }
}
