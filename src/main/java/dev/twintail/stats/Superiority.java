package dev.twintail.stats;

import java.util.List;

/**
 * How often one model is better than another: the share of rounds, ties half, as an estimate of P(A
 * &gt; B) + ½ P(A = B) on a common round.
 *
 * @param wins rounds in which the first is better
 * @param ties rounds in which both are equal
 * @param losses rounds in which the second is better
 */
public record Superiority(int wins, int ties, int losses) {
  public Superiority {
    if (wins < 0 || ties < 0 || losses < 0 || wins + ties + losses == 0) {
      throw new IllegalArgumentException(
          "Cannot count " + wins + " wins, " + ties + " ties and " + losses + " losses");
    }
  }

  static Superiority of(List<Double> differences) {
    int wins = (int) differences.stream().filter(d -> d > 0).count();
    int losses = (int) differences.stream().filter(d -> d < 0).count();
    return new Superiority(wins, differences.size() - wins - losses, losses);
  }

  public int n() {
    return wins + ties + losses;
  }

  /** Returns (wins + ties / 2) / n. */
  public double probability() {
    return (wins + ties / 2.0) / n();
  }

  /**
   * Returns Wilson's 95 % interval of the share p, (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 +
   * z²/n) with z = 1.96. It exists for one round and for all wins; ties make it wider than needed.
   *
   * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson, 1927</a>
   */
  public Interval interval95() {
    double n = n();
    double p = probability();
    double z = Normal.quantile(Sample.CONFIDENCE);
    double center = p + z * z / (2 * n);
    double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double scale = 1 + z * z / n;
    // Where one side takes all, the end is 0 or 1 but for rounding.
    double low = wins + ties == 0 ? 0 : (center - half) / scale;
    double high = losses + ties == 0 ? 1 : (center + half) / scale;
    return new Interval(low, high);
  }
}
