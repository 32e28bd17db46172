package dev.twintail.network;

import java.util.Locale;

/**
 * A choice among named values. Its word stands in the keys of actions, and so in stores full of
 * results: it never changes, whatever the constant is called in Java.
 */
public interface FrozenWord {
  /** Returns the word in keys: capitals and underscores. */
  String keyWord();

  /** Returns the word that a spec and messages write: small letters and hyphens. */
  default String word() {
    return keyWord().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
