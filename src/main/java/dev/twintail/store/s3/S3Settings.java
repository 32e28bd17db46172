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
  static final S3Settings DEFAULT =
      new S3Settings(
          Duration.ofMinutes(2),
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));
}
