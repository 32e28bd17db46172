package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
    TableRow.of(searches).forEach(search -> folds.add(trials(search.text("sweep"))));
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
    Map<String, String> averages = new LinkedHashMap<>();
    averages.put("curse", "Winner’s curse");
    averages.put("gain", "Gain by choosing on test pairs");
    averages.put(
        "pairs_difference",
        "Over all trials, chosen or not, accuracies on validation pairs less those on test pairs");
    averages.put(
        "authors_curse",
        "The authors’ winner’s curse, their score on validation pairs less what they published");
    averages.forEach(
        (column, what) ->
            average(column).ifPresent(words -> text.append(" %s: %s.".formatted(what, words))));
    return text.toString();
  }

  /**
   * Returns a mean over searches; its error takes them as independent, which they are not quite.
   */
  private Optional<String> average(String column) {
    List<Double> values =
        TableRow.of(searches).stream()
            .flatMap(search -> optional(search, column).stream())
            .map(v -> 100 * v)
            .toList();
    if (values.isEmpty()) {
      return Optional.empty();
    }
    Sample sample = Sample.of(values);
    return Optional.of(
        Decimal.signed(sample.mean(), 2)
            + (values.size() == 1
                ? " points"
                : " points, mean of " + Chapters.counted(values.size(), "search", "searches"))
            + sample
                .interval95()
                .value()
                .map(i -> " " + Decimal.signedInterval(i.low(), i.high()))
                .orElse(""));
  }

  /** Returns one row a search. */
  Chapter.Grid grid() {
    List<TableRow> all = TableRow.of(searches);
    boolean theirs = all.stream().anyMatch(s -> s.optional("authors_accuracy").isPresent());
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
    for (TableRow search : all) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  search.text("sweep"),
                  Integer.toString(search.whole("trials")),
                  search.text("validation_choice"),
                  search.percent("validation_choice_validation"),
                  search.percent("validation_choice_test"),
                  search.points("curse"),
                  search.text("test_choice"),
                  search.percent("test_choice_test"),
                  search.percent("test_choice_validation"),
                  search.points("gain"),
                  search.points("honest_difference")));
      if (theirs) {
        String pairs = search.optionalText("authors_pairs");
        row.add(search.optionalText("authors_choice"));
        row.add(search.optional("authors_accuracy").map(a -> two(a) + " on " + pairs).orElse(""));
        row.add(search.optional("authors_test").map(Searches::two).orElse(""));
        row.add(search.optional("authors_curse").map(c -> Decimal.signed(100 * c, 2)).orElse(""));
      }
      rows.add(row);
    }
    return new Chapter.Grid(
        "searches", "Searches: accuracies in %, differences in points", head, rows);
  }

  /** Says of each search what was chosen, and what that is worth. */
  List<String> sentences() {
    return TableRow.of(searches).stream().map(Searches::sentence).toList();
  }

  private static String sentence(TableRow search) {
    String chosen =
        ("%s: of %s in %s each, validation pairs choose %s with %s %%, which gives %s %% on test"
                + " pairs (%s). ")
            .formatted(
                search.text("sweep"),
                Chapters.counted(search.whole("trials"), "setting"),
                Chapters.counted(search.whole("n"), "round"),
                search.text("validation_choice"),
                search.percent("validation_choice_validation"),
                search.percent("validation_choice_test"),
                search.points("curse"));
    String onTest =
        search.text("validation_choice").equals(search.text("test_choice"))
            ? "Test pairs would have chosen the same."
            : ("Who chose on test pairs would have printed %s %% for %s, %s points more, and got %s"
                    + " %% on validation pairs.")
                .formatted(
                    search.percent("test_choice_test"),
                    search.text("test_choice"),
                    search.points("gain"),
                    search.percent("test_choice_validation"));
    return chosen
        + onTest
        + search.optional("authors_accuracy").map(a -> theirs(search, a)).orElse("");
  }

  private static String theirs(TableRow search, double accuracy) {
    String chosen =
        " The authors chose %s with %s %% on %s pairs (%s)"
            .formatted(
                search.optionalText("authors_choice"),
                two(accuracy),
                search.optionalText("authors_pairs"),
                search.optionalText("authors_where"));
    String published =
        search
            .optional("authors_test")
            .map(
                test ->
                    " and published %s %% on test pairs (%s)"
                        .formatted(
                            two(test),
                            Decimal.signed(
                                100 * search.optional("authors_curse").orElseThrow(), 2)))
            .orElse("");
    String here =
        search
            .optional("authors_choice_validation")
            .map(
                validation ->
                    "; here it has %s %% on validation and %s %% on test pairs."
                        .formatted(
                            two(validation),
                            two(search.optional("authors_choice_test").orElseThrow())))
            .orElse("; it is not among our trials.");
    return chosen + published + here;
  }

  /** Returns a search's scores over its grid, step by step, then all its trials. */
  private Chapter.Fold trials(String name) {
    Map<Integer, List<TableRow>> bySteps = new LinkedHashMap<>();
    for (TableRow trial : TableRow.of(sweeps)) {
      if (trial.text("sweep").equals(name)) {
        bySteps.computeIfAbsent(trial.whole("step"), s -> new ArrayList<>()).add(trial);
      }
    }
    List<Chapter.Grid> grids = new ArrayList<>();
    bySteps.forEach((step, trials) -> surface(name, step, trials).ifPresent(grids::add));
    List<List<String>> rows = new ArrayList<>();
    bySteps.forEach(
        (step, trials) ->
            trials.forEach(
                trial ->
                    rows.add(
                        List.of(
                            "step " + step + ", candidate " + trial.whole("candidate"),
                            trial.text("setting"),
                            Integer.toString(trial.whole("n")),
                            trial.percent("validation_accuracy"),
                            trial.optional("std").map(Searches::two).orElse(""),
                            trial.percent("test_accuracy"),
                            trial.optional("test_std").map(Searches::two).orElse(""),
                            trial.whole("chosen") == 1 ? "✓ chosen" : ""))));
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
  private static Optional<Chapter.Grid> surface(String name, int step, List<TableRow> trials) {
    List<Map<String, String>> settings =
        trials.stream().map(trial -> fields(trial.text("setting"))).toList();
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
      TableRow trial = trials.get(k);
      cells
          .computeIfAbsent(words(down), row -> new LinkedHashMap<>())
          .put(
              column,
              Decimal.of(100 * trial.number("validation_accuracy"), 1)
                  + " / "
                  + Decimal.of(100 * trial.number("test_accuracy"), 1)
                  + (trial.whole("chosen") == 1 ? " ✓" : ""));
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

  private static Optional<Double> optional(TableRow search, String column) {
    return column.startsWith("authors")
        ? search.optional(column)
        : Optional.of(search.number(column));
  }

  private static String two(double fraction) {
    return Decimal.of(100 * fraction, 2);
  }
}
