package dev.twintail.stats;

import java.util.List;

/**
 * How far models go up and down together from round to round: the mean of Pearson's correlations of
 * all pairs of models.
 *
 * <p>With scores z standardised model by model, that mean is (k V − 1) / (k − 1), where V is the
 * variance of the k models' mean score from round to round: the intraclass correlation of
 * consistency of these scores. Its 95 % interval is the one by F that belongs to that, from F = (k
 * − 1) V / (1 − V) with n − 1 and (n − 1)(k − 1) degrees of freedom; it takes all pairs of models
 * as equally correlated.
 *
 * @param models at least 2
 * @param rounds at least 3
 * @param mean −1 / (k − 1) to 1
 * @see <a href="https://doi.org/10.1037/1082-989X.1.1.30">McGraw and Wong, Forming Inferences About
 *     Some Intraclass Correlation Coefficients, 1996</a>, case 3
 */
public record MeanCorrelation(int models, int rounds, double mean, Interval interval95) {
  private static final double TAIL = (1 - Sample.CONFIDENCE) / 2;

  /**
   * Returns the mean correlation; none with less than 2 models or 3 rounds, where a model does not
   * vary, or where all vary as one.
   *
   * @param byModel the rounds of each model, of the same rounds in the same order
   */
  public static Answer<MeanCorrelation> of(List<List<Double>> byModel) {
    int k = byModel.size();
    int n = k == 0 ? 0 : byModel.get(0).size();
    if (k < 2 || n < 3) {
      return Answer.none("A correlation takes at least 2 models and 3 rounds.");
    }
    double[] means = new double[n];
    for (List<Double> model : byModel) {
      Differences.requireSameRounds(byModel.get(0), model);
      Sample sample = Sample.of(model);
      double std = sample.std().orElseThrow();
      if (std == 0) {
        return Answer.none("A model that does not vary goes along with none.");
      }
      for (int i = 0; i < n; i++) {
        means[i] += (model.get(i) - sample.mean()) / std / k;
      }
    }
    double squares = 0;
    for (double mean : means) {
      squares += mean * mean;
    }
    double variance = squares / (n - 1);
    double mean = Math.min(1, (k * variance - 1) / (k - 1));
    if (1 - variance < 1e-12) {
      return Answer.none("All models vary as one.");
    }
    double f = (k - 1) * variance / (1 - variance);
    double rounds = n - 1.0;
    double rest = rounds * (k - 1);
    double low = f / new FisherF(rounds, rest).upperQuantile(TAIL);
    double high = f * new FisherF(rest, rounds).upperQuantile(TAIL);
    return Answer.of(
        new MeanCorrelation(
            k, n, mean, new Interval((low - 1) / (low + k - 1), (high - 1) / (high + k - 1))));
  }
}
