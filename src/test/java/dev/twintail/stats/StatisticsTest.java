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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method against SciPy, statsmodels and R, on the lines of {@code cases.txt}. The answers are
 * in {@code scipy.txt} and {@code r.txt}; src/test/scripts/stats/README.md has the commands that
 * write them:
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

  private static final int DRAWS = 99_999;
  private static final Resampling RESAMPLING = new Resampling(1, DRAWS);

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
      case "table" -> {
        Tables tables = tables(Sharing.DRAW, arguments);
        Prediction prediction = Prediction.of(tables, claim(arguments.get("claim")), 1);
        put(out, "", prediction.interval95());
        LeaveOneOut left = LeaveOneOut.of(List.of(tables), 1e9);
        out.put("judged", Optional.of((double) left.judged()));
        out.put("alarms", Optional.of((double) left.alarms()));
      }
      case "rounds" -> {
        Tables tables = tables(Sharing.NOTHING, arguments);
        put(out, "", Prediction.of(tables, claim(arguments.get("claim")), 1).interval95());
      }
      case "held" -> {
        Reproduction reproduction =
            Reproduction.of(
                claim(arguments.get("ours")),
                claim(arguments.get("claim")),
                tables(Sharing.DRAW, arguments),
                numbers(arguments, "margin").get(0));
        Comparison comparison = reproduction.comparison().orElseThrow();
        out.put("difference", Optional.of(comparison.difference()));
        put(out, "", Optional.of(comparison.interval95()));
        out.put("p", comparison.test().p());
        put(out, "tost.", reproduction.equivalence().map(Equivalence::interval90));
        out.put("tost.p", reproduction.equivalence().flatMap(Equivalence::p));
      }
      case "nested" -> {
        VarianceComponents components =
            VarianceComponents.nested(tables(Sharing.DRAW, arguments)).value().orElseThrow();
        put(out, components);
      }
      case "power" -> {
        Power power =
            new Power(numbers(arguments, "difference").get(0), numbers(arguments, "std").get(0));
        int n = numbers(arguments, "n").get(0).intValue();
        double wanted = numbers(arguments, "power").get(0);
        out.put("paired", Optional.of(power.paired(n)));
        out.put("unpaired", Optional.of(power.unpaired(n)));
        out.put("pairs", power.pairsFor(wanted).value().map(Integer::doubleValue));
        out.put("each", power.eachFor(wanted).value().map(Integer::doubleValue));
      }
      case "best" -> {
        Map<String, List<Double>> models = new LinkedHashMap<>();
        arguments.keySet().forEach(model -> models.put(model, numbers(arguments, model)));
        MultipleComparisonsWithBest best =
            MultipleComparisonsWithBest.of(models).value().orElseThrow();
        out.put("critical", Optional.of(best.critical()));
        for (MultipleComparisonsWithBest.Standing standing : best.standings()) {
          String prefix = standing.model() + ".";
          out.put(prefix + "mean", Optional.of(standing.mean()));
          put(out, prefix, Optional.of(standing.overBestOther()));
          out.put(prefix + "may", Optional.of(standing.mayBeBest() ? 1.0 : 0.0));
        }
      }
      case "ranksum" ->
          put(out, "", RankSum.test(numbers(arguments, "ours"), numbers(arguments, "theirs")));
      case "correlation" -> {
        Optional<MeanCorrelation> correlation =
            MeanCorrelation.of(
                    arguments.keySet().stream().map(model -> numbers(arguments, model)).toList())
                .value();
        out.put("mean", correlation.map(MeanCorrelation::mean));
        put(out, "", correlation.map(MeanCorrelation::interval95));
      }
      case "opinion" -> {
        List<SecondOpinion.TwoPrograms> models = new ArrayList<>();
        for (int i = 1; arguments.containsKey("a" + i); i++) {
          models.add(
              new SecondOpinion.TwoPrograms(
                  "m" + i, numbers(arguments, "a" + i), numbers(arguments, "b" + i)));
        }
        SecondOpinion opinion = SecondOpinion.of(models);
        out.put("difference", Optional.of(opinion.difference()));
        out.put("error", opinion.standardError());
        out.put("std", opinion.std());
        for (SecondOpinion.ModelOpinion model : opinion.models()) {
          out.put(model.model() + ".difference", Optional.of(model.difference()));
          put(out, model.model() + ".", model.interval95());
          out.put(model.model() + ".p", model.p());
        }
      }
      case "guessing" -> {
        List<Integer> counts = numbers(arguments, "counts").stream().map(Double::intValue).toList();
        out.put("p", Optional.of(Learnt.guessing(counts.get(0), counts.get(1), counts.get(2))));
        Learnt learnt = Learnt.of(counts.get(0), counts.get(1), counts.get(2), 0.1);
        out.put("learnt", Optional.of(learnt == Learnt.YES ? 1.0 : 0.0));
      }
      case "median" -> out.put("median", Optional.of(Sample.median(numbers(arguments, "values"))));
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

  private static void put(Map<String, Optional<Double>> out, VarianceComponents components) {
    for (VarianceComponents.Component component : components.components()) {
      String prefix = component.source().name().toLowerCase(Locale.ROOT) + ".";
      out.put(prefix + "ms", Optional.of(component.meanSquare()));
      out.put(prefix + "df", Optional.of(component.degrees()));
      out.put(prefix + "variance", Optional.of(component.variance()));
      put(out, prefix, Optional.of(component.interval95()));
    }
  }

  private static Tables tables(Sharing sharing, Map<String, List<Optional<Double>>> arguments) {
    List<Double> values = numbers(arguments, "values");
    int count = numbers(arguments, "tables").get(0).intValue();
    Iterator<Double> next = values.iterator();
    List<List<Double>> rounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rounds.add(next(next, values.size() / count));
    }
    return new Tables(sharing, rounds);
  }

  private static List<Double> next(Iterator<Double> values, int count) {
    List<Double> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(values.next());
    }
    return next;
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
