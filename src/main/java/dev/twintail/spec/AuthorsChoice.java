package dev.twintail.spec;

import dev.twintail.network.FrozenWord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the authors of a report chose by a search of their own. It is shown beside ours and chooses
 * nothing.
 *
 * @param settings values in the spec's words by path, such as {@code loss.digit}
 * @param pairs what they chose on
 * @param accuracy the score of their choice on these pairs, in percent
 * @param where the place that tells it
 */
public record AuthorsChoice(
    Map<String, String> settings, ChoicePairs pairs, double accuracy, String where) {
  /** Pairs that a setting is chosen on. */
  public enum ChoicePairs implements FrozenWord {
    VALIDATION("VALIDATION"),
    TEST("TEST");

    private final String keyWord;

    ChoicePairs(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  public AuthorsChoice {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    Published.PERCENT.require("accuracy", accuracy);
  }

  /** Returns {@code loss.digit=0.5 with.h=100}, which stands in keys and stays as it is. */
  public String setting() {
    return settings.entrySet().stream()
        .map(s -> s.getKey() + "=" + s.getValue())
        .collect(Collectors.joining(" "));
  }

  /** Returns whether these settings are the same, however their numbers are written. */
  boolean is(Map<String, String> others) {
    return settings.keySet().equals(others.keySet())
        && settings.entrySet().stream()
            .allMatch(s -> same(s.getValue(), others.getOrDefault(s.getKey(), "")));
  }

  private static boolean same(String a, String b) {
    Optional<Double> first = Numbers.real(a);
    return first.isPresent() ? first.equals(Numbers.real(b)) : a.equals(b);
  }
}
