package dev.twintail.trust;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFileTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n-----END PRIVATE KEY-----"
      })
  void read_linesThatAreMissingOrOne_areTold(String text, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("key.pub"), text);

    assertThatThrownBy(() -> TrustedKey.read(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("expected a PEM file that starts with -----BEGIN PUBLIC KEY-----");
  }
}
