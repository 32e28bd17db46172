package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @TempDir private Path folder;

  @Test
  void spec_ownFileDiffersInCaseAlone_isNotPassedOver() throws IOException {
    assertThat(Installation.spec(Path.of("Smoke.yaml"), folder))
        .isEqualTo(Installation.pipelines().resolve("smoke.yaml"));

    Path own = Files.createFile(folder.resolve("smoke.yaml"));
    assertThatThrownBy(() -> Installation.spec(Path.of("Smoke.yaml"), folder))
        .isInstanceOf(RequestException.class)
        .hasMessageStartingWith("Cannot tell which experiment 'Smoke.yaml' is: there are " + own);
  }
}
