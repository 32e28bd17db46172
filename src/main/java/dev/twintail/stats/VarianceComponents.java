package dev.twintail.stats;

import java.util.List;

/**
 * Where the variance of an accuracy comes from, by analysis of variance with random effects.
 *
 * @param components pairs first, rest last; their variances add up to that of one round
 * @see <a href="https://doi.org/10.1002/9780470316856">Searle, Casella and McCulloch, Variance
 *     Components, 1992</a>
 * @see <a href="https://arxiv.org/abs/2103.03098">Bouthillier et al., Accounting for Variance in
 *     Machine Learning Benchmarks, 2021</a>
 */
public record VarianceComponents(List<Component> components) {
  private static final double TAIL = (1 - Sample.CONFIDENCE) / 2;

  /** What varies. */
  public enum VarianceSource {
    /** The draw of pairs, for training and test. */
    PAIRS("pairs"),
    /** What is left: initial weights, order, dropout, and all else. */
    REST("rest");

    private final String words;

    VarianceSource(String words) {
      this.words = words;
    }

    /** Returns the source in a few words. */
    public String words() {
      return words;
    }
  }

  /**
   * One source.
   *
   * @param degrees of freedom of its mean square
   * @param meanSquare in squared units of the measurement
   * @param variance an estimate, at least 0
   * @param interval95 of the variance: by χ² for what is left; else that of Tukey and Williams,
   *     from the mean squares above and below
   */
  public record Component(
      VarianceSource source,
      double degrees,
      double meanSquare,
      double variance,
      Interval interval95) {
    /** Returns the standard deviation. */
    public double std() {
      return Math.sqrt(variance);
    }
  }

  public VarianceComponents {
    components = List.copyOf(components);
  }

  /**
   * Returns pairs and rest from tables whose rounds share one draw. Estimates are those of
   * restricted maximum likelihood: (mean square between tables − within) / rounds, or, where that
   * is negative, 0 with all rounds taken together. None where rounds share nothing or go on from
   * each other, or with less than two tables of two rounds.
   */
  public static Answer<VarianceComponents> nested(Tables tables) {
    if (tables.sharing() != Sharing.DRAW) {
      return Answer.none(
          "Draws and weights cannot be told apart where rounds share "
              + tables.sharing().words()
              + ".");
    }
    int t = tables.count();
    int r = tables.roundsEach();
    if (t < 2 || r < 2) {
      return Answer.none("At least 2 tables of 2 rounds are needed.");
    }
    double within = 0;
    for (List<Double> table : tables.rounds()) {
      within += squares(table);
    }
    double between = r * squares(tables.rounds().stream().map(x -> Sample.of(x).mean()).toList());
    MeanSquare pairs = new MeanSquare(between, t - 1.0);
    MeanSquare rest = new MeanSquare(within, t * (r - 1.0));
    boolean none = pairs.value() < rest.value();
    MeanSquare pooled = none ? new MeanSquare(between + within, t * r - 1.0) : rest;
    return Answer.of(
        new VarianceComponents(List.of(pairs.over(rest, r, VarianceSource.PAIRS), pooled.rest())));
  }

  /** Returns the variance of one round of everything anew. */
  public double total() {
    return components.stream().mapToDouble(Component::variance).sum();
  }

  /** Returns a source's part of the whole, 0 to 1; 0 where nothing varies. */
  public double share(Component component) {
    double total = total();
    return total == 0 ? 0 : component.variance() / total;
  }

  private static double squares(List<Double> values) {
    double mean = Sample.of(values).mean();
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }

  private record MeanSquare(double sum, double degrees) {
    double value() {
      return sum / degrees;
    }

    /** Returns the source of which this mean square holds {@code times} more than the other. */
    Component over(MeanSquare other, int times, VarianceSource source) {
      double variance = Math.max(0, (value() - other.value()) / times);
      return new Component(source, degrees, value(), variance, interval95(other, times));
    }

    Component rest() {
      return new Component(VarianceSource.REST, degrees, value(), value(), interval95());
    }

    Interval interval95() {
      ChiSquared chi = new ChiSquared(degrees);
      return new Interval(sum / chi.upperQuantile(TAIL), sum / chi.upperQuantile(1 - TAIL));
    }

    private Interval interval95(MeanSquare other, int times) {
      FisherF f = new FisherF(degrees, other.degrees());
      ChiSquared chi = new ChiSquared(degrees);
      double low = sum - degrees * other.value() * f.upperQuantile(TAIL);
      double high = sum - degrees * other.value() * f.upperQuantile(1 - TAIL);
      return new Interval(
          Math.max(0, low / (times * chi.upperQuantile(TAIL))),
          Math.max(0, high / (times * chi.upperQuantile(1 - TAIL))));
    }
  }
}
