package dev.twintail.model;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Digest;
import dev.twintail.model.Weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final Tensor WEIGHT =
      new Tensor("body.0.weight", List.of(2, 3), new float[] {1, -2.5f, 3, 0, -0f, 1e-40f});
  private static final Tensor BIAS =
      new Tensor("body.0.bias", List.of(2), new float[] {Float.MAX_VALUE, 0.1f});

  @Test
  void encode_shuffledInput_givesTheSameBytes() {
    byte[] one = Safetensors.encode(new Weights(List.of(WEIGHT, BIAS)), Map.of("a", "1", "b", "2"));
    byte[] two = Safetensors.encode(new Weights(List.of(BIAS, WEIGHT)), Map.of("b", "2", "a", "1"));
    assertThat(one).isEqualTo(two);
  }

  @Test
  void encode_knownWeights_givesThePublishedFormat() {
    byte[] file = Safetensors.encode(new Weights(List.of(WEIGHT, BIAS)), Map.of("format", "pt"));
    int length = (file[0] & 0xff) | (file[1] << 8);
    assertThat(length % 8).isZero();
    assertThat(new String(file, 8, length, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"body.0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"body.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]}}");
    assertThat(Digest.of(file).sha256())
        .isEqualTo("d730324a899480e31da8cc12c8bfa3e9d0b3b39d902198fd2463ad9b44590d96");
  }

  @Test
  void decode_encoded_givesTheSameBits() {
    Weights weights = new Weights(List.of(WEIGHT, BIAS));
    assertThat(sameBits(Safetensors.decode(Safetensors.encode(weights, Map.of())), weights))
        .isTrue();
  }

  @Test
  void decode_damagedFile_isRefused() {
    byte[] file = Safetensors.encode(new Weights(List.of(WEIGHT, BIAS)), Map.of());
    assertThatThrownBy(() -> Safetensors.decode(Arrays.copyOf(file, file.length - 1)))
        .hasMessageStartingWith("Cannot read weights as safetensors: tensor body.0.weight");
    assertThatThrownBy(() -> Safetensors.decode(new byte[4])).hasMessageContaining("4 bytes");
    byte[] huge = file.clone();
    huge[6] = 1;
    assertThatThrownBy(() -> Safetensors.decode(huge)).hasMessageContaining("header");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'[-1]' | '[0,-4]' | impossible shape",
        "'[-2,-2]' | '[0,16]' | impossible shape",
        "'[4294967296,4294967296]' | '[0,0]' | impossible shape",
        "'[2147483648]' | '[0,8589934592]' | impossible shape",
        "'[2]' | '[8,0]' | is not 2 float32 values",
        "'[2]' | '[4,12]' | overlap at byte 4",
        "'[2]' | '[0,8]' | overlap at byte 0",
      })
  void decode_impossibleOrOverlappingTensor_isRefused(
      String shape, String offsets, String message) {
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":"
            + shape
            + ",\"data_offsets\":"
            + offsets
            + "}}";
    ByteBuffer file = ByteBuffer.allocate(8 + header.length() + 32).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Safetensors.decode(file.array()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
