package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.result.Table;
import dev.twintail.spec.AuthorsRecords;
import dev.twintail.spec.AuthorsRecords.ModelsShare;
import dev.twintail.spec.AuthorsRecords.RecordedModel;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.stats.Comparison;
import dev.twintail.stats.Holm;
import dev.twintail.stats.Interval;
import dev.twintail.stats.MeanCorrelation;
import dev.twintail.stats.RankSum;
import dev.twintail.stats.Sample;
import dev.twintail.stats.SignificanceTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of {@link CollectResults#RECORDS} and {@link CollectResults#CORRELATIONS}: the rounds of
 * a report's authors beside ours. Accuracies are fractions of 1.
 */
final class RecordColumns {
  /** A model that both have. */
  private record RecordLine(CollectResults.ResultRow row, RecordedModel theirs, List<Double> ours) {
    Sample ofOurs() {
      return Sample.of(ours);
    }

    Sample ofTheirs() {
      return Sample.of(theirs.accuracies());
    }

    /** Rounds that share a draw or weights are no sample of rounds. */
    boolean isIndependent() {
      return row.shared() == SharedAcrossRounds.NOTHING;
    }

    Optional<Interval> difference() {
      return isIndependent()
          ? Comparison.welch(ofOurs(), ofTheirs()).value().map(Comparison::interval95)
          : Optional.empty();
    }

    Optional<SignificanceTest> test() {
      return isIndependent()
          ? Optional.of(RankSum.test(ours, theirs.accuracies()))
          : Optional.empty();
    }
  }

  private final AuthorsRecords records;
  private final List<RecordLine> lines = new ArrayList<>();

  RecordColumns(AuthorsRecords records) {
    this.records = records;
  }

  /** Tells what the tables depend on besides our accuracies. */
  static void describe(Stage.Description description, AuthorsRecords records) {
    description.parameter(
        "records.sha256",
        Blob.of(records.contents().getBytes(StandardCharsets.UTF_8)).digest().sha256());
    description.parameter("records.where", records.where());
    description.parameter("records.models-share", records.shared().keyWord());
    for (int i = 0; i < records.models().size(); i++) {
      description.parameter(
          String.format(Locale.ROOT, "records.model.%04d.conditions", i),
          records.models().get(i).standing().conditions().keyWord());
    }
  }

  /** Adds a model, if the authors recorded rounds of it. */
  void add(CollectResults.ResultRow row, List<Double> accuracies) {
    records.models().stream()
        .filter(model -> model.model().equals(row.model()))
        .forEach(theirs -> lines.add(new RecordLine(row, theirs, List.copyOf(accuracies))));
  }

  Table table() {
    List<Optional<SignificanceTest>> tests = lines.stream().map(RecordLine::test).toList();
    Iterator<Holm.Adjusted> adjusted =
        Holm.of(tests.stream().flatMap(Optional::stream).toList(), TestColumns.LEVEL)
            .tests()
            .iterator();
    Table.Builder table =
        Table.builder("records", 1)
            .metadata("where", records.where())
            .metadata("models_share", records.shared().word());
    new RowTable<>(table, lines)
        .strings("model", l -> l.row().model())
        .strings("conditions", l -> l.theirs().standing().conditions().words())
        .ints("authors_n", l -> l.theirs().accuracies().size())
        .doubles("authors_mean", l -> l.ofTheirs().mean())
        .optionalDoubles("authors_std", l -> l.ofTheirs().std())
        .ints("n", l -> l.ours().size())
        .doubles("mean", l -> l.ofOurs().mean())
        .optionalDoubles("std", l -> l.ofOurs().std())
        .doubles("difference", l -> l.ofOurs().mean() - l.ofTheirs().mean())
        .optionalDoubles("difference_ci95_low", l -> l.difference().map(Interval::low))
        .optionalDoubles("difference_ci95_high", l -> l.difference().map(Interval::high));
    return new RowTable<>(table, tests)
        .optionalDoubles("mann_whitney_u", test -> test.flatMap(SignificanceTest::statistic))
        .optionalDoubles("mann_whitney_p", test -> test.flatMap(SignificanceTest::p))
        .optionalDoubles("mann_whitney_p_holm", test -> test.flatMap(t -> adjusted.next().p()))
        .build();
  }

  /** Returns a row for the authors, and one for us, over the models that both have. */
  Table correlations() {
    Map<String, MeanCorrelation> found = new LinkedHashMap<>();
    if (records.shared() == ModelsShare.PAIRS) {
      MeanCorrelation.of(lines.stream().map(l -> l.theirs().accuracies()).toList())
          .value()
          .ifPresent(theirs -> found.put("authors", theirs));
    }
    if (oursMeet()) {
      MeanCorrelation.of(lines.stream().map(RecordLine::ours).toList())
          .value()
          .ifPresent(ours -> found.put("ours", ours));
    }
    Table.Builder table =
        Table.builder("correlations", 1).strings("whose", List.copyOf(found.keySet()));
    return new RowTable<>(table, List.copyOf(found.values()))
        .ints("models", MeanCorrelation::models)
        .ints("n", MeanCorrelation::rounds)
        .doubles("mean_correlation", MeanCorrelation::mean)
        .doubles("ci95_low", c -> c.interval95().low())
        .doubles("ci95_high", c -> c.interval95().high())
        .build();
  }

  /** Returns whether our models saw the same pairs in every round, and other ones in the next. */
  private boolean oursMeet() {
    return lines.stream()
        .allMatch(line -> line.isIndependent() && pairs(line).equals(pairs(lines.get(0))));
  }

  private static List<GenerateData> pairs(RecordLine line) {
    return line.row().evaluations().stream().map(Evaluate::data).toList();
  }
}
