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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

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
    @Nullable Double[] statistics = new @Nullable Double[lines.size()];
    @Nullable Double[] ps = new @Nullable Double[lines.size()];
    @Nullable Double[] holms = new @Nullable Double[lines.size()];
    for (int i = 0; i < ps.length; i++) {
      if (tests.get(i).isPresent()) {
        statistics[i] = tests.get(i).get().statistic().orElse(null);
        ps[i] = tests.get(i).get().p().orElse(null);
        holms[i] = adjusted.next().p().orElse(null);
      }
    }
    return Table.builder("records", 1)
        .metadata("where", records.where())
        .metadata("models_share", records.shared().word())
        .strings("model", lines.stream().map(l -> l.row().model()).toList())
        .strings(
            "conditions",
            lines.stream().map(l -> l.theirs().standing().conditions().words()).toList())
        .ints("authors_n", ints(l -> l.theirs().accuracies().size()))
        .doubles("authors_mean", doubles(l -> l.ofTheirs().mean()))
        .optionalDoubles("authors_std", optional(l -> l.ofTheirs().std()))
        .ints("n", ints(l -> l.ours().size()))
        .doubles("mean", doubles(l -> l.ofOurs().mean()))
        .optionalDoubles("std", optional(l -> l.ofOurs().std()))
        .doubles("difference", doubles(l -> l.ofOurs().mean() - l.ofTheirs().mean()))
        .optionalDoubles("difference_ci95_low", optional(l -> l.difference().map(Interval::low)))
        .optionalDoubles("difference_ci95_high", optional(l -> l.difference().map(Interval::high)))
        .optionalDoubles("mann_whitney_u", statistics)
        .optionalDoubles("mann_whitney_p", ps)
        .optionalDoubles("mann_whitney_p_holm", holms)
        .build();
  }

  /** Returns a row for the authors, and one for us, over the models that both have. */
  Table correlations() {
    List<String> whose = new ArrayList<>();
    List<MeanCorrelation> found = new ArrayList<>();
    if (records.shared() == ModelsShare.PAIRS) {
      MeanCorrelation.of(lines.stream().map(l -> l.theirs().accuracies()).toList())
          .value()
          .ifPresent(
              theirs -> {
                whose.add("authors");
                found.add(theirs);
              });
    }
    if (oursMeet()) {
      MeanCorrelation.of(lines.stream().map(RecordLine::ours).toList())
          .value()
          .ifPresent(
              ours -> {
                whose.add("ours");
                found.add(ours);
              });
    }
    return Table.builder("correlations", 1)
        .strings("whose", whose)
        .ints("models", found.stream().mapToInt(MeanCorrelation::models).toArray())
        .ints("n", found.stream().mapToInt(MeanCorrelation::rounds).toArray())
        .doubles("mean_correlation", found.stream().mapToDouble(MeanCorrelation::mean).toArray())
        .doubles("ci95_low", found.stream().mapToDouble(c -> c.interval95().low()).toArray())
        .doubles("ci95_high", found.stream().mapToDouble(c -> c.interval95().high()).toArray())
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

  private int[] ints(ToIntFunction<RecordLine> column) {
    return lines.stream().mapToInt(column).toArray();
  }

  private double[] doubles(ToDoubleFunction<RecordLine> column) {
    return lines.stream().mapToDouble(column).toArray();
  }

  private @Nullable Double[] optional(Function<RecordLine, Optional<Double>> column) {
    @Nullable Double[] values = new @Nullable Double[lines.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(lines.get(i)).orElse(null);
    }
    return values;
  }
}
