package dev.twintail.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend must do. A backend's test extends this and says how to open an empty store.
 */
public abstract class ObjectStoreContract {
  private static final int RACERS = 16;

  private ObjectStore store;

  /** Returns a store that holds nothing. */
  protected abstract ObjectStore openEmpty() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = openEmpty();
  }

  @AfterEach
  void closeStore() throws Exception {
    store.close();
  }

  @Test
  void create_absent_isReadBack() throws Exception {
    assertThat(store.create("cas/ab/abc", blob("hello"))).isTrue();

    assertThat(read("cas/ab/abc")).isEqualTo("hello");
    StoredObject entry = store.stat("cas/ab/abc").orElseThrow();
    assertThat(entry.name()).isEqualTo("cas/ab/abc");
    assertThat(entry.size()).isEqualTo(5);
    assertThat(entry.modified())
        .isBetween(
            Instant.now().minus(Duration.ofMinutes(5)), Instant.now().plus(Duration.ofMinutes(5)));
  }

  @Test
  void create_present_keepsTheFirst() throws Exception {
    store.create("a/b", blob("first"));

    assertThat(store.create("a/b", blob("second"))).isFalse();
    assertThat(read("a/b")).isEqualTo("first");
  }

  @Test
  void create_empty_isPresent() throws Exception {
    assertThat(store.create("empty", blob(""))).isTrue();

    assertThat(read("empty")).isEmpty();
    assertThat(store.stat("empty")).map(StoredObject::size).contains(0L);
    assertThat(store.create("empty", blob("x"))).isFalse();
  }

  @Test
  void create_large_isReadBack() throws Exception {
    byte[] bytes = new byte[20_000_003];
    new Random(1).nextBytes(bytes);
    Blob large = Blob.of(bytes);

    store.create("large", large);

    try (InputStream in = store.open("large").orElseThrow()) {
      assertThat(Digest.of(in)).isEqualTo(large.digest());
    }
  }

  @Test
  void create_sourceFails_leavesNothing() throws Exception {
    Blob failing = new FailingBlob(100_000);

    assertThatThrownBy(() -> store.create("a/failing", failing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(FailingBlob.MESSAGE);

    assertThat(store.stat("a/failing")).isEmpty();
    assertThat(names("")).isEmpty();
    assertThat(store.create("a/failing", blob("now it works"))).isTrue();
  }

  @Test
  void create_sameNameFromManyThreads_oneWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      String name = "race/" + round;
      List<Boolean> created = race(i -> store.create(name, blob("racer " + i)));

      assertThat(created).containsOnlyOnce(true);
      assertThat(read(name)).isEqualTo("racer " + created.indexOf(true));
    }
  }

  @Test
  void create_otherNamesFromManyThreads_allWin() throws Exception {
    assertThat(race(i -> store.create("many/" + i, blob("racer " + i)))).containsOnly(true);
    assertThat(names("many/")).hasSize(RACERS);
  }

  @Test
  void read_absent_isEmpty() throws Exception {
    store.create("a/b", blob("x"));

    for (String absent : List.of("c", "a", "a/c", "a/b/c", "c/b")) {
      assertThat(store.stat(absent)).as(absent).isEmpty();
      assertThat(store.open(absent)).as(absent).isEmpty();
      assertThat(store.delete(absent)).as(absent).isFalse();
    }
    assertThat(names("")).containsExactly("a/b");
  }

  @Test
  void delete_present_isGoneAndMayBeCreated() throws Exception {
    store.create("a/b", blob("first"));

    assertThat(store.delete("a/b")).isTrue();
    assertThat(store.stat("a/b")).isEmpty();
    assertThat(store.open("a/b")).isEmpty();
    assertThat(names("")).isEmpty();
    assertThat(store.create("a/b", blob("second"))).isTrue();
    assertThat(read("a/b")).isEqualTo("second");
  }

  @Test
  void list_prefixes_areCompleteAndInNameOrder() throws Exception {
    List<String> all =
        List.of("A", "a-b/c", "a.b", "a/b", "a/c/d", "a/c.d", "a0", "ab/c", "b/0", "b/00/1");
    for (String name :
        List.of("b/00/1", "a/b", "a0", "a.b", "a/c/d", "A", "ab/c", "a-b/c", "b/0", "a/c.d")) {
      store.create(name, blob(name));
    }

    assertThat(names("")).containsExactlyElementsOf(all.stream().sorted().toList());
    assertThat(names("a"))
        .containsExactlyElementsOf(
            all.stream().filter(name -> name.startsWith("a")).sorted().toList());
    assertThat(names("a/")).containsExactly("a/b", "a/c.d", "a/c/d");
    assertThat(names("a/c")).containsExactly("a/c.d", "a/c/d");
    assertThat(names("a/c/d")).containsExactly("a/c/d");
    assertThat(names("b/0")).containsExactly("b/0", "b/00/1");
    assertThat(names("none")).isEmpty();
    assertThat(names("none/at/all")).isEmpty();
    assertThat(names("../")).isEmpty();
    assertThat(names("/")).isEmpty();
  }

  @Test
  void listForeign_objectsAlone_findsNothing() throws Exception {
    store.create("a/b", blob("x"));
    store.create("a/c/d", blob("x"));
    List<String> foreign = new ArrayList<>();

    store.listForeign("a/", foreign::add);
    store.listForeign("none/", foreign::add);

    assertThat(foreign).isEmpty();
  }

  @Test
  void list_entry_tellsSize() throws Exception {
    store.create("a/b", blob("12345"));
    List<StoredObject> entries = new ArrayList<>();

    store.list("a/", entries::add);

    assertThat(entries).containsExactly(store.stat("a/b").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/..",
        "a/../b",
        "a/./b",
        "a\\b",
        "a b",
        "a\nb",
        "a\0b",
        "ä",
        "a:b",
        "~",
        "tmp",
        "tmp/x",
        "C:\\x",
        "%2e%2e/a"
      })
  void name_hostile_isRejected(String name) {
    for (StoreCall call :
        List.<StoreCall>of(
            () -> store.stat(name),
            () -> store.open(name),
            () -> store.create(name, blob("x")),
            () -> store.delete(name))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot name an object")
          .hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"...", "..a", "a..", "-", "_", "tmp.x", "a/tmp", "x/.hidden", "0/A_b-c.d"})
  void name_unusual_isTaken(String name) throws Exception {
    assertThat(store.create(name, blob("x"))).isTrue();
    assertThat(names("")).containsExactly(name);
  }

  @Test
  void name_long_isRejected() {
    assertThatThrownBy(() -> store.stat("a/".repeat(512) + "b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void close_twice_isFine() throws Exception {
    store.create("a", blob("x"));

    store.close();
    store.close();
  }

  private interface StoreCall {
    void run() throws Exception;
  }

  private interface Racer {
    boolean run(int number) throws Exception;
  }

  private static List<Boolean> race(Racer racer) throws Exception {
    CyclicBarrier start = new CyclicBarrier(RACERS);
    ExecutorService pool = Executors.newFixedThreadPool(RACERS);
    try {
      List<Future<Boolean>> futures = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        int number = i;
        futures.add(
            pool.submit(
                () -> {
                  start.await();
                  return racer.run(number);
                }));
      }
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private List<String> names(String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    store.list(prefix, entry -> names.add(entry.name()));
    return names;
  }

  private String read(String name) throws IOException {
    try (InputStream in = store.open(name).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
