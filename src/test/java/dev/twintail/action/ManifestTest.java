package dev.twintail.action;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Digest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final Digest ABC = Digest.of("abc".getBytes(UTF_8));
  private static final Digest NONE = Digest.of(new byte[0]);

  @Test
  void bytes_anyOrder_areSortedByName() {
    Map<String, Digest> reversed = new LinkedHashMap<>();
    reversed.put("weights/tail.bin", ABC);
    reversed.put("curves.arrow", NONE);

    String text = new String(Manifest.of(reversed).bytes(), UTF_8);

    String lines =
        """
        twintail-manifest 1
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0 curves.arrow
        ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3 weights/tail.bin
        """;
    assertThat(text).isEqualTo(lines + "end " + Digest.of(lines.getBytes(UTF_8)) + "\n");
    assertThat(Manifest.of(reversed)).isEqualTo(example());
    assertThat(Manifest.of(reversed).blob().digest()).isEqualTo(example().blob().digest());
  }

  @Test
  void parse_written_roundTrips() throws Exception {
    assertThat(Manifest.parse(example().bytes())).isEqualTo(example());
    Manifest empty = Manifest.of(Map.of());
    assertThat(Manifest.parse(empty.bytes())).isEqualTo(empty);
  }

  @Test
  void parse_truncatedAnywhere_isMalformed() {
    byte[] bytes = example().bytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Manifest.parse(cut))
          .isInstanceOf(MalformedException.class)
          .hasMessageStartingWith("Cannot read manifest: ");
    }
  }

  @Test
  void parse_anyBitFlipped_isMalformed() {
    byte[] bytes = example().bytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> Manifest.parse(flipped)).isInstanceOf(MalformedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", ".hidden", "-rf", "a b", "a\nb",
        "ä"
      })
  void of_hostileName_isRejected(String name) {
    assertThatThrownBy(() -> Manifest.of(Map.of(name, ABC)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot name an output")
        .hasMessageNotContaining("\n");
  }

  @Test
  void output_unknown_isToldWithTheKnown() {
    assertThat(example().output("curves.arrow")).isEqualTo(NONE);
    assertThatThrownBy(() -> example().output("weights"))
        .hasMessage("Cannot find output 'weights': there are [curves.arrow, weights/tail.bin]");
  }

  private static Manifest example() {
    return Manifest.of(Map.of("curves.arrow", NONE, "weights/tail.bin", ABC));
  }
}
