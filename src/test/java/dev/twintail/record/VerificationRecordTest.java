package dev.twintail.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.blob.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerificationRecordTest {
  private static final Digest DIGEST = Digest.of("bytes".getBytes(UTF_8));

  private static VerificationRecord record(VerificationResult result) {
    return new VerificationRecord(
        new ActionKey(DIGEST.sha256()),
        DIGEST,
        result,
        new TreeMap<>(Map.of("weights.safetensors", DIGEST)),
        List.of(new TreeMap<>(Map.of("output", "weights.safetensors", "tensor", "tail.0.bias"))),
        Optional.of("out of luck"),
        new TreeMap<>(Map.of("blas.kernels", "Haswell")),
        new Machine("host", 7, "Linux 6", "amd64", "Debian 17", "AuthenticAMD, AMD EPYC"),
        "0.1.0",
        "verification",
        Instant.parse("2026-11-21T09:30:00.125Z"),
        Duration.ofMillis(1234));
  }

  @ParameterizedTest
  @CsvSource({"REPRODUCED, REPRODUCED", "DIFFERS, DIFFERS", "DAMAGED, DAMAGED"})
  void parse_ofWhatIsWritten_isTheSameUnderTheWordOfRecords(VerificationResult result, String word)
      throws Exception {
    VerificationRecord record = record(result);

    assertThat(new String(record.toJson().bytes(), UTF_8))
        .contains("\"verdict\" : \"" + word + "\"");
    assertThat(VerificationRecord.parse(record.toJson().bytes())).isEqualTo(record);
  }

  @Test
  void parse_recordWithDifferencesAsLines_readsTheRest() throws Exception {
    String json = new String(record(VerificationResult.DIFFERS).toJson().bytes(), UTF_8);
    String old =
        json.replaceFirst("(?s)\"differences\" : \\[.*?]", "\"differences\" : [ \"x: byte 3\" ]")
            .replaceFirst("\"failure\" : [^\n]*\n", "");

    VerificationRecord read = VerificationRecord.parse(old.getBytes(UTF_8));

    assertThat(read.result()).isEqualTo(VerificationResult.DIFFERS);
    assertThat(read.outputs()).containsEntry("weights.safetensors", DIGEST);
    assertThat(read.differences()).isEmpty();
    assertThat(read.failure()).isEmpty();
  }

  @Test
  void parse_unknownWord_isMalformed() throws Exception {
    String json = new String(record(VerificationResult.DIFFERS).toJson().bytes(), UTF_8);

    assertThatThrownBy(
            () -> VerificationRecord.parse(json.replace("DIFFERS", "differs").getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("is no verdict");
  }

  @Test
  void new_resultWithoutComputation_isRefused() {
    assertThatThrownBy(() -> record(VerificationResult.NOT_VERIFIABLE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
