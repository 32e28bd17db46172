package dev.twintail.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ReadOnlyObjectStore;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeasedStoreTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration LIFE = Duration.ofMinutes(20);

  private final Clocked objects = new Clocked();
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  /** A store with a clock of its own, which may refuse and delay. */
  private static final class Clocked extends ForwardingObjectStore {
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean keepsAll;
    private volatile boolean unlistable;
    private volatile String silent = "";
    private final AtomicInteger failures = new AtomicInteger();
    private final List<StoredObject> fixed = Collections.synchronizedList(new ArrayList<>());

    Clocked() {
      super(new MemoryObjectStore());
    }

    @Override
    public Optional<StoredObject> stat(String name) throws IOException {
      if (name.equals(silent)) {
        throw new StoreException("Cannot read: no answer");
      }
      return fixed.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    @Override
    public boolean create(String name, Blob content) throws IOException {
      if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IllegalStateException("a fault of the program");
      }
      boolean created = super.create(name, content);
      if (created) {
        fixed.add(new StoredObject(name, content.digest().size(), Instant.now().plus(ahead)));
      }
      return created;
    }

    @Override
    public boolean delete(String name) throws IOException {
      if (keepsAll) {
        throw new StoreException(
            StoreException.StoreFault.DELETE_DENIED, "Cannot delete: no right", null);
      }
      fixed.removeIf(entry -> entry.name().equals(name));
      return super.delete(name);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
      if (unlistable) {
        throw new StoreException("Cannot list");
      }
      List.copyOf(fixed).stream().filter(e -> e.name().startsWith(prefix)).forEach(consumer);
    }

    List<String> names() {
      return new ArrayList<>(fixed.stream().map(StoredObject::name).toList());
    }
  }

  @Test
  void use_removalRefused_isANoteAndKeepsCollectionsAway() throws Exception {
    use("killed"); // Never closed.
    objects.ahead = LIFE.multipliedBy(3);
    objects.keepsAll = true;

    try (LeasedStore leased = use("second")) {
      leased.requireWritable();
      assertThat(leased.create("x", blob("x"))).isTrue();
      assertThat(LeasedStore.collect(objects, "gc", terms(LIFE), notes::add)).isEmpty();
    }

    assertThat(notes).filteredOn(n -> n.startsWith("Leases stay in ")).isNotEmpty();
    assertThat(notes).anySatisfy(n -> assertThat(n).startsWith("leases/second.0 of "));
  }

  @Test
  void use_writingDenied_canOnlyRead() throws Exception {
    objects.create("there", blob("x"));

    try (LeasedStore leased =
        LeasedStore.use(new ReadOnlyObjectStore(objects), "reader", notes::add)) {
      assertThat(leased.isWritable()).isFalse();
      assertThat(leased.stat("there")).isPresent();
      assertThat(leased.create("there", blob("x"))).isFalse();
      assertThatThrownBy(leased::requireWritable).hasMessage(ReadOnlyObjectStore.MESSAGE);
      assertThatThrownBy(() -> leased.create("new", blob("x"))).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> leased.delete("there")).isInstanceOf(StoreException.class);
    }
    assertThat(objects.names()).containsExactly("there");
  }

  @Test
  void use_announcementFailsOtherwise_isAnError() {
    ObjectStore broken =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean create(String name, Blob content) throws IOException {
            throw new StoreException("Cannot write: the server answers 500");
          }
        };

    assertThatThrownBy(() -> LeasedStore.use(broken, "run", notes::add))
        .hasMessageContaining("answers 500");
  }

  @Test
  void collect_liveLease_countsByItsAgeAlone() throws Exception {
    use("of another"); // Its process may be dead, asleep, or hidden from this one.

    objects.ahead = LIFE.minusMinutes(1);
    assertThat(LeasedStore.collect(objects, "early", terms(LIFE), notes::add)).isEmpty();
    objects.ahead = LIFE.plusMinutes(1);
    assertThat(LeasedStore.collect(objects, "late", terms(LIFE), notes::add)).isPresent();
  }

  /** A worker may go on with an action after the run that began it has ended. */
  @Test
  void collect_actionClaimed_doesNothingUntilTheClaimIsOld() throws Exception {
    objects.create("claims/ab/abcd.3", blob("x"));

    objects.ahead = LIFE.minusMinutes(1);
    assertThat(LeasedStore.collect(objects, "early", terms(LIFE), notes::add)).isEmpty();
    assertThat(notes).singleElement().asString().startsWith("claims/ab/abcd.3 of 20");
    objects.ahead = LIFE.plusMinutes(1);
    assertThat(LeasedStore.collect(objects, "late", terms(LIFE), notes::add)).isPresent();
  }

  @Test
  void sweep_claimsOfTheDead_areRemoved() throws Exception {
    objects.create("claims/ab/abcd.3", blob("x"));
    objects.ahead = LIFE.multipliedBy(2).plusMinutes(1);

    try (LeasedStore collection =
        LeasedStore.collect(objects, "gc", terms(LIFE), notes::add).orElseThrow()) {
      collection.lease().orElseThrow().sweep();
    }

    assertThat(objects.names()).isEmpty();
  }

  @Test
  void collect_leaseOfTheFuture_saysWhatToDo() throws Exception {
    objects.ahead = Duration.ofDays(4000);
    use("from 2037");
    objects.ahead = Duration.ZERO;

    assertThat(LeasedStore.collect(objects, "gc", terms(LIFE), notes::add)).isEmpty();
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("leases/from-2037.0 of 20")
        .endsWith(", which is in the future: if nobody works here, delete it");
  }

  @Test
  void create_renewedTooLate_announcesAnewAndTells() throws Exception {
    try (LeasedStore slept = LeasedStore.use(objects, "slept", worn(), LIFE, notes::add)) {
      assertThat(slept.lapsed()).isFalse();
      objects.ahead = LIFE.plusMinutes(1);

      slept.create("a", blob("a"));

      assertThat(slept.lapsed()).isTrue();
      assertThat(objects.names()).containsExactlyInAnyOrder("leases/slept.2", "a");
    }
    assertThat(objects.names()).containsExactly("a");
  }

  @Test
  void create_renewedTooLateBesideACollection_waitsForItsEnd() throws Exception {
    try (LeasedStore slept = LeasedStore.use(objects, "slept", worn(), LIFE, notes::add)) {
      objects.ahead = LIFE.plusMinutes(1);
      LeasedStore collection =
          LeasedStore.collect(objects, "gc", terms(LIFE), notes::add).orElseThrow();
      CompletableFuture<Boolean> write = CompletableFuture.supplyAsync(() -> create(slept, "a"));
      while (notes.isEmpty() && !write.isDone()) {
        Thread.sleep(1);
      }
      assertThat(objects.names()).doesNotContain("a");

      collection.close();

      assertThat(write.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void create_severalRenewedTooLateBesideACollection_allWaitForItsEnd() throws Exception {
    try (LeasedStore slept = LeasedStore.use(objects, "slept", late(), LIFE, notes::add)) {
      objects.ahead = LIFE.plusMinutes(1);
      LeasedStore collection =
          LeasedStore.collect(objects, "gc", terms(LIFE), notes::add).orElseThrow();
      Thread.sleep(late().worn().toMillis());
      List<Thread> writers = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        writers.add(new Thread(() -> create(slept, name)));
      }
      writers.forEach(Thread::start);
      for (Thread writer : writers) {
        awaitState(writer, Thread.State.WAITING, Thread.State.TIMED_WAITING);
      }
      assertThat(objects.names()).doesNotContain("a", "b", "c");

      collection.close();

      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(objects.names()).contains("a", "b", "c");
    }
  }

  @Test
  void create_lookForCollectionsFailed_looksAgain() throws Exception {
    try (LeasedStore slept = LeasedStore.use(objects, "slept", late(), LIFE, notes::add)) {
      objects.ahead = LIFE.plusMinutes(1);
      LeasedStore collection =
          LeasedStore.collect(objects, "gc", terms(LIFE), notes::add).orElseThrow();
      Thread.sleep(late().worn().toMillis());
      objects.unlistable = true;
      assertThatThrownBy(() -> slept.create("a", blob("a"))).hasMessage("Cannot list");
      objects.unlistable = false;

      Thread writer = new Thread(() -> create(slept, "a"));
      writer.start();
      awaitState(writer, Thread.State.TIMED_WAITING);
      assertThat(objects.names()).doesNotContain("a");

      collection.close();
      writer.join();
      assertThat(objects.names()).contains("a");
    }
  }

  private static void awaitState(Thread thread, Thread.State... states) throws Exception {
    while (!List.of(states).contains(thread.getState())) {
      assertThat(thread.isAlive()).isTrue();
      Thread.sleep(1);
    }
  }

  @Test
  void create_renewedInTime_goesOn() throws Exception {
    try (LeasedStore leased = use("busy")) {
      objects.ahead = LIFE.minusMinutes(5);
      leased.create("a", blob("a"));
      assertThat(leased.lapsed()).isFalse();
    }
  }

  @Test
  void delete_collectionWhoseLeaseIsGone_stops() throws Exception {
    objects.create("garbage", blob("x"));
    LeasedStore collection = LeasedStore.collect(objects, "gc", worn(), notes::add).orElseThrow();
    objects.delete("collections/gc.0");

    assertThatThrownBy(() -> collection.delete("garbage")).hasMessageStartingWith("Cannot go on:");
    assertThat(objects.names()).contains("garbage");
  }

  @Test
  void renewal_faultOfTheProgram_isTriedAgain() throws Exception {
    StoreLease.Terms quick = new StoreLease.Terms(Duration.ofMillis(5), NEVER, NEVER);
    try (LeasedStore leased = LeasedStore.use(objects, "run", quick, LIFE, notes::add)) {
      objects.failures.set(3);
      while (objects.failures.get() > 0) {
        Thread.sleep(1);
      }
      while (objects.names().contains("leases/run.0")) {
        Thread.sleep(1);
      }
      assertThat(leased.lapsed()).isFalse();
      assertThat(objects.names()).hasSize(1);
    }
    assertThat(objects.names()).isEmpty();
  }

  @Test
  void close_writeUnderWay_isAwaitedAndNoMoreBegin() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger leasesAtTheEnd = new AtomicInteger(-1);
    ObjectStore slow =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean create(String name, Blob content) throws IOException {
            if (name.equals("slow")) {
              begun.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              leasesAtTheEnd.set(objects.names().size());
            }
            return super.create(name, content);
          }
        };
    LeasedStore leased = LeasedStore.use(slow, "run", notes::add);
    CompletableFuture<Boolean> write = CompletableFuture.supplyAsync(() -> create(leased, "slow"));
    begun.await();
    Thread closing = new Thread(leased::close);
    closing.start();
    awaitState(closing, Thread.State.TIMED_WAITING);

    assertThatThrownBy(() -> leased.create("late", blob("late"))).hasMessageContaining("closed");
    go.countDown();
    closing.join();

    assertThat(write.get()).isTrue();
    assertThat(leasesAtTheEnd).hasValue(1);
    assertThat(objects.names()).containsExactly("slow");
  }

  @Test
  void close_writeThatWaitsForACollection_neverBegins() throws Exception {
    LeasedStore slept = LeasedStore.use(objects, "slept", worn(), Duration.ofMillis(1), notes::add);
    objects.ahead = LIFE.plusMinutes(1);
    LeasedStore collection =
        LeasedStore.collect(objects, "gc", terms(LIFE), notes::add).orElseThrow();
    CompletableFuture<Boolean> write = CompletableFuture.supplyAsync(() -> create(slept, "a"));
    while (notes.isEmpty()) {
      Thread.sleep(1);
    }

    slept.close();
    List<String> left = objects.names();
    collection.close();

    assertThatThrownBy(write::get).hasStackTraceContaining("Cannot ");
    left.remove("collections/gc.0");
    assertThat(objects.names()).containsExactlyElementsOf(left).doesNotContain("a");
  }

  @Test
  void use_timeOfTheLeaseUnknown_leavesNone() {
    objects.silent = "leases/run.0";

    assertThatThrownBy(() -> use("run")).hasMessageContaining("no answer");

    assertThat(objects.names()).isEmpty();
  }

  @Test
  void create_timeOfTheNextLeaseUnknown_leavesOne() throws Exception {
    LeasedStore leased = LeasedStore.use(objects, "run", worn(), LIFE, notes::add);
    objects.silent = "leases/run.1";

    assertThatThrownBy(() -> leased.create("a", blob("a"))).hasMessageContaining("no answer");

    assertThat(objects.names()).containsExactly("leases/run.1");
    objects.silent = "";
    leased.close();
    assertThat(objects.names()).isEmpty();
  }

  @Test
  void close_interruptedAndNothingWritten_takesTheLeaseBack() throws Exception {
    AtomicInteger interruptions = new AtomicInteger();
    ObjectStore distant =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean delete(String name) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
              interruptions.incrementAndGet();
            }
            return super.delete(name);
          }
        };
    LeasedStore leased = LeasedStore.use(distant, "run", notes::add);

    Thread.currentThread().interrupt();
    leased.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(objects.names()).isEmpty();
    assertThat(interruptions).hasValue(0);
  }

  @Test
  void close_writeThatDoesNotEnd_leavesTheLease() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ObjectStore stuck =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean delete(String name) throws IOException {
            if (name.equals("stuck")) {
              begun.countDown();
              go.countDown();
              try {
                Thread.sleep(Long.MAX_VALUE);
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            }
            return super.delete(name);
          }
        };
    LeasedStore leased =
        LeasedStore.use(stuck, "run", terms(LIFE), Duration.ofMillis(1), notes::add);
    Thread writer =
        new Thread(
            () -> {
              try {
                leased.delete("stuck");
              } catch (IOException e) {
                notes.add("ended");
              }
            });
    writer.setDaemon(true);
    writer.start();
    begun.await();

    leased.close();

    assertThat(objects.names()).containsExactly("leases/run.0");
    writer.interrupt();
  }

  private LeasedStore use(String id) throws Exception {
    return LeasedStore.use(
        objects, id.replace(' ', '-'), terms(LIFE), Duration.ofSeconds(10), notes::add);
  }

  /** A lease that is renewed before each write and never else. */
  private static StoreLease.Terms worn() {
    return new StoreLease.Terms(NEVER, Duration.ZERO, LIFE);
  }

  /** A lease that its first write finds worn, and those soon after it do not. */
  private static StoreLease.Terms late() {
    return new StoreLease.Terms(NEVER, Duration.ofSeconds(1), LIFE);
  }

  private static StoreLease.Terms terms(Duration life) {
    return new StoreLease.Terms(NEVER, NEVER, life);
  }

  private static boolean create(ObjectStore store, String name) {
    try {
      return store.create(name, blob(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }
}
