package dev.twintail.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A family of tests under one error rate: the chance that any true "no difference" is rejected is
 * at most the level.
 *
 * <p>With p₁ ≤ … ≤ pₘ, the adjusted pᵢ is the largest of min(1, (m − j + 1) pⱼ) over j ≤ i. A test
 * without a p stays in the family, with p = 1: what was planned counts.
 *
 * @param tests in the order given
 * @see <a href="https://www.jstor.org/stable/4615733">Holm, A Simple Sequentially Rejective
 *     Multiple Test Procedure, 1979</a>
 */
public record Holm(double level, List<Adjusted> tests) {
  /**
   * One test of the family.
   *
   * @param p adjusted; empty where the test has none
   * @param rejected whether the adjusted p is at most the family's level
   * @param refusal why the test could not have reached the level in this family, however the data
   *     had come out; empty if it could
   */
  public record Adjusted(
      SignificanceTest test, Optional<Double> p, boolean rejected, Optional<String> refusal) {}

  public Holm {
    SignificanceTest.requireProbability("level", level);
    tests = List.copyOf(tests);
  }

  public static Holm of(List<SignificanceTest> tests, double level) {
    List<Double> adjusted = adjust(tests.stream().map(t -> t.p().orElse(1.0)).toList());
    // Adjusted values never fall when another p rises: the best case is all at their smallest.
    List<Double> best = adjust(tests.stream().map(SignificanceTest::smallestP).toList());
    List<Adjusted> family = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      int index = i;
      SignificanceTest test = tests.get(i);
      Optional<Double> p = test.p().map(raw -> adjusted.get(index));
      boolean rejected = p.isPresent() && p.get() <= level;
      family.add(new Adjusted(test, p, rejected, refusal(test, best.get(i), tests.size(), level)));
    }
    return new Holm(level, family);
  }

  private static Optional<String> refusal(
      SignificanceTest test, double best, int family, double level) {
    Optional<String> alone = test.refusal(level);
    if (alone.isPresent() || best <= level) {
      return alone;
    }
    return Optional.of(
        ("The %s cannot reach %s in a family of %s with %s rounds that have a"
                + " difference: its smallest p is %s, adjusted %s; %s.")
            .formatted(
                test.method().words(),
                new Figure(level),
                family,
                test.n(),
                new Figure(test.smallestP()),
                new Figure(best),
                test.remedy(level / family)));
  }

  /** Returns the adjusted p-values, in the order given. */
  public static List<Double> adjust(List<Double> ps) {
    ps.forEach(p -> SignificanceTest.requireProbability("p", p));
    List<Integer> ascending =
        IntStream.range(0, ps.size()).boxed().sorted(Comparator.comparing(ps::get)).toList();
    List<Double> adjusted = new ArrayList<>(ps);
    double largest = 0;
    for (int rank = 0; rank < ps.size(); rank++) {
      int i = ascending.get(rank);
      largest = Math.max(largest, Math.min(1, (ps.size() - rank) * ps.get(i)));
      adjusted.set(i, largest);
    }
    return List.copyOf(adjusted);
  }
}
