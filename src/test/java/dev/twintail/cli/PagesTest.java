package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that are written from results: claims and the league. */
class PagesTest {
  private static final String AS_RUN =
      """
      extends: tiny.yaml
      name: tiny-as-run
      conditions: as-run
      training: {shuffle: false}
      protocol: {deviation: population}
      models:
        Pixels:
          training: {epochs: 1}
          remark: its epochs are not told
      """;

  @TempDir private static Path folder;
  private static Path spec;
  private static Path store;

  @BeforeAll
  static void run() throws IOException {
    store = folder.resolve("store");
    spec = TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.text());
    Path asRun = TinyExperiment.write(folder, "tiny-as-run.yaml", AS_RUN);
    for (Path each : List.of(spec, asRun)) {
      assertThat(Cli.runOn(each, store).exitCode()).isZero();
    }
  }

  @Test
  void claims_bothProtocols_putsEveryNumberBesideOurs() throws IOException {
    Path page = folder.resolve("docs/claims.md");

    Cli.Result written = Cli.run("claims", spec, "--store", store, "-o", page);

    assertThat(written.errLines()).isEmpty();
    assertThat(written.exitCode()).isZero();
    String text = Files.readString(page);
    assertThat(text)
        .contains("# A tiny experiment")
        .containsPattern("\\| Pixels \\| 786 \\| Table 1 \\| 55\\.00 \\(2\\.50\\) \\| ")
        .containsPattern("\\| PreTrain \\| [0-9,]+ \\| Table 1 \\| 90\\.00 \\(0\\.50\\) \\| ")
        .contains("Of the model: its epochs are not told.")
        .contains("- training.shuffle: true → false\n")
        .contains("- training.epochs: 2 → 1 (Pixels)\n")
        .contains("- protocol.deviation: sample → population\n");
    assertThat(digests(text)).hasSize(6).doesNotHaveDuplicates();
    for (String experiment : List.of("tiny.yaml", "tiny-as-run.yaml")) {
      String listed = Cli.run("ls", folder.resolve(experiment), "results", "--store", store).out();
      assertThat(digests(text).stream().filter(d -> listed.contains(d.substring(0, 12))))
          .as("digests that ls names too")
          .hasSizeGreaterThanOrEqualTo(3);
    }
    assertThat(Cli.run("claims", spec, "--store", store).out()).isEqualTo(text);
  }

  @Test
  void claims_withoutTheOtherProtocol_saysHowToNameIt() throws IOException {
    Path alone =
        TinyExperiment.write(
            folder, "alone.yaml", TinyExperiment.edited("name: tiny", "name: alone"));

    Cli.Result claims = Cli.run("claims", alone, "--store", store);

    assertThat(claims.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(claims.errLines())
        .containsExactly(
            "twintail: Cannot find the as-run protocol "
                + folder.resolve("alone-as-run.yaml")
                + ": name it with --as-run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"claims", "report"})
  void asRun_givenByAName_isLookedUpLikeASpec(String command) {
    Cli.Result near = Cli.run(command, spec, "--store", store, "--as-run", "vieli2021-as-rum");
    Cli.Result other = Cli.run(command, spec, "--store", store, "--as-run", "vieli2021-as-run");

    assertThat(near.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(near.err()).contains("no such file").contains("did you mean 'vieli2021-as-run'?");
    assertThat(other.err()).doesNotContain("no such file");
  }

  @Test
  void claims_withoutResults_saysWhatToRun() throws IOException {
    Cli.Result claims = Cli.run("claims", spec, "--store", Cli.emptyStore(folder.resolve("empty")));

    assertThat(claims.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(claims.errLines())
        .singleElement()
        .asString()
        .endsWith("twintail run " + spec + " --store " + folder.resolve("empty"));
  }

  @Test
  void league_allModels_areSortedByAccuracyAndComparedWithTheFirst() {
    Cli.Result league = Cli.run("league", spec, "--store", store);

    assertThat(league.exitCode()).isZero();
    List<Double> means = new ArrayList<>();
    Matcher row =
        Pattern.compile("^\\| \\d+ \\| \\w+ \\| [0-9,]+ \\| ([0-9.]+) ", Pattern.MULTILINE)
            .matcher(league.out());
    while (row.find()) {
      means.add(Double.valueOf(row.group(1)));
    }
    assertThat(means).hasSize(7).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(digests(league.out())).hasSize(3);
  }

  private static List<String> digests(String text) {
    return Pattern.compile("`([0-9a-f]{64})`")
        .matcher(text)
        .results()
        .map(m -> m.group(1))
        .toList();
  }
}
