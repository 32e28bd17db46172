package dev.twintail.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("overlay")
class OverlayObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmpty() {
    return new OverlayObjectStore(new MemoryObjectStore());
  }

  @Test
  void everyOperation_overAStore_seesItAndLeavesItAlone() throws IOException {
    MemoryObjectStore base = new MemoryObjectStore();
    base.create("a/1", blob("base"));
    OverlayObjectStore overlay = new OverlayObjectStore(base);

    assertThat(overlay.create("a/1", blob("other"))).isFalse();
    assertThat(overlay.create("a/0", blob("new"))).isTrue();
    assertThat(overlay.delete("a/1")).isFalse();

    assertThat(overlay.open("a/1").orElseThrow().readAllBytes()).isEqualTo("base".getBytes(UTF_8));
    assertThat(overlay.open("a/0").orElseThrow().readAllBytes()).isEqualTo("new".getBytes(UTF_8));
    List<String> names = new ArrayList<>();
    overlay.list("a/", entry -> names.add(entry.name()));
    assertThat(names).containsExactly("a/0", "a/1");
    assertThat(base.stat("a/0")).isEmpty();
    assertThat(base.stat("a/1")).isPresent();
  }

  @Test
  void damagedBlob_ofTheStoreBehind_isSaidToStayWhereItIs() throws IOException {
    MemoryObjectStore base = new MemoryObjectStore();
    Blob blob = blob("digits");
    base.create(BlobStore.nameOf(blob.digest()), blob("dugits"));
    List<String> events = new ArrayList<>();
    BlobStore view = new BlobStore(new OverlayObjectStore(base), events::add);

    assertThat(view.get(blob.digest())).isEmpty();

    assertThat(events).singleElement().asString().endsWith("is not used; it stays in its place");
    assertThat(base.stat(BlobStore.nameOf(blob.digest()))).isPresent();
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }
}
