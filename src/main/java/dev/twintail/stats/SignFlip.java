package dev.twintail.stats;

import dev.twintail.random.Draws;
import dev.twintail.stats.SignificanceTest.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The sum of differences under all, or many, patterns of signs. */
final class SignFlip {
  /** Beyond, patterns are drawn: their p has a standard error, which the remark tells. */
  static final int MOST_COUNTED = 20;

  /** The sizes of the differences that are not 0; the signs of the others change nothing. */
  private final double[] sizes;

  /** A sum at least so far from 0 is as extreme as the observed one, rounding errors allowed. */
  private final double bar;

  private final String zeroes;

  private SignFlip(double[] sizes, double bar, String zeroes) {
    this.sizes = sizes;
    this.bar = bar;
    this.zeroes = zeroes;
  }

  static SignFlip of(List<Double> differences) {
    double[] sizes = differences.stream().filter(d -> d != 0).mapToDouble(Math::abs).toArray();
    double observed = 0;
    double all = 0;
    for (double difference : differences) {
      observed += difference;
      all += Math.abs(difference);
    }
    return new SignFlip(
        sizes,
        Math.abs(observed) - 1e-12 * all,
        Differences.zeroes(differences.size() - sizes.length, "the same under either sign"));
  }

  SignificanceTest test(double mean, Resampling resampling) {
    if (sizes.length == 0) {
      return Differences.nothingToTell(Method.SIGN_FLIP_EXACT);
    }
    return sizes.length <= MOST_COUNTED ? counted(mean) : sampled(mean, resampling);
  }

  private SignificanceTest counted(double mean) {
    double patterns = Math.scalb(1.0, sizes.length);
    return new SignificanceTest(
        Method.SIGN_FLIP_EXACT,
        sizes.length,
        Optional.of(mean),
        Optional.of(extremes() / patterns),
        SignificanceTest.smallestOfSigns(sizes.length),
        zeroes);
  }

  /** Counts the patterns whose sum is extreme, as pairs of a sum of each half of the sizes. */
  private long extremes() {
    if (bar <= 0) {
      return 1L << sizes.length;
    }
    int half = sizes.length / 2;
    double[] left = sums(0, half);
    double[] right = sums(half, sizes.length);
    long high = 0;
    int first = right.length;
    for (double sum : left) {
      while (first > 0 && sum + right[first - 1] >= bar) {
        first--;
      }
      high += right.length - first;
    }
    // The patterns of opposite signs are as extreme on the other side.
    return 2 * high;
  }

  /** Returns the sums of some sizes under all patterns of signs, ascending. */
  private double[] sums(int from, int to) {
    double[] sums = {0};
    for (int i = from; i < to; i++) {
      double[] more = new double[2 * sums.length];
      for (int j = 0; j < sums.length; j++) {
        more[j] = sums[j] - sizes[i];
        more[sums.length + j] = sums[j] + sizes[i];
      }
      Arrays.sort(more);
      sums = more;
    }
    return sums;
  }

  private SignificanceTest sampled(double mean, Resampling resampling) {
    Draws draws = resampling.stream("sign-flip");
    int extreme = 1;
    for (int i = 0; i < resampling.draws(); i++) {
      double sum = 0;
      for (double size : sizes) {
        sum += draws.coin() ? size : -size;
      }
      extreme += Math.abs(sum) >= bar ? 1 : 0;
    }
    double p = extreme / (1.0 + resampling.draws());
    double error = Math.sqrt(p * (1 - p) / resampling.draws());
    String sampled =
        resampling.draws()
            + " patterns of signs were drawn, not all counted; standard error of p "
            + new Figure(error)
            + ".";
    return new SignificanceTest(
        Method.SIGN_FLIP_SAMPLED,
        sizes.length,
        Optional.of(mean),
        Optional.of(p),
        1 / (1.0 + resampling.draws()),
        (sampled + " " + zeroes).strip());
  }
}
