package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What searches chose, by validation pairs and as somebody would have by test pairs, and what the
 * report's authors chose.
 *
 * @param searches {@code searches.arrow}
 * @param sweeps {@code sweeps.arrow}
 */
record Searches(Table searches, Table sweeps) {
  /** Returns the part of a report that tells of them. */
  Chapter chapter() {
    List<Chapter.Fold> folds = new ArrayList<>();
    folds.add(Chapter.Fold.items("Search by search", sentences()));
    for (int i = 0; i < searches.rows(); i++) {
      folds.add(trials(i));
    }
    return new Chapter("sweeps", "The searches", lead(), List.of(grid()), List.of(), folds);
  }

  /** Says how to read the table, and what came out on average. */
  String lead() {
    StringBuilder text =
        new StringBuilder(
            "Every trial was scored on validation pairs, which alone choose, and judged on test pairs,"
                + " which choose nothing. The winner’s curse is how much better the winner looks on"
                + " the pairs that chose it than on the test pairs. The gain is what somebody who"
                + " chose on test pairs would have printed beyond that; what his choice gives on"
                + " validation pairs, which he has not seen, is his honest number.");
    average("curse").ifPresent(words -> text.append(" Winner’s curse: ").append(words).append('.'));
    average("gain")
        .ifPresent(
            words -> text.append(" Gain by choosing on test pairs: ").append(words).append('.'));
    average("pairs_difference")
        .ifPresent(
            words ->
                text.append(
                        " Over all trials, chosen or not, accuracies on validation pairs less those on"
                            + " test pairs: ")
                    .append(words)
                    .append('.'));
    average("authors_curse")
        .ifPresent(
            words ->
                text.append(
                        " The authors’ winner’s curse, their score on validation pairs less what they"
                            + " published: ")
                    .append(words)
                    .append('.'));
    return text.toString();
  }

