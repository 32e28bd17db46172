package dev.twintail.report;

import java.util.Locale;

/** What became of a claim, in one word and one sign, so that no meaning hangs on colour alone. */
enum VerdictMark {
  REPRODUCED("✓"),
  CONSISTENT("✓"),
  ABOVE("▲"),
  BELOW("▼"),
  INCONCLUSIVE("?"),
  UNDECIDED("?"),
  OTHER_CONDITIONS("–"),
  NONE("");

  private final String sign;

  VerdictMark(String sign) {
    this.sign = sign;
  }

  /** Returns the verdict that a table names; none for words that are no verdict. */
  static VerdictMark of(String word) {
    for (VerdictMark verdict : values()) {
      if (verdict.word().equals(word)) {
        return verdict;
      }
    }
    return NONE;
  }

  /** Returns the word of the tables. */
  String word() {
    return this == NONE ? "" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Returns sign and word, such as {@code ✓ reproduced}. */
  String words() {
    return this == NONE ? "" : sign + " " + word();
  }

  /** Returns the same of a protocol as run, short. */
  String asRunWords() {
    return this == OTHER_CONDITIONS || this == NONE ? "as run" : sign + " as run";
  }

  String sign() {
    return sign;
  }

  /** Returns the class of a page's style. */
  String style() {
    return "verdict " + name().toLowerCase(Locale.ROOT);
  }
}
