package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An option that would change nothing is refused: who gives it expects that it does. */
class UnusedOptionsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lineage 123456 --json --format prov --store STORE | leave --json or --format out",
        "lineage 123456 --only Logits --store STORE | leave --only and --rounds out",
        "lineage 123456 --rounds 1 --store STORE | leave --only and --rounds out",
        "diff STORE STORE --store STORE | leave --store out",
        "diff a.lock b.lock --store STORE | leave --store out",
        "verify SPEC --seed 5 --store STORE | add --sample, or leave it out",
        "report SPEC --json --open --store STORE | leave --open or --json out",
      })
  void option_withoutEffect_isRefused(String command, String advice) throws Exception {
    Path store = Cli.emptyStore(folder.resolve("store"));

    Cli.Result result =
        Cli.run(
            Stream.of(command.split(" "))
                .map(
                    word ->
                        switch (word) {
                          case "STORE" -> store;
                          case "SPEC" -> TinyExperiment.spec();
                          default -> word;
                        })
                .toArray());

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines()).singleElement().asString().endsWith(advice);
  }

  /** To execute the experiment would not help. */
  @Test
  void verify_stageThatTheExperimentLacks_saysSo() throws Exception {
    Cli.Result verify =
        Cli.run(
            "verify",
            TinyExperiment.spec(),
            "--stage",
            "select",
            "--store",
            Cli.emptyStore(folder.resolve("store")));

    assertThat(verify.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(verify.err()).endsWith(": it has no actions of these stages\n");
  }
}
