package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.store.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a command prints gets through, or the command fails. */
class StandardOutputTest {
  @Test
  void run_outputCannotBeWritten_failsInOneLine() {
    StringWriter err = new StringWriter();

    int code = Main.run(new String[] {"version"}, broken("No space left on device"), writer(err));

    assertThat(code).isEqualTo(ExitCode.STORE);
    assertThat(err.toString().lines())
        .containsExactly(
            "twintail: Cannot write the output: No space left on device; what the command did is"
                + " done, what it printed is not whole");
  }

  @Test
  void run_readerWentAway_saysNothingAndIsNoSuccess() {
    StringWriter err = new StringWriter();

    int code = Main.run(new String[] {"version"}, broken("Broken pipe"), writer(err));

    assertThat(code).isEqualTo(ExitCode.BROKEN_PIPE);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere there is no /dev/full")
  void version_fullDisk_failsAsAProcess() throws Exception {
    Process process =
        ChildJvm.builder(List.of(), Main.class, "version")
            .redirectOutput(new File("/dev/full"))
            .start();

    assertThat(process.errorReader(UTF_8).readLine()).startsWith("twintail: Cannot write the out");
    assertThat(process.waitFor()).isEqualTo(ExitCode.STORE);
  }

  private static StandardOutput broken(String message) {
    return new StandardOutput(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(message);
          }
        });
  }

  private static PrintWriter writer(StringWriter err) {
    return new PrintWriter(err, true);
  }
}
