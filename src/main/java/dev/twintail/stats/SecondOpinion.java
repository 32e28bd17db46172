package dev.twintail.stats;

import dev.twintail.stats.SignificanceTest.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether two programs that should do the same do so: model by model, whether their means over the
 * same rounds differ by more than rounds deviate. How far a round deviates is taken from both
 * programs and all models together, since a model may have two rounds or one; and the two means
 * count as independent, though their rounds share pairs. So little differences go unnoticed, and a
 * model whose differences scatter more than those of others raises no alarm by that.
 *
 * @param models at least one
 * @param difference of the second program to the first, mean over the models
 * @param standardError of that, from how the models' mean differences scatter; empty for one model
 * @param std of one round, about the mean of its model and program; empty where no model has two
 *     rounds
 */
public record SecondOpinion(
    List<ModelOpinion> models,
    double difference,
    Optional<Double> standardError,
    Optional<Double> std) {
  private static final double LEVEL = 0.05;

  /**
   * The rounds of a model that both programs ran.
   *
   * @param ours accuracies by the first program, round 1 first
   * @param others by the second one, of the same rounds
   */
  public record TwoPrograms(String model, List<Double> ours, List<Double> others) {
    public TwoPrograms {
      Differences.requireSameRounds(ours, others);
      ours = List.copyOf(ours);
      others = List.copyOf(others);
    }
  }

  /**
   * What came out of one model.
   *
   * @param n rounds
   * @param first mean by the first program
   * @param second mean by the second one
   * @param interval95 of the difference of means, by Student's t with the deviation of all rounds;
   *     empty without one
   * @param p of "no difference", adjusted by Holm over all models; empty without a deviation above
   *     0
   */
  public record ModelOpinion(
      String model,
      int n,
      double first,
      double second,
      Optional<Interval> interval95,
      Optional<Double> p) {
    /** Returns the mean difference, second minus first. */
    public double difference() {
      return second - first;
    }

    /** Returns whether the difference is more than how rounds deviate explains, at 5 %. */
    public boolean isBeyond() {
      return p.isPresent() && p.get() <= LEVEL;
    }
  }

  public SecondOpinion {
    models = List.copyOf(models);
  }

  /**
   * Compares two programs.
   *
   * @param models each with one round at least
   * @throws IllegalArgumentException if there are none
   */
  public static SecondOpinion of(List<TwoPrograms> models) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("Cannot compare without models");
    }
    List<Differences> differences =
        models.stream().map(m -> Differences.between(m.others(), m.ours())).toList();
    double squares = 0;
    int degrees = 0;
    for (TwoPrograms model : models) {
      for (List<Double> accuracies : List.of(model.ours(), model.others())) {
        Sample rounds = Sample.of(accuracies);
        int free = rounds.n() - 1;
        squares += rounds.std().map(s -> s * s * free).orElse(0.0);
        degrees += free;
      }
    }
    Optional<Double> std =
        degrees == 0 ? Optional.empty() : Optional.of(Math.sqrt(squares / degrees));
    int free = degrees;
    List<SignificanceTest> tests =
        differences.stream().map(d -> test(d.sample(), std, free)).toList();
    List<Holm.Adjusted> adjusted = Holm.of(tests, LEVEL).tests();
    List<ModelOpinion> opinions = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      TwoPrograms model = models.get(i);
      Sample difference = differences.get(i).sample();
      opinions.add(
          new ModelOpinion(
              model.model(),
              difference.n(),
              Sample.of(model.ours()).mean(),
              Sample.of(model.others()).mean(),
              std.map(s -> interval(difference, s, free)),
              adjusted.get(i).p()));
    }
    Sample over = Sample.of(differences.stream().map(d -> d.sample().mean()).toList());
    return new SecondOpinion(
        opinions, over.mean(), over.std().map(s -> s / Math.sqrt(over.n())), std);
  }

  private static Interval interval(Sample difference, double std, int degrees) {
    return Interval.around(
        difference.mean(),
        new StudentT(degrees).quantile(Sample.CONFIDENCE) * error(difference, std));
  }

  /** Returns the standard error of a difference of two means. */
  private static double error(Sample difference, double std) {
    return std * Math.sqrt(2.0 / difference.n());
  }

  private static SignificanceTest test(Sample difference, Optional<Double> std, int degrees) {
    if (std.isEmpty() || std.get() == 0) {
      return SignificanceTest.none(
          Method.PAIRED_T, difference.n(), "Nothing tells how far rounds deviate.");
    }
    double t = difference.mean() / error(difference, std.get());
    return SignificanceTest.ofT(Method.PAIRED_T, difference.n(), t, degrees, "");
  }

  /** Returns how many models differ by more than how rounds deviate explains, at 5 %. */
  public int beyond() {
    return (int) models.stream().filter(ModelOpinion::isBeyond).count();
  }

  /** Returns the fewest and the most rounds of a model, such as {@code 2} or {@code 1 to 3}. */
  public String rounds() {
    int least = extreme(counts -> counts.get(0));
    int most = extreme(counts -> counts.get(counts.size() - 1));
    return least == most ? Integer.toString(least) : least + " to " + most;
  }

  private int extreme(Function<List<Integer>, Integer> chosen) {
    return chosen.apply(models.stream().map(ModelOpinion::n).sorted().toList());
  }
}
