package dev.twintail.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
  private static final Blob HELLO = blob("hello world, 20 byte");

  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private BlobStore blobs;

  @BeforeEach
  void open() {
    blobs = reopened();
  }

  @Test
  void put_absent_isServedFromItsContentAddress() throws Exception {
    blobs.put(HELLO);

    String hex = HELLO.digest().sha256();
    assertThat(objects.stat("cas/" + hex.substring(0, 2) + "/" + hex)).isPresent();
    assertThat(blobs.contains(HELLO.digest())).isTrue();
    assertThat(reopened().verify(HELLO.digest())).isTrue();
    assertThat(reopened().get(HELLO.digest()).orElseThrow().bytes()).isEqualTo(HELLO.bytes());
    assertThat(blobs.find(hex)).contains(HELLO.digest());
    assertThat(events).isEmpty();
  }

  @Test
  void get_missing_isEmptyAndSilent() throws Exception {
    assertThat(blobs.get(HELLO.digest())).isEmpty();
    assertThat(blobs.verify(HELLO.digest())).isFalse();
    assertThat(blobs.contains(HELLO.digest())).isFalse();
    assertThat(blobs.find(HELLO.digest().sha256())).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void get_aPageInItsPlace_isAnErrorAndLosesNothing() throws Exception {
    blobs.put(HELLO);
    ObjectStore behindAProxy =
        new ForwardingObjectStore(objects) {
          @Override
          public Optional<InputStream> open(String name) {
            return Optional.of(new ByteArrayInputStream("<html>Log in</html>".getBytes(UTF_8)));
          }
        };

    assertThatThrownBy(() -> new BlobStore(behindAProxy, events::add).get(HELLO.digest()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("what is read is not what the store says it has");

    assertThat(reopened().verify(HELLO.digest())).isTrue();
    assertThat(events).isEmpty();
  }

  @Test
  void get_bitFlipped_isQuarantinedAndReported() throws Exception {
    Blob flipped = blob("hello world, 20 bytf");
    damage(flipped);

    assertThat(blobs.get(HELLO.digest())).isEmpty();

    String aside = "quarantine/" + HELLO.digest().sha256() + "-" + flipped.digest().abbreviated();
    assertThat(read(aside)).isEqualTo("hello world, 20 bytf");
    assertThat(blobs.contains(HELLO.digest())).isFalse();
    assertThat(events)
        .containsExactly(
            "Blob "
                + HELLO.digest().abbreviated()
                + "… is damaged (its bytes hash to "
                + flipped.digest().abbreviated()
                + "…); moved to "
                + aside
                + "; it will be recomputed");
  }

  @Test
  void verify_truncated_isQuarantinedAndReported() throws Exception {
    damage(blob("hello worl"));

    assertThat(blobs.contains(HELLO.digest())).isFalse();
    assertThat(blobs.verify(HELLO.digest())).isFalse();

    assertThat(events).hasSize(1);
    assertThat(events.get(0)).contains("(truncated: 10 of 20 bytes)");
    assertThat(objects.stat(nameOf(HELLO))).isEmpty();
  }

  @Test
  void get_tooLong_isQuarantined() throws Exception {
    damage(blob("hello world, 20 bytes and more"));

    assertThat(blobs.get(HELLO.digest())).isEmpty();

    assertThat(events.get(0)).contains("(too long: 30 instead of 20 bytes)");
  }

  @Test
  void put_overDamaged_replacesIt() throws Exception {
    damage(blob("hello world, 20 bytf"));

    blobs.put(HELLO);

    assertThat(reopened().verify(HELLO.digest())).isTrue();
    assertThat(events).hasSize(1);
  }

  @Test
  void get_damagedAfterVerification_isNotServed() throws Exception {
    blobs.put(HELLO);
    assertThat(blobs.verify(HELLO.digest())).isTrue();
    objects.delete(nameOf(HELLO));
    damage(blob("hello world, 20 bytf"));

    assertThat(blobs.get(HELLO.digest())).isEmpty();
    assertThat(blobs.verify(HELLO.digest())).isFalse();
    assertThat(events).hasSize(1);
  }

  @Test
  void verify_removedAfterVerification_isFalse() throws Exception {
    blobs.put(HELLO);
    objects.delete(nameOf(HELLO));

    assertThat(blobs.verify(HELLO.digest())).isFalse();
    blobs.put(HELLO);
    assertThat(blobs.verify(HELLO.digest())).isTrue();
  }

  @Test
  void put_sourceChanged_isAnErrorAndStoresNothing(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "before");
    Blob blob = Blob.of(file);
    Files.writeString(file, "after!");

    assertThatThrownBy(() -> blobs.put(blob))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("its bytes changed meanwhile");

    assertThat(blobs.contains(blob.digest())).isFalse();
  }

  @Test
  void get_damagedInAStoreThatRefusesWrites_isReportedAndNotServed() throws Exception {
    damage(blob("hello world, 20 bytf"));
    BlobStore readOnly = new BlobStore(new ReadOnlyObjectStore(objects), events::add);

    assertThat(readOnly.get(HELLO.digest())).isEmpty();

    assertThat(events).hasSize(1);
    assertThat(events.get(0)).contains("is damaged").contains(ReadOnlyObjectStore.MESSAGE);
    assertThatThrownBy(() -> readOnly.put(HELLO))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot store blob");
  }

  private BlobStore reopened() {
    return new BlobStore(objects, events::add);
  }

  /** Makes the store hold other bytes under the name of {@link #HELLO}. */
  private void damage(Blob wrong) throws IOException {
    objects.create(nameOf(HELLO), wrong);
  }

  private String read(String name) throws IOException {
    try (InputStream in = objects.open(name).orElseThrow()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static String nameOf(Blob blob) {
    String hex = blob.digest().sha256();
    return "cas/" + hex.substring(0, 2) + "/" + hex;
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }
}
