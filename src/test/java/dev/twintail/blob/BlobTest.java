package dev.twintail.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void digest_knownBytes_isTheStandardsExample() {
    assertThat(Digest.of("abc".getBytes(UTF_8))).isEqualTo(new Digest(ABC, 3));
  }

  @Test
  void digest_streamed_equalsTheOneInMemory() throws Exception {
    byte[] bytes = new byte[1_000_001];

    assertThat(Digest.of(new ByteArrayInputStream(bytes))).isEqualTo(Digest.of(bytes));
  }

  @Test
  void of_file_hasDigestAndBytesOfTheFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "abc");

    Blob blob = Blob.of(file);

    assertThat(blob.digest()).isEqualTo(new Digest(ABC, 3));
    assertThat(blob.bytes()).isEqualTo("abc".getBytes(UTF_8));
    assertThat(blob.bytes()).isEqualTo("abc".getBytes(UTF_8));
  }

  @Test
  void digest_notHexadecimal_isRejected() {
    for (String wrong :
        new String[] {"", "abc", ABC.toUpperCase(java.util.Locale.ROOT), ABC + "0"}) {
      assertThatThrownBy(() -> new Digest(wrong, 3)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Digest(ABC, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
