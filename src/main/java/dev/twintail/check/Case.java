package dev.twintail.check;

import java.util.List;
import java.util.Optional;

/**
 * One thing that was checked.
 *
 * @param name what it is, such as {@code ConvAux, Table 1}
 * @param detail what was seen, failed or not; may be empty
 * @param failure what is not as expected, in one line; empty if all is
 */
public record Case(String name, String detail, Optional<String> failure) {

  /** Returns a case that fails if something changed. */
  public static Case of(String name, String detail, List<String> changes) {
    return new Case(
        name,
        detail,
        changes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", changes)));
  }

  public boolean isFailed() {
    return failure.isPresent();
  }
}
