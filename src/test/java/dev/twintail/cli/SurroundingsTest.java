package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.store.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names that the JVM cannot represent are refused, so nothing is written elsewhere than told. */
class SurroundingsTest {
  @TempDir private Path folder;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names are always Unicode")
  void main_folderOutsideTheLocale_isRefusedAndNothingIsMade() throws Exception {
    Path working = Files.createDirectory(folder.resolve("größe"));
    ProcessBuilder builder =
        ChildJvm.builder(List.of(), Main.class, "version").directory(working.toFile());
    builder.environment().put("LC_ALL", "C");

    Process process = builder.start();

    assertThat(process.errorReader(UTF_8).readLine())
        .startsWith("twintail: Cannot use the folder ")
        .endsWith("set LC_ALL=C.UTF-8");
    assertThat(process.waitFor()).isEqualTo(ExitCode.STORE);
    assertThat(folder).isDirectoryContaining(path -> path.equals(working));
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names are always Unicode")
  void main_argumentOutsideTheLocale_isRefused() throws Exception {
    ProcessBuilder builder =
        ChildJvm.builder(
            List.of(), Main.class, "du", "--store", folder.resolve("größe").toString());
    builder.environment().put("LC_ALL", "C");

    Process process = builder.start();

    assertThat(process.errorReader(UTF_8).readLine())
        .startsWith("twintail: Cannot use the argument ")
        .endsWith("set LC_ALL=C.UTF-8");
    assertThat(process.waitFor()).isEqualTo(ExitCode.STORE);
    assertThat(folder).isEmptyDirectory();
  }
}
