package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailureHandlerTest {
  @Test
  void handle_folderThatBreaksOffWhileListed_isAFailureOfTheStore() {
    StringWriter printed = new StringWriter();
    CommandLine root = Main.root(new String[] {"ls"});
    root.setOut(new PrintWriter(new StringWriter()));

    int code =
        new FailureHandler(new PrintWriter(printed, true))
            .handleExecutionException(
                new UncheckedIOException(
                    new FileSystemException("store/cas", null, "Input/output error")),
                root,
                root.parseArgs());

    assertThat(code).isEqualTo(ExitCode.STORE);
    assertThat(printed.toString())
        .isEqualTo("twintail: Cannot use store/cas: Input/output error" + System.lineSeparator());
  }
}
