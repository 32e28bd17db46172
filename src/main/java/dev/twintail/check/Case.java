package dev.twintail.check;

import java.util.List;
import java.util.Optional;

/**
 * One thing that was checked.
 *
 * @param name what it is, such as {@code ConvAux, Table 1}
 * @param detail what was seen, failed or not; may be empty
 * @param failure what is not as expected, in one line; empty if all is
 * @param skipped why it could not be checked, in one line; empty if it was
 */
public record Case(String name, String detail, Optional<String> failure, Optional<String> skipped) {
  public Case {
    if (failure.isPresent() && skipped.isPresent()) {
      throw new IllegalArgumentException("Cannot fail what was skipped: " + name);
    }
  }

  /** Returns a case that fails if something changed. */
  public static Case of(String name, String detail, List<String> changes) {
    return new Case(
        name,
        detail,
        changes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", changes)),
        Optional.empty());
  }

  /** Returns a case that could not be checked. */
  static Case skipped(String name, String detail, String why) {
    return new Case(name, detail, Optional.empty(), Optional.of(why));
  }
}
