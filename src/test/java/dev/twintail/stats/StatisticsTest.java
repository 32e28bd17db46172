package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.twintail.stats.Differences.Zeros;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method against SciPy and R, on the lines of {@code cases.txt}. The answers are in {@code
 * scipy.txt} and {@code r.txt}; src/test/scripts/stats/README.md has the commands that write them:
 *
 * <pre>
 * python src/test/scripts/stats/expected.py
 * Rscript src/test/scripts/stats/expected.R
 * </pre>
 */
class StatisticsTest {
  /** Relative; and below 1e-15 a number is as good as 0. */
  private static final double EXACT = 1e-9;

  private static final double NOTHING = 1e-15;

  private static final Resampling RESAMPLING = Resampling.seededBy(1);

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("references")
  void statistics_onTheSameData_areThoseOfTheReference(
      String program, String method, String name, Map<String, Optional<Double>> expected)
      throws IOException {
    Map<String, List<Optional<Double>>> arguments = cases().get(method + " " + name);
    Map<String, Optional<Double>> actual = compute(method, arguments);

    expected.forEach(
        (key, value) -> {
          assertThat(actual).containsKey(key);
          assertThat(actual.get(key).isPresent()).as(key).isEqualTo(value.isPresent());
          value.ifPresent(
              v ->
                  assertThat(actual.get(key).orElseThrow())
                      .as(key)
                      .isCloseTo(v, within(tolerance(method, arguments, v))));
        });
  }

  /** A number that is computed and compared nowhere would be untested. */
  @Test
  void references_together_coverEveryNumberOfEveryMethod() throws IOException {
    TreeSet<String> computed = new TreeSet<>();
    for (Map.Entry<String, Map<String, List<Optional<Double>>>> entry : cases().entrySet()) {
      String method = entry.getKey().split(" ")[0];
      compute(method, entry.getValue()).keySet().forEach(key -> computed.add(method + " " + key));
    }
    TreeSet<String> compared = new TreeSet<>();
    TreeSet<String> answered = new TreeSet<>();
    references()
        .map(Arguments::get)
        .forEach(
            line -> {
              answered.add(line[1] + " " + line[2]);
              ((Map<?, ?>) line[3]).keySet().forEach(key -> compared.add(line[1] + " " + key));
            });

    assertThat(compared).isEqualTo(computed);
    assertThat(answered).isEqualTo(new TreeSet<>(cases().keySet()));
  }

  /** The error of drawing, where the method draws: said in {@link Resampling}. */
  private static double tolerance(
      String method, Map<String, List<Optional<Double>>> arguments, double expected) {
    return switch (method) {
      case "sampled" -> 4 * Math.sqrt(expected * (1 - expected) / RESAMPLING.draws());
      default -> Math.max(NOTHING, EXACT * Math.abs(expected));
    };
  }

