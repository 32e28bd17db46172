package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private final StringWriter err = new StringWriter();

  @AfterEach
  void forgetTerminal() {
    System.clearProperty("twintail.terminal");
  }

  @Test
  void download_withoutTerminal_printsNothing() {
    RunProgress progress = new RunProgress(new PrintWriter(err, true));

    progress.download("train-images", 1 << 20, 4 << 20);
    progress.erase();

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
}
