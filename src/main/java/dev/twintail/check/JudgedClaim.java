package dev.twintail.check;

import dev.twintail.result.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one published number.
 *
 * @param found the claim and its verdict
 * @param mean our mean accuracy, as a fraction of 1
 * @param std our standard deviation, as a fraction of 1; empty for one round
 * @param rounds how many rounds we ran
 * @param reason why the verdict is so, in a sentence or two
 */
public record JudgedClaim(
    Expectation found, double mean, Optional<Double> std, int rounds, String reason) {

  /** Returns the rows of {@code published.arrow}, in their order. */
  public static List<JudgedClaim> of(Table published) {
    List<JudgedClaim> claims = new ArrayList<>();
    Map<ClaimPlace, Integer> seen = new HashMap<>();
    @Nullable Double[] theirStds = published.optionalDoubles("published_std");
    @Nullable Double[] ourStds = published.optionalDoubles("std");
    for (int i = 0; i < published.rows(); i++) {
      ClaimPlace first =
          new ClaimPlace(
              published.strings("model").get(i),
              published.strings("split").get(i),
              published.strings("where").get(i),
              1);
      int number = seen.merge(first, 1, Integer::sum);
      claims.add(
          new JudgedClaim(
              new Expectation(
                  new ClaimPlace(first.model(), first.split(), first.where(), number),
                  percent(published.doubles("published_mean")[i]),
                  Optional.ofNullable(theirStds[i]).map(JudgedClaim::percent),
                  published.ints("published_n")[i],
                  published.strings("verdict").get(i)),
              published.doubles("mean")[i],
              Optional.ofNullable(ourStds[i]),
              published.ints("n")[i],
              published.strings("reason").get(i)));
    }
    return List.copyOf(claims);
  }

  /** Returns 0.7971 as 79.71, without the error of a multiplication. */
  private static String percent(double fraction) {
    BigDecimal percent = BigDecimal.valueOf(fraction).movePointRight(2).stripTrailingZeros();
    return (percent.scale() < 0 ? percent.setScale(0) : percent).toPlainString();
  }

  /** Returns our number for people, in percent, such as {@code 91.20 (0.83)}. */
  public String measured() {
    return String.format(Locale.ROOT, "%.2f", 100 * mean)
        + std.map(s -> String.format(Locale.ROOT, " (%.2f)", 100 * s)).orElse("");
  }
}
