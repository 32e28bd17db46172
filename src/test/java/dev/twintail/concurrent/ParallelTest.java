package dev.twintail.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  private final Set<Integer> done = ConcurrentHashMap.newKeySet();
  private final AtomicInteger underWay = new AtomicInteger();

  /** Waits until it is interrupted, as a task that would take long. */
  private void hang() throws InterruptedIOException {
    underWay.incrementAndGet();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    } finally {
      underWay.decrementAndGet();
    }
  }

  @Test
  void forEach_manyItems_runsEachOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();

    Parallel.forEach(
        HUNDRED,
        7,
        item -> {
          runs.incrementAndGet();
          done.add(item);
        });

    assertThat(done).containsExactlyInAnyOrderElementsOf(HUNDRED);
    assertThat(runs).hasValue(HUNDRED.size());
  }

  @Test
  void forEachFound_foundBySeveralThreads_runsEachOnce() throws Exception {
    Parallel.<Integer>forEachFound(
        found -> Parallel.forEach(HUNDRED, 5, found::accept),
        Comparator.naturalOrder(),
        3,
        item -> assertThat(done.add(item)).isTrue());

    assertThat(done).containsExactlyInAnyOrderElementsOf(HUNDRED);
  }

  @Test
  void forEach_oneFails_cancelsAndAwaitsTheOthersAndThrowsIt() {
    CountDownLatch hanging = new CountDownLatch(3);

    assertThatThrownBy(
            () ->
                Parallel.forEach(
                    HUNDRED,
                    4,
                    item -> {
                      if (item == 3) {
                        awaitAll(hanging);
                        throw new IOException("the first");
                      }
                      hanging.countDown();
                      done.add(item);
                      hang();
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("the first");

    assertThat(underWay).hasValue(0);
    assertThat(done).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void forEach_uncheckedFailure_isThrownAsItIs() {
    IllegalArgumentException failure = new IllegalArgumentException("no");

    assertThatThrownBy(
            () ->
                Parallel.forEach(
                    HUNDRED,
                    2,
                    item -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void forEach_callerInterrupted_cancelsAndAwaitsWhatIsUnderWay() throws Exception {
    CountDownLatch hanging = new CountDownLatch(4);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicInteger left = new AtomicInteger(-1);
    Thread caller =
        new Thread(
            () -> {
              try {
                Parallel.forEach(
                    HUNDRED,
                    4,
                    item -> {
                      done.add(item);
                      hanging.countDown();
                      hang();
                    });
              } catch (IOException | InterruptedException e) {
                thrown.set(e);
                left.set(underWay.get());
              }
            });
    caller.start();
    hanging.await();

    caller.interrupt();
    caller.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(left).hasValue(0);
    assertThat(done).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void forEachFound_finderFails_cancelsAndAwaitsWhatIsUnderWay() {
    CountDownLatch hanging = new CountDownLatch(2);

    assertThatThrownBy(
            () ->
                Parallel.<Integer>forEachFound(
                    found -> {
                      HUNDRED.forEach(found);
                      awaitAll(hanging);
                      throw new IOException("lost");
                    },
                    Comparator.naturalOrder(),
                    2,
                    item -> {
                      done.add(item);
                      hanging.countDown();
                      hang();
                    }))
        .hasMessage("lost");

    assertThat(underWay).hasValue(0);
    assertThat(done).hasSize(2);
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
