package dev.twintail.action;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActionCacheTest {
  private static final Preimage PREIMAGE = Preimage.of("stage", 1).parameter("x", 1).build();
  private static final ActionKey KEY = PREIMAGE.key();
  private static final String NAME = "ac/" + KEY.sha256().substring(0, 2) + "/" + KEY;
  private static final Blob ONE = blob("one");
  private static final Blob TWO = blob("two");
  private static final Manifest MANIFEST = manifest(ONE, TWO);

  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final List<String> events = new ArrayList<>();

  @Test
  void lookup_recorded_isReturned() throws Exception {
    record(PREIMAGE, ONE, TWO);

    assertThat(objects.stat(NAME)).isPresent();
    assertThat(cache().lookup(KEY)).contains(MANIFEST);
    assertThat(cache().lookupVerified(KEY)).contains(MANIFEST);
    assertThat(cache().preimage(KEY)).contains(PREIMAGE);
  }

  @Test
  void lookup_missing_isEmpty() throws Exception {
    assertThat(cache().lookup(KEY)).isEmpty();
    assertThat(cache().lookupVerified(KEY)).isEmpty();
    assertThat(cache().preimage(KEY)).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void lookupVerified_danglingManifest_isAMiss() throws Exception {
    record(PREIMAGE, ONE, TWO);
    objects.delete(casName(TWO));

    assertThat(cache().lookup(KEY)).contains(MANIFEST);
    assertThat(cache().lookupVerified(KEY)).isEmpty();
  }

  @Test
  void lookupVerified_corruptedBlobs_areAllReportedAndAMiss() throws Exception {
    record(PREIMAGE, ONE, TWO);
    replace(casName(ONE), "onf");
    replace(casName(TWO), "tw");

    assertThat(cache().lookupVerified(KEY)).isEmpty();

    assertThat(events).hasSize(2);
    assertThat(objects.stat(casName(ONE))).isEmpty();
    assertThat(objects.stat(casName(TWO))).isEmpty();
  }

  @Test
  void lookup_aPageInItsPlace_isAnErrorAndLosesNothing() throws Exception {
    record(PREIMAGE, ONE, TWO);
    ObjectStore behindAProxy =
        new ForwardingObjectStore(objects) {
          @Override
          public Optional<InputStream> open(String name) {
            return Optional.of(new ByteArrayInputStream("<html>Log in</html>".getBytes(UTF_8)));
          }
        };
    ActionCache cache =
        new ActionCache(behindAProxy, new BlobStore(behindAProxy, events::add), events::add);

    assertThatThrownBy(() -> cache.lookup(KEY))
        .hasMessageContaining("what is read is not what the store says it has");

    assertThat(cache().lookup(KEY)).contains(MANIFEST);
    assertThat(events).isEmpty();
  }

  @Test
  void lookup_garbledManifest_isQuarantinedAndAMiss() throws Exception {
    record(PREIMAGE, ONE, TWO);
    String cut = new String(MANIFEST.bytes(), UTF_8).substring(0, 100);
    replace(NAME, cut);

    assertThat(cache().lookup(KEY)).isEmpty();

    String aside = "quarantine/" + KEY + "-" + blob(cut).digest().abbreviated();
    assertThat(read(aside)).isEqualTo(cut);
    assertThat(events).hasSize(1);
    assertThat(events.get(0))
        .startsWith("Manifest of action " + KEY.abbreviated() + "… is damaged (")
        .endsWith("; moved to " + aside + "; it will be recomputed");
    assertThat(objects.stat(NAME)).isEmpty();
  }

  @Test
  void record_overGarbledManifest_replacesIt() throws Exception {
    objects.create(NAME, blob("garbage"));

    record(PREIMAGE, ONE, TWO);

    assertThat(cache().lookupVerified(KEY)).contains(MANIFEST);
    assertThat(events).hasSize(1);
  }

  @Test
  void record_equalTwice_isFine() throws Exception {
    record(PREIMAGE, ONE, TWO);
    record(PREIMAGE, ONE, TWO);

    assertThat(cache().lookupVerified(KEY)).contains(MANIFEST);
  }

  @Test
  void record_different_keepsBothAndTells() throws Exception {
    Blob other = blob("other");
    Manifest rejected = manifest(ONE, other);
    record(PREIMAGE, ONE, TWO);

    assertThatThrownBy(() -> record(PREIMAGE, ONE, other))
        .hasMessageContaining("with other bytes in b;")
        .isInstanceOf(NonReproducibleException.class);

    assertThat(cache().lookupVerified(KEY)).contains(MANIFEST);
    assertThat(read("conflicts/" + KEY + "/" + rejected.blob().digest()))
        .isEqualTo(new String(rejected.bytes(), UTF_8));
    assertThat(objects.stat(casName(other))).isPresent();
  }

  @Test
  void record_blobOrPreimageNotStored_isAnErrorAndRecordsNothing() throws Exception {
    BlobStore blobs = blobs();
    blobs.put(ONE);
    blobs.put(TWO);
    assertThatThrownBy(() -> cache().record(KEY, PREIMAGE, MANIFEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("its preimage is not stored");
    blobs.put(PREIMAGE.blob());
    objects.delete(casName(TWO));
    assertThatThrownBy(() -> cache().record(KEY, PREIMAGE, MANIFEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("b is not stored");

    assertThat(objects.stat(NAME)).isEmpty();
  }

  @Test
  void record_keyOfAnotherPreimage_isAnError() {
    ActionKey other = new ActionKey("0".repeat(64));

    assertThatThrownBy(() -> cache().record(other, PREIMAGE, MANIFEST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void record(Preimage preimage, Blob a, Blob b) throws Exception {
    BlobStore blobs = blobs();
    blobs.put(preimage.blob());
    blobs.put(a);
    blobs.put(b);
    new ActionCache(objects, blobs, events::add).record(preimage.key(), preimage, manifest(a, b));
  }

  /** Returns a cache that has verified nothing yet, like that of the next process. */
  private ActionCache cache() {
    return new ActionCache(objects, blobs(), events::add);
  }

  private BlobStore blobs() {
    return new BlobStore(objects, events::add);
  }

  private void replace(String name, String content) throws IOException {
    objects.delete(name);
    objects.create(name, blob(content));
  }

  private String read(String name) throws IOException {
    try (InputStream in = objects.open(name).orElseThrow()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static Manifest manifest(Blob a, Blob b) {
    return Manifest.of(Map.<String, Digest>of("a", a.digest(), "b", b.digest()));
  }

  private static String casName(Blob blob) {
    String hex = blob.digest().sha256();
    return "cas/" + hex.substring(0, 2) + "/" + hex;
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }

  @Test
  void preimage_oddBytesUnderTheirDigest_areToldAndPassedOver() throws Exception {
    Blob odd = blob("twintail-action 1\nstage\ts\tversion\t1\ninput\tin\tdigest\tnospace\n");
    new BlobStore(objects, events::add).put(odd);

    assertThat(cache().preimage(new ActionKey(odd.digest().sha256()))).isEmpty();
    assertThat(events).singleElement().asString().contains("is not known: Cannot read preimage");
  }

  @Test
  void lookupVerified_falseSize_putsTheManifestAsideAndKeepsTheBlob() throws Exception {
    record(PREIMAGE, ONE, TWO);
    Digest wrong = new Digest(ONE.digest().sha256(), 5);
    replace(NAME, new String(Manifest.of(Map.of("0", wrong)).bytes(), UTF_8));

    assertThat(cache().lookupVerified(KEY)).isEmpty();

    assertThat(events)
        .singleElement()
        .asString()
        .contains("is damaged (it states 5 bytes of 0, which has 3)", "moved to quarantine/");
    assertThat(objects.stat(casName(ONE))).isPresent();
    assertThat(objects.stat(NAME)).isEmpty();
    record(PREIMAGE, ONE, TWO);
    assertThat(cache().lookupVerified(KEY)).contains(MANIFEST);
  }

  @Test
  void lookup_manifestLargerThanAny_isPutAsideWithoutHoldingIt() throws Exception {
    long size = (1L << 24) + 1;
    objects.create(NAME, new ZerosBlob(size));

    assertThat(cache().lookup(KEY)).isEmpty();

    assertThat(events)
        .singleElement()
        .asString()
        .contains("has more than the 16 MiB", "moved to quarantine/");
  }

  /** So many zeros. */
  private record ZerosBlob(long size) implements Blob {
    @Override
    public Digest digest() {
      try (InputStream in = open()) {
        return Digest.of(in);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public InputStream open() {
      return new java.io.ByteArrayInputStream(new byte[(int) size]);
    }
  }
}
