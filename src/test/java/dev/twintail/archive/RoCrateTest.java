package dev.twintail.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoCrateTest {
  private static final String PLACE = "https://example.org/mnist/images.gz";

  @Test
  void digits_areFilesWhoseDownloadIsGzipped() throws IOException {
    Map<String, JsonNode> entities = new HashMap<>();
    new ObjectMapper()
        .readTree(RoCrate.of(deposit()))
        .get("@graph")
        .forEach(entity -> entities.put(entity.get("@id").asText(), entity));

    JsonNode digits =
        entities.values().stream()
            .filter(e -> e.path("name").asText().equals("images") && e.has("sha256"))
            .findFirst()
            .orElseThrow();
    assertThat(digits.has("url")).isFalse();
    assertThat(digits.at("/encoding/@id").asText()).isEqualTo(PLACE);
    assertThat(entities.get(PLACE).get("encodingFormat").asText()).isEqualTo("application/gzip");
    assertThat(entities.get(PLACE).get("contentUrl").asText()).isEqualTo(PLACE);
    assertThat(entities.get(PLACE).has("sha256")).isFalse();
  }

  private static Deposit deposit() {
    Digest digest = Digest.of("a file".getBytes(StandardCharsets.UTF_8));
    Deposit.DepositedFile spec = new Deposit.DepositedFile("pipelines/tiny.yaml", digest);
    return new Deposit(
        "tiny",
        "A title",
        "a report",
        7,
        2,
        List.of("One"),
        List.of(spec),
        List.of(new Deposit.DepositedSource("images", digest, List.of(URI.create(PLACE)))),
        new Deposit.DepositedFile("tiny.lock", digest),
        List.of(new Deposit.DepositedFile("results/summary.arrow", digest)),
        digest.sha256(),
        new TreeMap<>(Map.of("blas", "0.3")),
        new Deposit.DepositedRun("run-1", "1.0", Instant.EPOCH, Instant.EPOCH));
  }
}
