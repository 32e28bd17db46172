package dev.twintail.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.store.MemoryObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvenanceLogTest {
  private final MemoryObjectStore objects = new MemoryObjectStore();

  @Test
  void of_damagedRecordOrThatOfAnotherAction_isLeftOut() throws Exception {
    ActionKey key = Preimage.of("one", 1).build().key();
    ActionKey other = Preimage.of("other", 1).build().key();
    Instant started = Instant.parse("2026-11-21T09:30:00.125Z");
    new ProvenanceLog(objects, "test", "run").append(key, started, Duration.ofMillis(7));
    List<String> names = new ArrayList<>();
    objects.list("provenance/", entry -> names.add(entry.name()));
    byte[] record = objects.open(names.get(0)).orElseThrow().readAllBytes();
    objects.create(other.nameIn("provenance") + "/moved.json", Blob.of(record));
    objects.create(key.nameIn("provenance") + "/garbled.json", Blob.of("{".getBytes(UTF_8)));

    assertThat(ProvenanceLog.of(other, objects)).isEmpty();
    assertThat(ProvenanceLog.of(key, objects))
        .containsExactly(
            new Provenance(key, started, Duration.ofMillis(7), Machine.current(), "test", "run"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"my run", "", "..", "a/b", "../x", "tmp"})
  void of_recordOfARunThatNamesNoObject_isLeftOut(String run) throws Exception {
    ActionKey key = Preimage.of("one", 1).build().key();
    new ProvenanceLog(objects, "test", run).append(key, Instant.now(), Duration.ofMillis(7));

    assertThat(ProvenanceLog.of(key, objects)).isEmpty();
  }
}
