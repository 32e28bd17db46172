package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What shells and {@code man} are given. */
class ShellTest {
  @TempDir private Path folder;

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no bash")
  void completion_inBash_completesCommandsAndOptions() throws Exception {
    Path script = folder.resolve("twintail.bash");
    Files.writeString(script, Cli.run("completion").out());

    assertThat(bash(script, "twintail", "expl")).isEqualTo("explain");
    assertThat(bash(script, "twintail", "run", "--keep")).isEqualTo("--keep-going");
    assertThat(bash(script, "twintail", "run", "--engine", "''")).isEqualTo("blas dl4j");
    assertThat(bash(script, "twintail", "export", "--format", "ro")).isEqualTo("ro-crate");
  }

  /** Returns what is offered after these words. */
  private String bash(Path script, String... words) throws Exception {
    String code =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_twintail; echo ${COMPREPLY[*]}"
            .formatted(script, String.join(" ", words), words.length - 1);
    Process bash =
        new ProcessBuilder("bash", "-c", code)
            .redirectError(ProcessBuilder.Redirect.DISCARD) // Told that it is no completion.
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  void man_page_hasEveryCommandOptionAndExitCode() {
    String page = Cli.run("man").out();

    CommandLine root = Main.root(new String[0]);
    assertThat(page).startsWith(".TH TWINTAIL 1\n").contains(".B 141\n");
    root.getSubcommands()
        .forEach(
            (name, command) -> {
              int start = page.indexOf(".SS twintail " + name.replace("-", "\\-") + "\n");
              assertThat(start).as(name).isPositive();
              String section = page.substring(start, page.indexOf(".S", start + 1));
              assertThat(section).contains("Examples:");
              for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(section).contains(option.longestName().replace("-", "\\-"));
              }
            });
    assertThat(page.lines())
        .as("lines that roff would take for requests")
        .filteredOn(line -> line.startsWith("."))
        .allMatch(line -> line.matches("\\.(TH|SH|SS|PP|TP|B|nf|fi)( .*)?"));
  }
}
