package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.AuthorsRecords;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.FactorialSpec;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.Published;
import dev.twintail.stage.CollectResults.ResultRow;
import dev.twintail.stats.MeanCorrelation;
import dev.twintail.stats.RankSum;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is counted and gathered, counted again from the predictions. */
class EvaluateTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final StageOutputs OUTPUTS = new StageOutputs();

  static List<String> models() {
    return TINY.models().stream().map(ModelSpec::name).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void run_counts_areThoseOfThePredictions(String model) {
    Evaluate evaluate = evaluate(model(model), 1);
    Table predictions = ArrowFiles.decode(OUTPUTS.bytes(evaluate, Evaluate.PREDICTIONS));
    Table evaluation = ArrowFiles.decode(OUTPUTS.bytes(evaluate, Evaluate.EVALUATION));

    int pairs = predictions.rows();
    int correct = equal(predictions.ints("target"), predictions.ints("predicted"));
    assertThat(pairs).isEqualTo(50);
    assertThat(evaluation.ints("pairs")).containsExactly(pairs);
    assertThat(evaluation.ints("correct")).containsExactly(correct);
    assertThat(evaluation.doubles("accuracy")).containsExactly((double) correct / pairs);
    if (predictions.columnNames().contains("predicted_digit1")) {
      int digits =
          equal(predictions.ints("digit1"), predictions.ints("predicted_digit1"))
              + equal(predictions.ints("digit2"), predictions.ints("predicted_digit2"));
      assertThat(evaluation.optionalDoubles("digit_accuracy"))
          .containsExactly((double) digits / (2 * pairs));
    } else {
      assertThat(evaluation.optionalDoubles("digit_accuracy")).containsOnlyNulls();
    }
  }

  @Test
  void run_arithmeticHead_comparesThePredictedDigits() {
    Table predictions =
        ArrowFiles.decode(OUTPUTS.bytes(evaluate(model("Arithmetic"), 1), Evaluate.PREDICTIONS));
    int[] first = predictions.ints("predicted_digit1");
    int[] second = predictions.ints("predicted_digit2");

    assertThat(predictions.ints("predicted"))
        .isEqualTo(IntStream.range(0, 50).map(i -> first[i] <= second[i] ? 1 : 0).toArray());
    assertThat(predictions.optionalDoubles("probability")).containsOnlyNulls();
  }

  @Test
  void run_bodyWithoutDigits_predictsNone() {
    Table predictions =
        ArrowFiles.decode(OUTPUTS.bytes(evaluate(TINY.models().get(0), 1), Evaluate.PREDICTIONS));

    assertThat(predictions.columnNames())
        .containsExactly("pair", "digit1", "digit2", "target", "predicted", "probability");
    Double[] probabilities = predictions.optionalDoubles("probability");
    int[] predicted = predictions.ints("predicted");
    for (int i = 0; i < predicted.length; i++) {
      assertThat(probabilities[i] > 0.5 ? 1 : 0).isEqualTo(predicted[i]);
    }
  }

  @Test
  void collect_threeTables_holdEveryModelAndRoundInOrder() {
    List<ResultRow> rows = new ArrayList<>();
    for (ModelSpec model : TINY.models()) {
      rows.add(
          new ResultRow(
              model.name(),
              model.network().parameters(),
              model.published(),
              model.protocol().deviation(),
              model.protocol().shared(),
              model.protocol().tables(),
              List.of(evaluate(model, 1), evaluate(model, 2))));
    }
    CollectResults collect =
        new CollectResults(rows, List.of(), Optional.empty(), tests(List.of()));

    Table evaluations = ArrowFiles.decode(OUTPUTS.bytes(collect, CollectResults.EVALUATIONS));
    Table curves = ArrowFiles.decode(OUTPUTS.bytes(collect, CollectResults.CURVES));
    Table summary = ArrowFiles.decode(OUTPUTS.bytes(collect, CollectResults.SUMMARY));

    assertThat(evaluations.columnNames())
        .containsExactly(
            "model",
            "table",
            "round",
            "pairs",
            "correct",
            "majority",
            "accuracy",
            "digit_accuracy",
            "train_accuracy",
            "learnt");
    assertThat(evaluations.strings("model").subList(0, 4))
        .containsExactly("Pixels", "Pixels", "Logits", "Logits");
    assertThat(evaluations.ints("round")).startsWith(1, 2, 1, 2).hasSize(14);
    assertThat(curves.columnNames())
        .containsExactly("model", "round", "epoch", "split", "metric", "value");
    assertThat(summary.strings("model"))
        .isEqualTo(TINY.models().stream().map(ModelSpec::name).toList());
    assertThat(summary.ints("n")).containsOnly(2);
    for (String column : List.of("std", "ci95_low", "ci95_high")) {
      assertThat(summary.optionalDoubles(column)).as(column).doesNotContainNull();
    }
    double[] accuracy = evaluations.doubles("accuracy");
    for (int i = 0; i < summary.rows(); i++) {
      assertThat(summary.doubles("mean")[i]).isEqualTo((accuracy[2 * i] + accuracy[2 * i + 1]) / 2);
    }
    assertThat(summary.optionalDoubles("published_mean")[0]).isEqualTo(0.55);
    assertThat(summary.optionalDoubles("published_mean")[1]).isNull();
    assertThat(summary.strings("verdict").get(1)).isEqualTo("unpublished");
  }

  @Test
  void collect_oneRound_hasNoIntervalAndNoVerdict() {
    ModelSpec model = TINY.models().get(0);
    CollectResults collect =
        new CollectResults(
            List.of(
                new ResultRow(
                    model.name(),
                    model.network().parameters(),
                    model.published(),
                    model.protocol().deviation(),
                    model.protocol().shared(),
                    model.protocol().tables(),
                    List.of(evaluate(model, 1)))),
            List.of(),
            Optional.empty(),
            tests(List.of()));

    Table summary = ArrowFiles.decode(OUTPUTS.bytes(collect, CollectResults.SUMMARY));

    for (String column : List.of("std", "ci95_low", "ci95_high")) {
      assertThat(summary.optionalDoubles(column)).containsOnlyNulls();
    }
    assertThat(summary.optionalDoubles("difference")).doesNotContainNull();
    assertThat(summary.strings("verdict")).containsExactly("inconclusive");
  }

  @Test
  void collect_withRecords_putsTheAuthorsRoundsBesideOurs() {
    List<ResultRow> rows = new ArrayList<>();
    List<AuthorsRecords.RecordedModel> theirs = new ArrayList<>();
    List<List<Double>> recorded = List.of(List.of(0.5, 0.6, 0.65), List.of(0.7, 0.75, 0.72));
    for (String name : List.of("Pixels", "Logits", "SoftMax")) {
      ModelSpec model = model(name);
      rows.add(
          new ResultRow(
              name,
              model.network().parameters(),
              List.of(),
              model.protocol().deviation(),
              model.protocol().shared(),
              1,
              List.of(evaluate(model, 1), evaluate(model, 2), evaluate(model, 3))));
    }
    for (int i = 0; i < recorded.size(); i++) {
      theirs.add(
          new AuthorsRecords.RecordedModel(
              rows.get(i).model(), recorded.get(i), Published.ClaimStanding.COMMON));
    }
    CollectResults collect =
        new CollectResults(
            rows,
            List.of(),
            Optional.of(
                new AuthorsRecords("text", "their log", AuthorsRecords.ModelsShare.PAIRS, theirs)),
            tests(List.of()));

    Table records = ArrowFiles.decode(OUTPUTS.bytes(collect, CollectResults.RECORDS));
    Table correlations = ArrowFiles.decode(OUTPUTS.bytes(collect, CollectResults.CORRELATIONS));
    Table evaluations = ArrowFiles.decode(OUTPUTS.bytes(collect, CollectResults.EVALUATIONS));

    assertThat(records.metadata()).containsEntry("where", "their log");
    assertThat(records.strings("model")).containsExactly("Pixels", "Logits");
    assertThat(records.strings("conditions")).containsOnly("common protocol");
    assertThat(records.ints("authors_n")).containsOnly(3);
    List<List<Double>> ours = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      double[] accuracy = evaluations.doubles("accuracy");
      ours.add(List.of(accuracy[3 * i], accuracy[3 * i + 1], accuracy[3 * i + 2]));
      assertThat(records.doubles("difference")[i])
          .isEqualTo(Sample.of(ours.get(i)).mean() - Sample.of(recorded.get(i)).mean());
      assertThat(records.optionalDoubles("mann_whitney_p")[i])
          .isEqualTo(RankSum.test(ours.get(i), recorded.get(i)).p().orElseThrow());
      assertThat(records.optionalDoubles("difference_ci95_low")[i])
          .isLessThan(records.doubles("difference")[i]);
    }
    assertThat(correlations.strings("whose")).containsExactly("authors", "ours");
    assertThat(correlations.doubles("mean_correlation"))
        .containsExactly(
            MeanCorrelation.of(recorded).value().orElseThrow().mean(),
            MeanCorrelation.of(ours).value().orElseThrow().mean());
  }

  private static CollectResults.Tests tests(List<FactorialSpec> factorials) {
    return CollectResults.Tests.of(TINY.seed(), TINY.data(), factorials);
  }

  private static ModelSpec model(String name) {
    return TINY.models().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  private static Evaluate evaluate(ModelSpec model, int round) {
    return Evaluate.of(model, TINY.data(), TINY.seed(), round);
  }

  private static int equal(int[] expected, int[] found) {
    return (int) IntStream.range(0, expected.length).filter(i -> expected[i] == found[i]).count();
  }
}
