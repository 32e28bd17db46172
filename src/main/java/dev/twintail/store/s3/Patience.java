package dev.twintail.store.s3;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What is left of the time to retry one operation. Pauses are random, and longer each time. */
final class Patience {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Duration firstPause;
  private final long start = System.nanoTime();
  private int retries;

  Patience(Duration firstPause) {
    this.firstPause = firstPause;
  }

  /**
   * Waits before another attempt.
   *
   * @return {@code false}, without waiting, if the time is over
   * @throws InterruptedIOException if the thread is interrupted, which stays set
   */
  boolean pause(Duration budget) throws InterruptedIOException {
    long longest = Math.min(LONGEST_PAUSE.toNanos(), firstPause.toNanos() << Math.min(retries, 20));
    long pause = ThreadLocalRandom.current().nextLong(longest + 1);
    if (System.nanoTime() - start + pause > budget.toNanos()) {
      return false;
    }
    retries++;
    try {
      Thread.sleep(Duration.ofNanos(pause).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted");
    }
    return true;
  }

  int retries() {
    return retries;
  }

  Duration spent() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