  /**
   * Returns a mean over searches; its error takes them as independent, which they are not quite.
   */
  private Optional<String> average(String column) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < searches.rows(); i++) {
      optional(column, i).ifPresent(v -> values.add(100 * v));
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    Sample sample = Sample.of(values);
    Optional<Interval> interval = sample.interval95().value();
    return Optional.of(
        Decimal.signed(sample.mean(), 2)
            + (values.size() == 1
                ? " points"
                : " points, mean of " + Chapters.counted(values.size(), "search", "searches"))
            + interval
                .map(
                    i ->
                        " [%s, %s]"
                            .formatted(Decimal.signed(i.low(), 2), Decimal.signed(i.high(), 2)))
                .orElse(""));
  }

  /** Returns one row a search. */
  Chapter.Grid grid() {
    boolean theirs = has("authors_accuracy");
    List<String> head =
        new ArrayList<>(
            List.of(
                "Search",
                "Trials",
                "Chosen on validation pairs",
                "Validation",
                "Test",
                "Winner’s curse",
                "Best on test pairs",
                "Printed",
                "On validation pairs",
                "Gain",
                "Honest difference"));
    if (theirs) {
      head.addAll(List.of("The authors’ choice", "Their score", "They published", "Their curse"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < searches.rows(); i++) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  text("sweep", i),
                  Integer.toString(searches.ints("trials")[i]),
                  text("validation_choice", i),
                  percent("validation_choice_validation", i),
                  percent("validation_choice_test", i),
                  points("curse", i),
                  text("test_choice", i),
                  percent("test_choice_test", i),
                  percent("test_choice_validation", i),
                  points("gain", i),
                  points("honest_difference", i)));
      if (theirs) {
        String pairs = optionalText("authors_pairs", i);
        row.add(optionalText("authors_choice", i));
        row.add(optional("authors_accuracy", i).map(a -> two(a) + " on " + pairs).orElse(""));
        row.add(optional("authors_test", i).map(Searches::two).orElse(""));
        row.add(optional("authors_curse", i).map(c -> Decimal.signed(100 * c, 2)).orElse(""));
      }
      rows.add(row);
    }
    return new Chapter.Grid(
        "searches", "Searches: accuracies in %, differences in points", head, rows);
  }

  /** Says of each search what was chosen, and what that is worth. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < searches.rows(); i++) {
      sentences.add(sentence(i));
    }
    return sentences;
  }

  private String sentence(int i) {
    StringBuilder text = new StringBuilder(text("sweep", i)).append(": of ");
    text.append(Chapters.counted(searches.ints("trials")[i], "setting"))
        .append(" in ")
        .append(Chapters.counted(searches.ints("n")[i], "round"))
        .append(" each, validation pairs choose ")
        .append(text("validation_choice", i))
        .append(" with ")
        .append(percent("validation_choice_validation", i))
        .append(" %, which gives ")
        .append(percent("validation_choice_test", i))
        .append(" % on test pairs (")
        .append(points("curse", i))
        .append("). ");
    if (text("validation_choice", i).equals(text("test_choice", i))) {
      text.append("Test pairs would have chosen the same.");
    } else {
      text.append("Who chose on test pairs would have printed ")
          .append(percent("test_choice_test", i))
          .append(" % for ")
          .append(text("test_choice", i))
          .append(", ")
          .append(points("gain", i))
          .append(" points more, and got ")
          .append(percent("test_choice_validation", i))
          .append(" % on validation pairs.");
    }
    if (optional("authors_accuracy", i).isPresent()) {
      text.append(" The authors chose ")
          .append(optionalText("authors_choice", i))
          .append(" with ")
          .append(two(optional("authors_accuracy", i).orElseThrow()))
          .append(" % on ")
          .append(optionalText("authors_pairs", i))
          .append(" pairs (")
          .append(optionalText("authors_where", i))
          .append(')');
      optional("authors_test", i)
          .ifPresent(
              published ->
                  text.append(" and published ")
                      .append(two(published))
                      .append(" % on test pairs (")
                      .append(Decimal.signed(100 * optional("authors_curse", i).orElseThrow(), 2))
                      .append(')'));
      optional("authors_choice_validation", i)
          .ifPresentOrElse(
              validation ->
                  text.append("; here it has ")
                      .append(two(validation))
                      .append(" % on validation and ")
                      .append(two(optional("authors_choice_test", i).orElseThrow()))
                      .append(" % on test pairs."),
              () -> text.append("; it is not among our trials."));
    }
    return text.toString();
  }

  /** Returns a search's scores over its grid, step by step, then all its trials. */
  private Chapter.Fold trials(int search) {
    String name = text("sweep", search);
    Map<Integer, List<Integer>> bySteps = new LinkedHashMap<>();
    for (int i = 0; i < sweeps.rows(); i++) {
      if (sweeps.strings("sweep").get(i).equals(name)) {
        bySteps.computeIfAbsent(sweeps.ints("step")[i], s -> new ArrayList<>()).add(i);
      }
    }
    List<Chapter.Grid> grids = new ArrayList<>();
    bySteps.forEach((step, trials) -> surface(name, step, trials).ifPresent(grids::add));
    List<List<String>> rows = new ArrayList<>();
    bySteps.forEach(
        (step, trials) ->
            trials.forEach(
                i ->
                    rows.add(
                        List.of(
                            "step " + step + ", candidate " + sweeps.ints("candidate")[i],
                            sweeps.strings("setting").get(i),
                            Integer.toString(sweeps.ints("n")[i]),
                            two(sweeps.doubles("validation_accuracy")[i]),
                            deviation("std", i),
                            two(sweeps.doubles("test_accuracy")[i]),
                            deviation("test_std", i),
                            sweeps.ints("chosen")[i] == 1 ? "✓ chosen" : ""))));
    grids.add(
        new Chapter.Grid(
            "sweep-" + name,
            "Candidates of " + name,
            List.of(
                "Candidate",
                "Setting",
                "Rounds",
                "Validation accuracy",
                "Standard deviation",
                "Test accuracy",
                "Its deviation",
                "Choice"),
            rows));
    return new Chapter.Fold(
        name + ": " + Chapters.counted(rows.size(), "candidate"), List.of(), grids, List.of());
  }

  /**
   * Returns the scores of a step that varies two fields or more: a column for each value of the
   * field that has most, in each cell the validation and the test accuracy.
   */
  private Optional<Chapter.Grid> surface(String name, int step, List<Integer> trials) {
    List<Map<String, String>> settings =
        trials.stream().map(i -> fields(sweeps.strings("setting").get(i))).toList();
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (Map<String, String> setting : settings) {
      setting.forEach(
          (field, value) -> values.computeIfAbsent(field, f -> new LinkedHashSet<>()).add(value));
    }
    if (values.size() < 2) {
      return Optional.empty();
    }
    String across =
        values.keySet().stream()
            .reduce((a, b) -> size(values, b) > size(values, a) ? b : a)
            .orElseThrow();
    Map<String, Map<String, String>> cells = new LinkedHashMap<>();
    for (int k = 0; k < settings.size(); k++) {
      Map<String, String> down = new LinkedHashMap<>(settings.get(k));
      String column = Objects.requireNonNull(down.remove(across));
      int i = trials.get(k);
      cells
          .computeIfAbsent(words(down), row -> new LinkedHashMap<>())
          .put(
              column,
              Decimal.of(100 * sweeps.doubles("validation_accuracy")[i], 1)
                  + " / "
                  + Decimal.of(100 * sweeps.doubles("test_accuracy")[i], 1)
                  + (sweeps.ints("chosen")[i] == 1 ? " ✓" : ""));
    }
    List<String> columns = List.copyOf(values.getOrDefault(across, Set.of()));
    List<String> head = new ArrayList<>(List.of("validation / test accuracy"));
    columns.forEach(value -> head.add(across + "=" + value));
    List<List<String>> rows = new ArrayList<>();
    cells.forEach(
        (down, byColumn) -> {
          List<String> row = new ArrayList<>(List.of(down));
          columns.forEach(value -> row.add(byColumn.getOrDefault(value, "")));
          rows.add(row);
        });
    return Optional.of(
        new Chapter.Grid(
            "surface-" + name + "-" + step,
            "The scores over the grid of step " + step,
            head,
            rows));
  }

  private static int size(Map<String, Set<String>> values, String field) {
    return values.getOrDefault(field, Set.of()).size();
  }

  /** Reads {@code loss.digit=0.5 with.h=100}; a word without a sign goes on with the last value. */
  private static Map<String, String> fields(String setting) {
    Map<String, String> fields = new LinkedHashMap<>();
    String last = "";
    for (String word : setting.split(" ", -1)) {
      int sign = word.indexOf('=');
      if (sign > 0) {
        last = word.substring(0, sign);
        fields.put(last, word.substring(sign + 1));
      } else {
        fields.merge(last, word, (a, b) -> a + " " + b);
      }
    }
    return fields;
  }

  private static String words(Map<String, String> fields) {
    List<String> words = new ArrayList<>();
    fields.forEach((field, value) -> words.add(field + "=" + value));
    return String.join(" ", words);
  }

  private String deviation(String column, int row) {
    @Nullable Double value = sweeps.optionalDoubles(column)[row];
    return value == null ? "" : two(value);
  }

  private boolean has(String column) {
    return Arrays.stream(searches.optionalDoubles(column)).anyMatch(Objects::nonNull);
  }

  private String text(String column, int row) {
    return searches.strings(column).get(row);
  }

  private String optionalText(String column, int row) {
    return Objects.requireNonNullElse(searches.optionalStrings(column).get(row), "");
  }

  private Optional<Double> optional(String column, int row) {
    return Optional.ofNullable(
        column.startsWith("authors")
            ? searches.optionalDoubles(column)[row]
            : Double.valueOf(searches.doubles(column)[row]));
  }

  private String percent(String column, int row) {
    return two(searches.doubles(column)[row]);
  }

  private String points(String column, int row) {
    return Decimal.signed(100 * searches.doubles(column)[row], 2);
  }

  private static String two(double fraction) {
    return Decimal.of(100 * fraction, 2);
  }
}
