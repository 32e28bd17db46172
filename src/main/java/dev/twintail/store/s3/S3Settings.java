package dev.twintail.store.s3;

import java.time.Duration;

/**
 * How patient a client is.
 *
 * @param budget how long one operation is retried; for a server that never answered, a fortieth
 * @param firstPause the longest pause before the first retry; later ones are twice as long each
 * @param connectTimeout for a connection to be made
 * @param silence how long a server may send nothing before the connection counts as broken
 */
record S3Settings(Duration budget, Duration firstPause, Duration connectTimeout, Duration silence) {
  /** Who moves fewer bytes within a budget's time is as good as silent. */
  private static final long MIN_BYTES_PER_SECOND = 1024;

  static final S3Settings DEFAULT =
      new S3Settings(
          Duration.ofMinutes(2),
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));

  /** Returns how many bytes must have come within a budget's time. */
  long leastProgress() {
    return budget.toMillis() * MIN_BYTES_PER_SECOND / 1000;
  }

  /** Returns how long a request with so many bytes may take. */
  Duration limitFor(long bytes) {
    return budget.plusMillis(bytes * 1000 / MIN_BYTES_PER_SECOND);
  }
}
