package dev.twintail.stage;

import dev.twintail.result.Table;
import dev.twintail.spec.AuthorsChoice;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@link CollectResults#SWEEPS} and {@link CollectResults#SEARCHES}; accuracies are
 * fractions of 1.
 */
final class SearchColumns {
  /** A trial, with what came out on both kinds of pairs. */
  private record TrialLine(
      String sweep,
      int step,
      int candidate,
      String setting,
      JudgedSearch.JudgedTrial trial,
      int n,
      double validation,
      @Nullable Double validationStd,
      int chosen,
      Sample test) {}

  /** A search: the trial that validation pairs chose, and the one that test pairs would have. */
  private record SearchLine(
      JudgedSearch search, List<TrialLine> trials, TrialLine byValidation, TrialLine byTest) {
    double curse() {
      return byValidation.validation() - byValidation.test().mean();
    }

    double optimism() {
      return byTest.test().mean() - byTest.validation();
    }

    double gain() {
      return byTest.test().mean() - byValidation.test().mean();
    }

    double honestDifference() {
      return byTest.validation() - byValidation.test().mean();
    }

    /** How much easier validation pairs are, over all trials. */
    double pairsDifference() {
      return trials.stream().mapToDouble(t -> t.validation() - t.test().mean()).average().orElse(0);
    }

    Optional<AuthorsChoice> theirs() {
      return search.authors().map(JudgedSearch.TheirChoice::choice);
    }

    Optional<Double> published() {
      return search
          .authors()
          .flatMap(JudgedSearch.TheirChoice::published)
          .map(ClaimVerdict::fraction);
    }

    Optional<Double> theirCurse() {
      return theirs()
          .flatMap(choice -> published().map(p -> ClaimVerdict.fraction(choice.accuracy()) - p));
    }

    /** Returns our trial of their setting; the last where steps tried it again. */
    Optional<TrialLine> oursOfTheirs() {
      return trials.stream()
          .filter(t -> t.trial().authors() == JudgedSearch.TrialOrigin.AUTHORS)
          .reduce((a, b) -> b);
    }
  }

  private final List<TrialLine> lines = new ArrayList<>();
  private final List<SearchLine> searches = new ArrayList<>();

  /**
   * Adds a search.
   *
   * @param trials what each step chose by, as {@link SelectSetting#TRIALS} has it
   * @param tests test accuracies by step, candidate and round
   */
  void add(JudgedSearch search, List<Table> trials, List<List<List<Double>>> tests) {
    List<TrialLine> all = new ArrayList<>();
    Optional<TrialLine> won = Optional.empty();
    for (int step = 0; step < search.steps().size(); step++) {
      Table table = trials.get(step);
      for (int i = 0; i < table.rows(); i++) {
        TrialLine line =
            new TrialLine(
                search.sweep(),
                table.ints("step")[i],
                table.ints("candidate")[i],
                table.strings("setting").get(i),
                search.steps().get(step).trials().get(i),
                table.ints("n")[i],
                table.doubles("validation_accuracy")[i],
                table.optionalDoubles("std")[i],
                table.ints("chosen")[i],
                Sample.of(tests.get(step).get(i)));
        all.add(line);
        won = line.chosen() == 1 ? Optional.of(line) : won;
      }
    }
    lines.addAll(all);
    TrialLine best = all.get(0);
    for (TrialLine line : all) {
      best = line.test().mean() > best.test().mean() ? line : best;
    }
    searches.add(new SearchLine(search, List.copyOf(all), won.orElseThrow(), best));
  }

  Table sweeps() {
    return new RowTable<>(Table.builder("sweeps", 2), lines)
        .strings("sweep", TrialLine::sweep)
        .ints("step", TrialLine::step)
        .ints("candidate", TrialLine::candidate)
        .strings("setting", TrialLine::setting)
        .ints("n", TrialLine::n)
        .doubles("validation_accuracy", TrialLine::validation)
        .optionalDoubles("std", t -> Optional.ofNullable(t.validationStd()))
        .ints("chosen", TrialLine::chosen)
        .doubles("test_accuracy", t -> t.test().mean())
        .optionalDoubles("test_std", t -> t.test().std())
        .build();
  }

  Table searches() {
    return new RowTable<>(Table.builder("searches", 1), searches)
        .strings("sweep", s -> s.search().sweep())
        .ints("steps", s -> s.search().steps().size())
        .ints("trials", s -> s.trials().size())
        .ints("n", s -> s.byValidation().n())
        .strings("validation_choice", s -> s.byValidation().trial().setting())
        .doubles("validation_choice_validation", s -> s.byValidation().validation())
        .doubles("validation_choice_test", s -> s.byValidation().test().mean())
        .doubles("curse", SearchLine::curse)
        .strings("test_choice", s -> s.byTest().trial().setting())
        .doubles("test_choice_test", s -> s.byTest().test().mean())
        .doubles("test_choice_validation", s -> s.byTest().validation())
        .doubles("optimism", SearchLine::optimism)
        .doubles("gain", SearchLine::gain)
        .doubles("honest_difference", SearchLine::honestDifference)
        .doubles("pairs_difference", SearchLine::pairsDifference)
        .optionalStrings("authors_choice", s -> s.theirs().map(AuthorsChoice::setting))
        .optionalStrings("authors_pairs", s -> s.theirs().map(c -> c.pairs().word()))
        .optionalStrings("authors_where", s -> s.theirs().map(AuthorsChoice::where))
        .optionalDoubles(
            "authors_accuracy", s -> s.theirs().map(c -> ClaimVerdict.fraction(c.accuracy())))
        .optionalDoubles("authors_test", SearchLine::published)
        .optionalDoubles("authors_curse", SearchLine::theirCurse)
        .optionalDoubles(
            "authors_choice_validation", s -> s.oursOfTheirs().map(TrialLine::validation))
        .optionalDoubles("authors_choice_test", s -> s.oursOfTheirs().map(t -> t.test().mean()))
        .build();
  }
}
