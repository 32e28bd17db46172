package dev.twintail.stats;

import dev.twintail.stats.SignificanceTest.Method;
import java.util.Optional;

/**
 * The difference of two independent means, ours minus theirs.
 *
 * @param n rounds, or tables, of both together
 * @param standardError of the difference; 0 if neither side varies
 * @param degrees of freedom, above 0
 */
public record Comparison(int n, double difference, double standardError, double degrees) {
  /** What the interval says; both sides of a single claim are tested at 5 %. */
  public enum ComparisonVerdict {
    /** The interval holds 0: the data do not contradict the claim. */
    CONSISTENT,
    /** We are above the claim. */
    ABOVE,
    /** We are below the claim. */
    BELOW
  }

  /**
   * Returns the comparison by Welch's t, which does not assume equal variances: standard error
   * √(s₁² / n₁ + s₂² / n₂), degrees of freedom after Welch and Satterthwaite. None if one of the
   * two has no standard deviation.
   *
   * @see <a href="https://doi.org/10.1093/biomet/34.1-2.28">Welch, 1947</a>
   */
  public static Answer<Comparison> welch(Sample ours, Sample theirs) {
    if (ours.std().isEmpty()) {
      return Answer.none("Ours: " + ours.noSpread());
    }
    if (theirs.std().isEmpty()) {
      return Answer.none("Theirs: " + theirs.noSpread());
    }
    int n = ours.n() + theirs.n();
    double a = ours.std().get() * ours.std().get() / ours.n();
    double b = theirs.std().get() * theirs.std().get() / theirs.n();
    double difference = ours.mean() - theirs.mean();
    if (a + b == 0) {
      return Answer.of(
          new Comparison(n, difference, 0, n - 2.0), "Neither side varies over its rounds.");
    }
    double degrees = (a + b) * (a + b) / (a * a / (ours.n() - 1) + b * b / (theirs.n() - 1));
    return Answer.of(new Comparison(n, difference, Math.sqrt(a + b), degrees));
  }

  /**
   * Returns Welch's comparison, or, where one side has no deviation, one that lends it the other's:
   * standard error s √(1 / n₁ + 1 / n₂) with the n − 1 degrees of the side that has s. That asks
   * whether the bare mean could have come from more rounds of the same experiment. None if neither
   * has a deviation.
   */
  public static Answer<Comparison> of(Sample ours, Sample theirs) {
    if (ours.std().isPresent() == theirs.std().isPresent()) {
      return welch(ours, theirs);
    }
    boolean oursIsKnown = ours.std().isPresent();
    Sample known = oursIsKnown ? ours : theirs;
    double error = known.std().orElseThrow() * Math.sqrt(1.0 / ours.n() + 1.0 / theirs.n());
    return Answer.of(
        new Comparison(ours.n() + theirs.n(), ours.mean() - theirs.mean(), error, known.n() - 1.0),
        oursIsKnown
            ? "Their standard deviation is not given; ours stands in."
            : "One round of ours has no spread; their standard deviation stands in.");
  }

  /**
   * Returns our rounds, which share nothing, beside the mean of a table whose rounds share
   * something: standard error √(s² / n + s_T² / 1), where s_T is the deviation between the means of
   * such tables, degrees of freedom after Welch and Satterthwaite. The table's own published
   * deviation is of rounds within it and would make the error too small.
   *
   * @param claim the mean of the table
   * @param tables means of at least two tables of the claim's procedure
   */
  static Comparison withTable(Sample ours, double claim, Sample tables) {
    double s = ours.std().orElseThrow();
    double between = tables.std().orElseThrow();
    double a = s * s / ours.n();
    double b = between * between;
    double degrees =
        a + b == 0
            ? ours.n() + tables.n() - 2.0
            : (a + b) * (a + b) / (a * a / (ours.n() - 1) + b * b / (tables.n() - 1));
    return new Comparison(ours.n() + tables.n(), ours.mean() - claim, Math.sqrt(a + b), degrees);
  }

  /** Returns half the width of {@link #interval95}. */
  double halfWidth95() {
    return half(Sample.CONFIDENCE);
  }

  private double half(double confidence) {
    return standardError == 0 ? 0 : new StudentT(degrees).quantile(confidence) * standardError;
  }

  /** Returns the two-sided 95 % interval; without width if neither side varies. */
  public Interval interval95() {
    return Interval.around(difference, half(Sample.CONFIDENCE));
  }

  /** Returns the two-sided test of "no difference". */
  public SignificanceTest test() {
    return standardError == 0
        ? SignificanceTest.none(
            Method.WELCH_T, n, "Neither side varies over its rounds: without spread there is no t.")
        : SignificanceTest.ofT(Method.WELCH_T, n, difference / standardError, degrees, "");
  }

  /** Returns the two one-sided tests of "the difference is at least the margin". */
  public Equivalence equivalence(double margin) {
    Equivalence.requireMargin(margin);
    Interval interval90 = Interval.around(difference, half(1 - 2 * Equivalence.LEVEL));
    if (standardError == 0) {
      return new Equivalence(margin, interval90, Optional.empty());
    }
    StudentT t = new StudentT(degrees);
    double tooLow = t.above((difference + margin) / standardError);
    double tooHigh = t.above((margin - difference) / standardError);
    return new Equivalence(margin, interval90, Optional.of(Math.max(tooLow, tooHigh)));
  }

  public ComparisonVerdict verdict() {
    if (interval95().low() > 0) {
      return ComparisonVerdict.ABOVE;
    }
    return interval95().high() < 0 ? ComparisonVerdict.BELOW : ComparisonVerdict.CONSISTENT;
  }
}
