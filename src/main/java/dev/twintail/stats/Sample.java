package dev.twintail.stats;

import java.util.List;
import java.util.Optional;

/**
 * Mean and spread of independent measurements.
 *
 * @param n number of measurements, at least 1
 * @param mean finite
 * @param std sample standard deviation, √(Σ(x − mean)² / (n − 1)); empty for a single measurement
 *     and where a report gives none
 */
public record Sample(int n, double mean, Optional<Double> std) {
  static final double CONFIDENCE = 0.95;

  public Sample {
    if (n < 1) {
      throw new IllegalArgumentException("Cannot summarise " + n + " values");
    }
    if (!Double.isFinite(mean)) {
      throw new IllegalArgumentException("Cannot have the mean " + mean);
    }
    if (n == 1 && std.isPresent()) {
      throw new IllegalArgumentException("Cannot have a deviation of one value");
    }
    std.ifPresent(
        s -> {
          if (!Double.isFinite(s) || s < 0) {
            throw new IllegalArgumentException("Cannot have the deviation " + s);
          }
        });
  }

  public static Sample of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Cannot summarise no values");
    }
    double mean = mean(values);
    if (values.size() == 1) {
      return new Sample(1, mean, Optional.empty());
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Sample(values.size(), mean, Optional.of(Math.sqrt(squares / (values.size() - 1))));
  }

  /** Equal values have exactly themselves as their mean, and so no spread. */
  private static double mean(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double rounded = sum / values.size();
    double rest = 0;
    for (double value : values) {
      rest += value - rounded;
    }
    return rounded + rest / values.size();
  }

  /**
   * Returns the middle value, or the mean of the two in the middle: what a round that did not learn
   * cannot move.
   */
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Cannot summarise no values");
    }
    List<Double> sorted = values.stream().sorted().toList();
    double low = sorted.get((sorted.size() - 1) / 2);
    double high = sorted.get(sorted.size() / 2);
    return low + (high - low) / 2;
  }

  /** Returns what a report claims that gives no deviation. */
  public static Sample published(double mean, int n) {
    return new Sample(n, mean, Optional.empty());
  }

  /**
   * Returns what a report claims.
   *
   * @param std divided by n − 1, as most tables are; means nothing for one round
   */
  public static Sample published(double mean, double std, int n) {
    return new Sample(n, mean, n > 1 ? Optional.of(std) : Optional.empty());
  }

  /**
   * Returns what a report claims whose deviation is known to be divided by n, which is NumPy's
   * default.
   */
  public static Sample publishedWithPopulationStd(double mean, double populationStd, int n) {
    return published(mean, n > 1 ? populationStd * Math.sqrt(n / (n - 1.0)) : 0, n);
  }

  /** Returns √(Σ(x − mean)² / n); empty where {@link #std} is. */
  public Optional<Double> populationStd() {
    return std.map(s -> s * Math.sqrt((n - 1.0) / n));
  }

  /** Returns mean ± t(0.975, n − 1) · std / √n, the 95 % interval of the mean by Student's t. */
  public Answer<Interval> interval95() {
    if (std.isEmpty()) {
      return Answer.none(noSpread());
    }
    double half = new StudentT(n - 1.0).quantile(CONFIDENCE) * std.get() / Math.sqrt(n);
    Interval interval = Interval.around(mean, half);
    return std.get() == 0
        ? Answer.of(interval, "All " + n + " rounds agree: the interval has no width.")
        : Answer.of(interval);
  }

  /** Says why there is no deviation. */
  String noSpread() {
    return n == 1
        ? "One round has no spread; at least 2 are needed."
        : "No standard deviation of the " + n + " rounds is given.";
  }
}
