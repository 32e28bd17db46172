package dev.twintail.stats;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;

/**
 * Which models may be the best, and how far each is from the best other: Hsu's multiple comparisons
 * with the best, over rounds whose pairs all models share. With at least 95 % all statements hold
 * at once, whichever model is the best: nothing is chosen on the data beforehand.
 *
 * <p>For model i with mean mᵢ let dᵢⱼ = q · s(xᵢ − xⱼ) / √n with the deviation of the differences
 * of just these two. Model i may be the best if mᵢ − mⱼ + dᵢⱼ ≥ 0 for all others j. The interval of
 * what i has over the best of the others ends at the least of these sums, or 0 if that is negative;
 * and it begins at the least of mᵢ − mⱼ − dᵢⱼ over the others j that may be the best, or 0 if that
 * is positive or there is no such other.
 *
 * <p>q is the quantile of Student's t with n − 1 degrees of freedom at 1 − 0.05 / (k − 1): all that
 * Hsu's proof asks is that, for the model that is the best, the k − 1 one-sided bounds on what it
 * has over each other hold together. Dunnett's smaller q asks for differences of one common
 * variance and correlation ½, which models are far from: where the best one varies least, as here,
 * its differences from the others are nearly uncorrelated, and the bound of Bonferroni is all but
 * exact. It needs no drawing.
 *
 * @param n rounds
 * @param critical q
 * @param standings one a model, in the order given
 * @see <a href="https://doi.org/10.1201/b15074">Hsu, Multiple Comparisons: Theory and Methods,
 *     1996</a>, chapter 4; from any bounds on comparisons with a control: Edwards and Hsu, Multiple
 *     Comparisons with the Best Treatment, Journal of the American Statistical Association 78, 1983
 */
public record MultipleComparisonsWithBest(int n, double critical, List<Standing> standings) {
  private static final double LEVEL = 0.05;

  /**
   * Where a model stands.
   *
   * @param overBestOther an interval of what the model's true mean has over the best true mean of
   *     the others; holds 0 or ends at it
   * @param mayBeBest whether no other is shown to be better
   */
  public record Standing(String model, double mean, Interval overBestOther, boolean mayBeBest) {}

  public MultipleComparisonsWithBest {
    standings = List.copyOf(standings);
  }

  /**
   * Compares models. None under three rounds or two models.
   *
   * @param models in the order of the map: a measurement a round, round 1 first, the same rounds
   *     for all; more is better
   */
  public static Answer<MultipleComparisonsWithBest> of(Map<String, List<Double>> models) {
    List<String> names = List.copyOf(models.keySet());
    List<List<Double>> values = List.copyOf(models.values());
    int k = values.size();
    if (k < 2) {
      return Answer.none("At least 2 models are needed.");
    }
    int n = values.get(0).size();
    if (n < Tables.FEWEST) {
      return Answer.none("No comparison with the best under " + Tables.FEWEST + " rounds.");
    }
    double critical = new StudentT(n - 1.0).quantile(1 - 2 * LEVEL / (k - 1));
    double[][] over = new double[k][k];
    double[][] allowance = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < i; j++) {
        Sample difference = Differences.between(values.get(i), values.get(j)).sample();
        over[i][j] = difference.mean();
        over[j][i] = -difference.mean();
        allowance[i][j] = critical * difference.std().orElseThrow() / Math.sqrt(n);
        allowance[j][i] = allowance[i][j];
      }
    }
    double[] highs = new double[k];
    for (int i = 0; i < k; i++) {
      highs[i] = Double.POSITIVE_INFINITY;
      for (int j = 0; j < k; j++) {
        highs[i] = j == i ? highs[i] : Math.min(highs[i], over[i][j] + allowance[i][j]);
      }
    }
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      double low = 0;
      for (int j = 0; j < k; j++) {
        low = j == i || highs[j] < 0 ? low : Math.min(low, over[i][j] - allowance[i][j]);
      }
      Interval interval = new Interval(low, Math.max(0, highs[i]));
      double mean = Sample.of(values.get(i)).mean();
      standings.add(new Standing(names.get(i), mean, interval, highs[i] >= 0));
    }
    return Answer.of(new MultipleComparisonsWithBest(n, critical, standings));
  }

  /**
   * Returns the models that may be the best, in the order given: at least one. More than one are
   * tied: these rounds do not tell which of them is the best.
   */
  public List<String> candidates() {
    return standings.stream().filter(Standing::mayBeBest).map(Standing::model).toList();
  }

  /** Returns the distance between the largest and the smallest mean of the candidates. */
  public double candidatesWithin() {
    DoubleSummaryStatistics means =
        standings.stream()
            .filter(Standing::mayBeBest)
            .mapToDouble(Standing::mean)
            .summaryStatistics();
    return means.getMax() - means.getMin();
  }
}