  /** Returns every number of every case, to the last bit: a line each. */
  static List<String> everyNumber() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Map<String, List<Optional<Double>>>> entry : cases().entrySet()) {
      compute(entry.getKey().split(" ")[0], entry.getValue())
          .forEach(
              (key, value) ->
                  lines.add(
                      entry.getKey()
                          + " "
                          + key
                          + " "
                          + value.map(Double::toHexString).orElse("")));
    }
    return lines;
  }

  private static Map<String, Optional<Double>> compute(
      String method, Map<String, List<Optional<Double>>> arguments) {
    Map<String, Optional<Double>> out = new LinkedHashMap<>();
    switch (method) {
      case "sample" -> put(out, "", Sample.of(numbers(arguments, "values")));
      case "paired" -> {
        Differences differences =
            Differences.between(numbers(arguments, "first"), numbers(arguments, "second"));
        double ratio = numbers(arguments, "ratio").get(0);
        put(out, "mean.", differences.sample());
        put(out, "t.", differences.pairedT());
        put(out, "corrected.", differences.correctedT(ratio));
        put(out, "corrected.", differences.correctedInterval95(ratio));
        put(out, "dropped.", differences.wilcoxon(Zeros.DROPPED));
        put(out, "ranked.", differences.wilcoxon(Zeros.RANKED));
        out.put("flip.p", differences.signFlip(RESAMPLING).p());
      }
      case "sampled" -> {
        List<Double> values = numbers(arguments, "values");
        SignificanceTest test = Differences.of(values, 10).signFlip(RESAMPLING);
        assertThat(test.method()).isEqualTo(SignificanceTest.Method.SIGN_FLIP_SAMPLED);
        out.put("flip.p", test.p());
      }
      case "superiority" -> {
        List<Double> counts = numbers(arguments, "counts");
        Superiority superiority =
            new Superiority(
                counts.get(0).intValue(), counts.get(1).intValue(), counts.get(2).intValue());
        out.put("share", Optional.of(superiority.probability()));
        put(out, "", Optional.of(superiority.interval95()));
      }
      case "welch" -> {
        Sample ours = claim(arguments.get("ours"));
        Sample theirs = claim(arguments.get("theirs"));
        Optional<Comparison> comparison = Comparison.of(ours, theirs).value();
        Optional<Equivalence> equivalence =
            comparison.map(c -> c.equivalence(numbers(arguments, "margin").get(0)));
        out.put("difference", Optional.of(ours.mean() - theirs.mean()));
        put(out, "", comparison.map(Comparison::interval95));
        out.put("statistic", comparison.flatMap(c -> c.test().statistic()));
        out.put("p", comparison.flatMap(c -> c.test().p()));
        put(out, "tost.", equivalence.map(Equivalence::interval90));
        out.put("tost.p", equivalence.flatMap(Equivalence::p));
      }
      case "factorial" -> {
        Factorial factorial =
            new Factorial(
                numbers(arguments, "neither"),
                numbers(arguments, "sharing"),
                numbers(arguments, "auxiliary"),
                numbers(arguments, "both"));
        put(out, "sharing.", factorial.effectOfSharing());
        put(out, "auxiliary.", factorial.effectOfAuxiliary());
        put(out, "interaction.", factorial.interaction());
      }
      case "holm" -> {
        List<Double> adjusted = Holm.adjust(numbers(arguments, "p"));
        for (int i = 0; i < adjusted.size(); i++) {
          out.put(Integer.toString(i), Optional.of(adjusted.get(i)));
        }
      }
      default -> throw new IllegalArgumentException(method);
    }
    return out;
  }

  private static void put(Map<String, Optional<Double>> out, String prefix, Sample sample) {
    out.put(prefix + "mean", Optional.of(sample.mean()));
    out.put(prefix + "std", sample.std());
    out.put(prefix + "population", sample.populationStd());
    put(out, prefix, sample.interval95());
  }

  private static void put(Map<String, Optional<Double>> out, String prefix, SignificanceTest test) {
    out.put(prefix + "statistic", test.statistic());
    out.put(prefix + "p", test.p());
  }

  private static void put(Map<String, Optional<Double>> out, String prefix, Differences effect) {
    put(out, prefix, effect.sample());
    put(out, prefix, effect.pairedT());
    out.put(prefix + "F", effect.pairedT().statistic().map(t -> t * t));
  }

  private static void put(
      Map<String, Optional<Double>> out, String prefix, Answer<Interval> answer) {
    put(out, prefix, answer.value());
  }

  private static void put(
      Map<String, Optional<Double>> out, String prefix, Optional<Interval> interval) {
    out.put(prefix + "low", interval.map(Interval::low));
    out.put(prefix + "high", interval.map(Interval::high));
  }

  private static Sample claim(List<Optional<Double>> moments) {
    double mean = moments.get(0).orElseThrow();
    int n = moments.get(2).orElseThrow().intValue();
    return moments
        .get(1)
        .map(std -> Sample.published(mean, std, n))
        .orElseGet(() -> Sample.published(mean, n));
  }

  private static List<Double> numbers(Map<String, List<Optional<Double>>> arguments, String name) {
    return arguments.get(name).stream().map(Optional::orElseThrow).toList();
  }

  private static Stream<Arguments> references() throws IOException {
    List<Arguments> lines = new ArrayList<>();
    for (String program : List.of("scipy", "r")) {
      for (String[] words : lines(program)) {
        Map<String, Optional<Double>> answers = new LinkedHashMap<>();
        named(words).forEach((name, values) -> answers.put(name, values.get(0)));
        lines.add(arguments(program, words[0], words[1], answers));
      }
    }
    return lines.stream();
  }

  private static Map<String, Map<String, List<Optional<Double>>>> cases() throws IOException {
    Map<String, Map<String, List<Optional<Double>>>> cases = new LinkedHashMap<>();
    for (String[] words : lines("cases")) {
      assertThat(cases.put(words[0] + " " + words[1], named(words))).isNull();
    }
    return cases;
  }

  private static Map<String, List<Optional<Double>>> named(String[] words) {
    Map<String, List<Optional<Double>>> named = new LinkedHashMap<>();
    for (String word : Arrays.asList(words).subList(2, words.length)) {
      String[] pair = word.split("=");
      named.put(
          pair[0],
          Arrays.stream(pair[1].split(","))
              .map(
                  v -> v.equals("none") ? Optional.<Double>empty() : Optional.of(Double.valueOf(v)))
              .toList());
    }
    return named;
  }

  /** Returns the lines of a resource as words: method, case, and what is told of it. */
  private static List<String[]> lines(String name) throws IOException {
    try (InputStream in = StatisticsTest.class.getResourceAsStream(name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(line -> line.split(" "))
          .toList();
    }
  }
}
