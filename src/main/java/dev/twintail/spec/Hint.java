package dev.twintail.spec;

import java.util.Collection;
import java.util.Locale;

/** Helps with a name that nothing has. */
final class Hint {
  private Hint() {}

  /** Returns {@code did you mean 'epochs'?}, or the known names where none is near. */
  static String forName(String wrong, Collection<String> known) {
    String nearest = "";
    int least = 1 + Math.max(1, wrong.length() / 3);
    for (String name : known) {
      int distance = distance(fold(wrong), fold(name));
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    if (!nearest.isEmpty()) {
      return "did you mean '" + nearest + "'?";
    }
    return known.isEmpty() ? "there are none" : "known: " + String.join(", ", known);
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
