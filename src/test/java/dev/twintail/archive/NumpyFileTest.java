package dev.twintail.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Digest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NumpyFileTest {
  private static final float[] VALUES = {0, 1.5f, -2, 3, 255, 1e-3f};

  @Test
  void of_values_isWhatNumpyWrites() {
    // numpy.save of numpy 2.4.6.
    assertThat(Digest.of(NumpyFile.of(VALUES, 1, 2, 3)).sha256())
        .isEqualTo("e258c320ff6b160ef66bd4181dc08407affe607e92090b435721d2bd7a0e2fb4");
    assertThat(new String(NumpyFile.of(VALUES, 6), StandardCharsets.ISO_8859_1))
        .contains("'shape': (6,), }");
  }

  @Test
  void of_anotherNumberOfValues_isRefused() {
    assertThatThrownBy(() -> NumpyFile.of(VALUES, 2, 2))
        .hasMessage("Cannot shape 6 values as [2, 2]");
  }
}
