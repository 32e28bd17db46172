package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir private Path folder;

  @Test
  void keep_newOtherAndSameText_replacesOnlyWhatDiffers() throws IOException {
    Path file = folder.resolve("a").resolve("b.txt");

    assertThat(WholeFile.keep(file, "one")).isFalse();
    assertThat(WholeFile.keep(file, "two")).isFalse();
    assertThat(WholeFile.keep(file, "two")).isTrue();

    assertThat(file).hasContent("two");
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such device")
  void replace_folderFileOrDeviceInTheWay_isToldInOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    Path below = file.resolve("below");

    assertThatThrownBy(() -> WholeFile.replace(folder, "x"))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot write " + folder + ": it is a folder");
    assertThatThrownBy(() -> WholeFile.replace(Path.of("/dev/null"), "x"))
        .hasMessage("Cannot write /dev/null: it is not a plain file");
    assertThatThrownBy(() -> WholeFile.replace(below, "x"))
        .isInstanceOf(IOException.class)
        .message()
        .startsWith("Cannot write " + below + ": ")
        .hasLineCount(1);
    assertThat(file).hasContent("mine");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege there")
  void replace_linkInPlaceOfThePart_isNotFollowed() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "mine");
    Digest digest = Digest.of("x".getBytes(StandardCharsets.UTF_8));
    Files.createSymbolicLink(folder.resolve(".file." + digest + ".part"), other);

    WholeFile.replace(folder.resolve("file"), "x");

    assertThat(other).hasContent("mine");
    assertThat(folder.resolve("file")).hasContent("x").isRegularFile();
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }
}
