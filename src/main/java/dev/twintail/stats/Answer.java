package dev.twintail.stats;

import java.util.Optional;

/**
 * A value, or the reason why there is none. Where a formula would divide by zero or has too few
 * rounds, the answer is a sentence and never a NaN.
 *
 * @param remark why there is no value, or what to know of the value; empty if there is nothing to
 *     say
 */
public record Answer<T>(Optional<T> value, String remark) {
  public Answer {
    if (value.isEmpty() && remark.isBlank()) {
      throw new IllegalArgumentException("Cannot give neither a value nor a reason");
    }
  }

  static <T> Answer<T> of(T value) {
    return new Answer<>(Optional.of(value), "");
  }

  static <T> Answer<T> of(T value, String remark) {
    return new Answer<>(Optional.of(value), remark);
  }

  static <T> Answer<T> none(String reason) {
    return new Answer<>(Optional.empty(), reason);
  }
}
