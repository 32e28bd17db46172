package dev.twintail.stats;

import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Mean and spread of independent measurements.
 *
 * @param n number of measurements, at least 1
 * @param std sample standard deviation (ddof 1); empty for a single measurement
 */
public record Sample(int n, double mean, Optional<Double> std) {
  private static final double LEVEL = 0.95;

  /** A confidence interval. */
  public record Interval(double low, double high) {}

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

  /** Returns what a report claims. */
  public static Sample published(double mean, double std, int n) {
    return new Sample(n, mean, n > 1 ? Optional.of(std) : Optional.empty());
  }

  /** Returns the 95 % interval of the mean by Student's t, or empty for a single measurement. */
  public Optional<Interval> interval95() {
    return std.map(
        s -> {
          double half = tQuantile(n - 1.0) * s / Math.sqrt(n);
          return new Interval(mean - half, mean + half);
        });
  }

  /** Returns the two-sided 95 % quantile of Student's t. */
  static double tQuantile(double degreesOfFreedom) {
    return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability((1 - LEVEL) / 2);
  }
}
