package dev.twintail.record;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** Names for records of events, which sort by time and do not collide. */
final class Timestamps {
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** Returns, for example, {@code 20261121T093000.125Z-1f00d5e7}. */
  static String unique(Instant instant) {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    return BASIC.format(instant) + "-" + HexFormat.of().formatHex(random);
  }
}
