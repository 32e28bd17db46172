package dev.twintail.spec;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Helps with a name that nothing has. */
public final class Hint {
  private Hint() {}

  /** Returns {@code did you mean 'epochs'?}, or the known names where none is near. */
  public static String forName(String wrong, Collection<String> known) {
    Optional<String> nearest = nearest(wrong, known);
    if (nearest.isPresent()) {
      return "did you mean '" + nearest.get() + "'?";
    }
    return known.isEmpty() ? "there are none" : "known: " + String.join(", ", known);
  }

  /** Returns the known name that few changes make of {@code wrong}, if there is one. */
  public static Optional<String> nearest(String wrong, Collection<String> known) {
    Optional<String> nearest = Optional.empty();
    int least = 1 + Math.max(1, wrong.length() / 3);
    for (String name : known) {
      boolean cutShort = wrong.length() >= 3 && fold(name).startsWith(fold(wrong));
      int distance = cutShort ? 1 : distance(fold(wrong), fold(name));
      if (distance < least && distance < name.length()) {
        least = distance;
        nearest = Optional.of(name);
      }
    }
    return nearest;
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Counts insertions, deletions, substitutions and swaps of neighbours. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int differs = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + differs, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
