package dev.twintail.action;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.blob.Blob;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClaimsTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration LIFE = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofMillis(5);
  private static final Preimage PREIMAGE = Preimage.of("stage", 1).parameter("x", 1).build();
  private static final ActionKey KEY = PREIMAGE.key();
  private static final Blob OUT = blob("output");

  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void take_nobodyElseIsKnown_leavesNoObjectOfShortWork() throws Exception {
    try (Claims.Claim claim = claims(NEVER, NEVER).take(KEY).orElseThrow()) {
      assertThat(claim.isHeld()).isFalse();
      assertThat(names()).isEmpty();
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void take_longWork_isClaimedRenewedAndReleased() throws Exception {
    try (Claims.Claim claim = claims(SOON, SOON).take(KEY).orElseThrow()) {
      while (names().isEmpty() || names().get(0).endsWith(".0")) {
        Thread.sleep(1);
      }
      assertThat(claim.isHeld()).isTrue();
      assertThat(names()).allSatisfy(n -> assertThat(n).startsWith(KEY.nameIn("claims") + "."));
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void take_claimThatIsNotRenewed_isRefusedForALifeAndThenTakenOver() throws Exception {
    objects.create(claim(7), blob("killed"));
    Claims claims = claims(NEVER, NEVER);

    assertThat(claims.take(KEY)).isEmpty();
    clock.addAndGet(LIFE.toNanos() - 1);
    assertThat(claims.take(KEY)).isEmpty();
    assertThat(names()).containsExactly(claim(7));
    clock.addAndGet(1);
    try (Claims.Claim taken = claims.take(KEY).orElseThrow()) {
      assertThat(taken.isHeld()).isTrue();
      assertThat(names()).containsExactly(claim(8));
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void take_claimRenewedMeanwhile_livesOn() throws Exception {
    objects.create(claim(0), blob("busy"));
    Claims claims = claims(NEVER, NEVER);
    assertThat(claims.take(KEY)).isEmpty();
    clock.addAndGet(LIFE.toNanos());
    objects.create(claim(1), blob("busy")); // Before its holder removes the one before.

    assertThat(claims.take(KEY)).isEmpty();
    objects.delete(claim(0));
    clock.addAndGet(LIFE.toNanos() - 1);
    assertThat(claims.take(KEY)).isEmpty();
  }

  @Test
  void take_claimGoneAndThereAgain_countsFromThen() throws Exception {
    objects.create(claim(3), blob("one"));
    Claims claims = claims(NEVER, NEVER);
    assertThat(claims.take(KEY)).isEmpty();
    objects.delete(claim(3));
    claims.take(KEY).orElseThrow().close();
    clock.addAndGet(LIFE.toNanos());
    objects.create(claim(3), blob("another"));

    assertThat(claims.take(KEY)).isEmpty();
  }

  @Test
  void take_claimOfAnotherKey_isNoMatter() throws Exception {
    objects.create(claim(0).replace(KEY.sha256(), KEY.sha256() + "0"), blob("odd"));
    objects.create(KEY.nameIn("claims") + ".part", blob("odd"));

    assertThat(claims(NEVER, NEVER).take(KEY)).isPresent();
  }

  /** Neither a machine's clock nor a store's can make a living claim old or a dead one young. */
  @Test
  void take_storeThatTellsOtherTimes_isNoMatter() throws Exception {
    for (Duration ahead : List.of(Duration.ofDays(-4000), Duration.ofDays(4000))) {
      ObjectStore skewed =
          new ForwardingObjectStore(objects) {
            @Override
            public Optional<StoredObject> stat(String name) throws IOException {
              return super.stat(name).map(this::elsewhen);
            }

            @Override
            public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
              super.list(prefix, entry -> consumer.accept(elsewhen(entry)));
            }

            private StoredObject elsewhen(StoredObject entry) {
              return new StoredObject(entry.name(), entry.size(), Instant.now().plus(ahead));
            }
          };
      skewed.create(claim(0), blob("busy"));
      Claims claims = claims(skewed, NEVER, NEVER);
      assertThat(claims.take(KEY)).isEmpty();
      clock.addAndGet(LIFE.toNanos());
      claims.take(KEY).orElseThrow().close();
    }
  }

  @Test
  void take_manyAtOnceAfterADeath_oneHasIt() throws Exception {
    objects.create(claim(0), blob("killed"));
    List<Claims> workers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      workers.add(claims(NEVER, NEVER));
      assertThat(workers.get(i).take(KEY)).isEmpty();
    }
    clock.addAndGet(LIFE.toNanos());

    List<Optional<Claims.Claim>> taken = inParallel(workers, worker -> worker.take(KEY));

    assertThat(taken).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(names()).containsExactly(claim(1));
  }

  @Test
  void take_manyAtOnceThatKnowOfEachOther_oneHasIt() throws Exception {
    objects.create(claim(0), blob("another"));
    List<Claims> workers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      workers.add(claims(NEVER, NEVER));
      assertThat(workers.get(i).take(KEY)).isEmpty();
    }
    objects.delete(claim(0));

    List<Optional<Claims.Claim>> taken = inParallel(workers, worker -> worker.take(KEY));

    assertThat(taken).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(names()).containsExactly(claim(0));
  }

  @Test
  void renew_twoThatBeganInTheSameMoment_oneClaimsAndBothClaimFirstFromThenOn() throws Exception {
    Claims one = claims(SOON, NEVER);
    Claims two = claims(SOON, NEVER);
    try (Claims.Claim first = one.take(KEY).orElseThrow();
        Claims.Claim second = two.take(KEY).orElseThrow()) {
      ActionKey next = Preimage.of("stage", 1).parameter("x", 2).build().key();
      Claims loser = null;
      while (loser == null) {
        Thread.sleep(1);
        loser = first.isHeld() ? two : second.isHeld() ? one : null;
      }
      while (true) {
        try (Claims.Claim after = loser.take(next).orElseThrow()) {
          if (after.isHeld()) {
            break;
          }
        }
        Thread.sleep(1);
      }
      assertThat(names()).containsExactly(claim(0));
    }
    assertThat(names()).isEmpty();
  }

  /** Its machine slept, say. It goes on, since its result is right, and claims nothing. */
  @Test
  void renew_takenForDead_letsTheOtherHaveIt() throws Exception {
    objects.create(claim(0), blob("killed"));
    Claims slow = claims(NEVER, SOON);
    Claims next = claims(NEVER, NEVER);
    assertThat(slow.take(KEY)).isEmpty();
    clock.addAndGet(LIFE.toNanos());
    try (Claims.Claim held = slow.take(KEY).orElseThrow()) {
      while (held.isHeld()) {
        // What another does who takes the claim over.
        String newest = names().get(names().size() - 1);
        long number = Long.parseLong(newest.substring(newest.lastIndexOf('.') + 1));
        if (objects.create(claim(number + 1), blob("other"))) {
          objects.delete(newest);
        }
        Thread.sleep(1);
      }
    }
    assertThat(names()).isNotEmpty();
    assertThat(next.take(KEY)).isEmpty();
  }

  @Test
  void take_claimCannotBeWritten_worksWithoutOne() throws Exception {
    objects.create(claim(0), blob("killed"));
    ObjectStore refusing =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean create(String name, Blob content) throws IOException {
            throw new StoreException("Cannot write: a name once deleted is refused");
          }
        };
    Claims claims = claims(refusing, NEVER, SOON);
    assertThat(claims.take(KEY)).isEmpty();
    clock.addAndGet(LIFE.toNanos());

    try (Claims.Claim claim = claims.take(KEY).orElseThrow()) {
      assertThat(claim.isHeld()).isFalse();
    }
  }

  @Test
  void renew_nothingCanBeRemoved_leavesTwoObjectsAtMost() throws Exception {
    AtomicInteger refusals = new AtomicInteger();
    ObjectStore keeping =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean delete(String name) throws IOException {
            refusals.incrementAndGet();
            throw new StoreException(
                StoreException.StoreFault.DELETE_DENIED, "Cannot delete: no right", null);
          }
        };
    try (Claims.Claim claim = claims(keeping, SOON, SOON).take(KEY).orElseThrow()) {
      while (refusals.get() == 0 || claim.isHeld()) {
        Thread.sleep(1);
      }
    }
    assertThat(refusals).hasValue(1);
    assertThat(names()).containsExactly(claim(0), claim(1));
  }

  @Test
  void executeUnclaimed_claimedByAnother_doesNothingAndThenReuses() throws Exception {
    Claims ours = claims(NEVER, NEVER);
    objects.create(claim(0), blob("another"));
    assertThat(executor(objects).executeUnclaimed(PREIMAGE, this::work, ours)).isEmpty();
    assertThat(runs).hasValue(0);

    executor(objects).execute(PREIMAGE, this::work);

    Outcome outcome = executor(objects).executeUnclaimed(PREIMAGE, this::work, ours).orElseThrow();
    assertThat(outcome.reused()).isTrue();
    assertThat(runs).hasValue(1);
  }

  @Test
  void executeUnclaimed_holderWasKilled_computesAndLeavesNoClaim() throws Exception {
    Claims ours = claims(NEVER, NEVER);
    objects.create(claim(0), blob("killed"));
    assertThat(executor(objects).executeUnclaimed(PREIMAGE, this::work, ours)).isEmpty();
    clock.addAndGet(LIFE.toNanos());

    Outcome outcome = executor(objects).executeUnclaimed(PREIMAGE, this::work, ours).orElseThrow();

    assertThat(outcome.reused()).isFalse();
    assertThat(names()).isEmpty();
    assertThat(runs).hasValue(1);
  }

  @Test
  void executeUnclaimed_workFails_releasesTheClaim() throws Exception {
    Claims ours = claims(SOON, NEVER);
    Work<IOException> failing =
        () -> {
          while (names().isEmpty()) {
            sleepBriefly();
          }
          throw new IOException("no data");
        };

    assertThatThrownBy(() -> executor(objects).executeUnclaimed(PREIMAGE, failing, ours))
        .hasMessage("no data");

    assertThat(names()).isEmpty();
    assertThat(executor(objects).executeUnclaimed(PREIMAGE, this::work, ours)).isPresent();
  }

  @Test
  void executeUnclaimed_finishedBetweenLookUpAndClaim_isReused() throws Exception {
    ObjectStore racing =
        new ForwardingObjectStore(objects) {
          @Override
          public boolean create(String name, Blob content) throws IOException {
            if (name.startsWith(Claims.FOLDER)) {
              try {
                executor(objects).execute(PREIMAGE, ClaimsTest.this::work);
              } catch (InterruptedException | NonReproducibleException e) {
                throw new IOException(e);
              }
            }
            return super.create(name, content);
          }
        };
    objects.create(claim(0), blob("another"));
    Claims ours = claims(racing, NEVER, NEVER);
    assertThat(executor(racing).executeUnclaimed(PREIMAGE, this::work, ours)).isEmpty();
    objects.delete(claim(0));

    Outcome outcome = executor(racing).executeUnclaimed(PREIMAGE, this::work, ours).orElseThrow();

    assertThat(outcome.reused()).isTrue();
    assertThat(runs).hasValue(1);
    assertThat(names()).isEmpty();
  }

  private static void sleepBriefly() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private Map<String, Blob> work() {
    runs.incrementAndGet();
    return Map.of("out", OUT);
  }

  private Claims claims(Duration patience, Duration renewal) {
    return claims(objects, patience, renewal);
  }

  private Claims claims(ObjectStore store, Duration patience, Duration renewal) {
    return new Claims(store, "here", new Claims.Terms(patience, renewal, LIFE), clock::get);
  }

  private static CachingExecutor executor(ObjectStore store) {
    BlobStore blobs = new BlobStore(store, m -> {});
    ActionCache cache = new ActionCache(store, blobs, m -> {});
    return new CachingExecutor(cache, blobs, new ProvenanceLog(store, "test", "run"));
  }

  private List<String> names() throws IOException {
    List<String> names = Collections.synchronizedList(new ArrayList<>());
    objects.list(Claims.FOLDER, entry -> names.add(entry.name()));
    return names;
  }

  private static String claim(long number) {
    return KEY.nameIn("claims") + "." + number;
  }

  @FunctionalInterface
  private interface Taking<T> {
    T from(Claims claims) throws Exception;
  }

  private static <T> List<T> inParallel(List<Claims> workers, Taking<T> taking) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(workers.size());
    try {
      List<Callable<T>> tasks = new ArrayList<>();
      workers.forEach(worker -> tasks.add(() -> taking.from(worker)));
      List<T> results = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }
}
