package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** {@code run}'s choice of who executes it. */
class RunnerTest {
  @TempDir private Path folder;

  @Test
  void run_optionsOfBeam_reachTheRunner() {
    Cli.Result good =
        Cli.runOn(TinyExperiment.spec(), folder, "--only", "ArgMax", "--", "--blockOnRun=true");
    assertThat(good.exitCode()).isEqualTo(ExitCode.OK);

    Cli.Result bad =
        Cli.runOn(TinyExperiment.spec(), folder, "--only", "SoftMax", "--", "--flinkMestre=x:1");
    assertThat(bad.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(bad.err()).contains("twintail: Cannot use Beam's options --flinkMestre=x:1: ");
  }

  @Test
  void run_argumentThatIsNoOption_isRefused() {
    Cli.Result result = Cli.runOn(TinyExperiment.spec(), folder, "another");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("Unexpected argument: 'another'");
  }

  @Test
  @DisabledIfSystemProperty(
      named = "twintail.test.flink",
      matches = "true",
      disabledReason = "the libraries are there")
  void run_flinkWithoutItsLibraries_tellsWhereTheyComeFrom() {
    Cli.Result result = Cli.runOn(TinyExperiment.spec(), folder, "--runner", "flink");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .contains("twintail: Cannot run on Flink: its libraries are not on the class path");
  }

  @Test
  void run_folderOnACluster_isRefusedBeforeAnythingStarts() {
    Cli.Result result =
        Cli.runOn(
            TinyExperiment.spec(), folder, "--runner", "flink", "--", "--flinkMaster=host:8081");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .contains("twintail: Cannot run on the cluster host:8081 with the store ")
        .doesNotContain("pending");
  }
}
