package dev.twintail.stats;

import java.util.List;
import java.util.Optional;

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
    /** The initial weights. */
    INITIALISATION("initialisation"),
    /** That other pairs suit other initial weights. */
    INTERACTION("pairs with initialisation"),
    /** What is left: order, dropout, and all that was not told apart. */
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

  /**
   * Returns pairs, initialisation, what both do together, and rest, from a crossed design: each
   * draw with each initialisation, with as many repetitions. Estimates are differences of mean
   * squares; negative ones become 0. With one repetition what both do together is in the rest.
   *
   * @param values by draw, then by initialisation, then by repetition; at least 2 × 2 × 1
   */
  public static VarianceComponents crossed(List<List<List<Double>>> values) {
    int d = values.size();
    int i = d == 0 ? 0 : values.get(0).size();
    int k = i == 0 ? 0 : values.get(0).get(0).size();
    if (d < 2 || i < 2 || k < 1 || !isFull(values, i, k)) {
      throw new IllegalArgumentException(
          "Cannot cross less than 2 draws and 2 initialisations, or unequal numbers of rounds");
    }
    double[][] cells = new double[d][i];
    double[] draws = new double[d];
    double[] inits = new double[i];
    double repeated = 0;
    for (int x = 0; x < d; x++) {
      for (int y = 0; y < i; y++) {
        cells[x][y] = Sample.of(values.get(x).get(y)).mean();
        repeated += squares(values.get(x).get(y));
        draws[x] += cells[x][y] / i;
        inits[y] += cells[x][y] / d;
      }
    }
    double mean = 0;
    for (double draw : draws) {
      mean += draw / d;
    }
    double ofDraws = 0;
    double ofInits = 0;
    double ofBoth = 0;
    for (int x = 0; x < d; x++) {
      ofDraws += i * k * square(draws[x] - mean);
      for (int y = 0; y < i; y++) {
        ofBoth += k * square(cells[x][y] - draws[x] - inits[y] + mean);
      }
    }
    for (double init : inits) {
      ofInits += d * k * square(init - mean);
    }
    MeanSquare both = new MeanSquare(ofBoth, (d - 1.0) * (i - 1.0));
    Component pairs = new MeanSquare(ofDraws, d - 1.0).over(both, i * k, VarianceSource.PAIRS);
    Component init =
        new MeanSquare(ofInits, i - 1.0).over(both, d * k, VarianceSource.INITIALISATION);
    if (k == 1) {
      return new VarianceComponents(List.of(pairs, init, both.rest()));
    }
    MeanSquare rest = new MeanSquare(repeated, d * i * (k - 1.0));
    return new VarianceComponents(
        List.of(pairs, init, both.over(rest, k, VarianceSource.INTERACTION), rest.rest()));
  }

  private static boolean isFull(List<List<List<Double>>> values, int i, int k) {
    return values.stream()
        .allMatch(draw -> draw.size() == i && draw.stream().allMatch(cell -> cell.size() == k));
  }

  /** Returns the variance of one round of everything anew. */
  public double total() {
    return components.stream().mapToDouble(Component::variance).sum();
  }

  /** Returns the variance of a source; empty if it was not told apart. */
  public Optional<Double> variance(VarianceSource source) {
    return components.stream()
        .filter(c -> c.source() == source)
        .map(Component::variance)
        .findFirst();
  }

  /** Returns a source's part of the whole, 0 to 1; 0 where nothing varies. */
  public double share(Component component) {
    double total = total();
    return total == 0 ? 0 : component.variance() / total;
  }

  /**
   * Returns the standard deviation of the mean over one draw of pairs with {@code rounds}
   * initialisations: √(pairs + others / rounds). It never falls below that of the pairs, however
   * many the rounds.
   */
  public double stdOfTable(int rounds) {
    double pairs = variance(VarianceSource.PAIRS).orElse(0.0);
    return Math.sqrt(pairs + (total() - pairs) / rounds);
  }

  private static double squares(List<Double> values) {
    double mean = Sample.of(values).mean();
    double sum = 0;
    for (double value : values) {
      sum += square(value - mean);
    }
    return sum;
  }

  private static double square(double value) {
    return value * value;
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
