package dev.twintail.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxSetTest {
  @TempDir private Path folder;

  /** Were it read, it would be refused: it is cut short. */
  @Test
  void in_aFileThatIsNoIdx_isNotReadBeyondItsHead() throws IOException {
    List<Path> digits;
    try (var files = Files.list(MnistFixture.folder())) {
      digits = files.toList();
    }
    for (Path file : digits) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("what was learnt when".getBytes(StandardCharsets.UTF_8));
    }
    Files.write(
        folder.resolve("train-log.gz"), Arrays.copyOf(packed.toByteArray(), packed.size() - 4));

    assertThat(IdxSet.in(folder)).isEqualTo(IdxSet.in(MnistFixture.folder()));
  }
}
