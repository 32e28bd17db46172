package dev.twintail.report;

import dev.twintail.report.chart.Bars;
import dev.twintail.report.chart.Boxes;
import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Curves;
import dev.twintail.report.chart.Decimal;
import dev.twintail.report.chart.Diagram;
import dev.twintail.report.chart.Forest;
import dev.twintail.report.chart.HeatMap;
import dev.twintail.result.Table;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The drawings of a report. */
final class Figures {
  private static final String PERCENT = "test accuracy in %";
  private static final String POINTS = "difference in points";

  private final Outline outline;
  private final Evidence evidence;

  Figures(Outline outline, Evidence evidence) {
    this.outline = outline;
    this.evidence = evidence;
  }

  /** Returns the models' names in the order of the results. */
  List<String> models() {
    return evidence.table("summary.arrow").strings("model");
  }

  Chart bars() {
    Table summary = evidence.table("summary.arrow");
    List<Bars.Bar> rows = new ArrayList<>();
    double least = 100;
    for (int i = 0; i < summary.rows(); i++) {
      Bars.Bar row =
          new Bars.Bar(
              summary.strings("model").get(i),
              Optional.of(measured(summary, i)),
              asRun(summary.strings("model").get(i)),
              published(summary, i));
      least = Math.min(least, row.first().map(v -> v.low().orElse(v.value())).orElse(least));
      least = Math.min(least, row.second().map(v -> v.low().orElse(v.value())).orElse(least));
      least = Math.min(least, row.claim().map(v -> v.low().orElse(v.value())).orElse(least));
      rows.add(row);
    }
    // Half of all is what a coin gets; bars that start there show what was learnt.
    double base = least < 50 ? 0 : 50;
    return Bars.of(
        "accuracy",
        "Accuracy of every model",
        "Horizontal bars, one a model, from "
            + Decimal.of(base, 0)
            + " %: the mean test accuracy over the rounds with its 95 % interval. "
            + (outline.asRun().isPresent() ? "Dashed bars: as its authors ran it. " : "")
            + "Diamonds: the published number, with one standard deviation to each side. The"
            + " numbers are in the table of models.",
        rows,
        base,
        100,
        PERCENT);
  }

  private static Bars.Value measured(Table summary, int row) {
    return new Bars.Value(
        100 * summary.doubles("mean")[row],
        percent(summary.optionalDoubles("ci95_low")[row]),
        percent(summary.optionalDoubles("ci95_high")[row]));
  }

  private Optional<Bars.Value> asRun(String model) {
    return evidence
        .asRun()
        .map(tables -> Optional.ofNullable(tables.get("summary.arrow")).orElseThrow())
        .flatMap(
            summary -> {
              int row = summary.strings("model").indexOf(model);
              return row < 0 ? Optional.empty() : Optional.of(measured(summary, row));
            });
  }

  private static Optional<Bars.Value> published(Table summary, int row) {
    Optional<Double> mean = percent(summary.optionalDoubles("published_mean")[row]);
    Optional<Double> std = percent(summary.optionalDoubles("published_std")[row]);
    return mean.map(m -> new Bars.Value(m, std.map(s -> m - s), std.map(s -> m + s)));
  }

  private static Optional<Double> percent(@Nullable Double fraction) {
    return Optional.ofNullable(fraction).map(f -> 100 * f);
  }

  Chart boxes() {
    Table evaluations = evidence.table("evaluations.arrow");
    Map<String, List<Double>> byModel = new LinkedHashMap<>();
    for (int i = 0; i < evaluations.rows(); i++) {
      byModel
          .computeIfAbsent(evaluations.strings("model").get(i), m -> new ArrayList<>())
          .add(100 * evaluations.doubles("accuracy")[i]);
    }
    List<Boxes.Box> rows = new ArrayList<>();
    byModel.forEach((model, values) -> rows.add(new Boxes.Box(model, values)));
    return Boxes.of(
        "rounds",
        "Accuracy of every round",
        "Boxplots, one a model: the box from the first to the third quartile of the rounds' test"
            + " accuracies with the median, whiskers to the last round within 1.5 times that range,"
            + " every round a dot. The numbers are in evaluations.arrow.",
        rows,
        PERCENT);
  }

  /** Returns a drawing for each model whose training tells accuracies. */
  List<Chart> curves() {
    Table table = evidence.table("curves.arrow");
    Map<String, Map<String, TreeMap<Integer, List<Double>>>> values = new LinkedHashMap<>();
    int[] epochs = table.ints("epoch");
    double[] value = table.doubles("value");
    List<String> metrics = table.strings("metric");
    for (int i = 0; i < epochs.length; i++) {
      if (metrics.get(i).equals("accuracy")) {
        values
            .computeIfAbsent(table.strings("model").get(i), m -> new TreeMap<>())
            .computeIfAbsent(table.strings("split").get(i), s -> new TreeMap<>())
            .computeIfAbsent(epochs[i], e -> new ArrayList<>())
            .add(100 * value[i]);
      }
    }
    Map<String, List<Curves.Line>> lines = new LinkedHashMap<>();
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    int last = 1;
    for (String model : values.keySet()) {
      List<Curves.Line> ofModel = new ArrayList<>();
      for (String split : List.of("validation", "train")) {
        TreeMap<Integer, List<Double>> byEpoch = values.get(model).get(split);
        if (byEpoch == null) {
          continue;
        }
        List<Curves.Point> points = new ArrayList<>();
        for (Map.Entry<Integer, List<Double>> epoch : byEpoch.entrySet()) {
          Sample sample = Sample.of(epoch.getValue());
          double half = sample.std().orElse(0.0);
          points.add(
              new Curves.Point(
                  epoch.getKey(), sample.mean(), sample.mean() - half, sample.mean() + half));
          least = Math.min(least, sample.mean() - half);
          largest = Math.max(largest, sample.mean() + half);
          last = Math.max(last, epoch.getKey());
        }
        ofModel.add(new Curves.Line(split, points));
      }
      lines.put(model, ofModel);
    }
    List<Chart> charts = new ArrayList<>();
    Curves.Span span = new Curves.Span(1, last, Math.max(0, least), Math.min(100, largest));
    lines.forEach((model, ofModel) -> charts.add(curve(model, ofModel, span)));
    return charts;
  }

  private static Chart curve(String model, List<Curves.Line> lines, Curves.Span span) {
    StringBuilder description =
        new StringBuilder("Mean over the rounds, in bands of one standard deviation.");
    for (Curves.Line line : lines) {
      Curves.Point first = line.points().get(0);
      Curves.Point last = line.points().get(line.points().size() - 1);
      description
          .append(" On the ")
          .append(line.label())
          .append(" pairs from ")
          .append(Decimal.of(first.mean(), 1))
          .append(" % after epoch ")
          .append(first.epoch())
          .append(" to ")
          .append(Decimal.of(last.mean(), 1))
          .append(" % after epoch ")
          .append(last.epoch())
          .append('.');
    }
    return Curves.of(
        "curves-" + model,
        "Accuracy over epochs of " + model,
        description.toString(),
        lines,
        span,
        "accuracy in %");
  }

  /** Returns the differences of all models to the best one, best first; empty without them. */
  Optional<Chart> behind() {
    Optional<Table> comparisons = evidence.find("comparisons.arrow");
    if (comparisons.isEmpty()) {
      return Optional.empty();
    }
    String best = best();
    Table table = comparisons.get();
    List<Forest.Estimate> rows = new ArrayList<>();
    for (int i = 0; i < table.rows(); i++) {
      String a = table.strings("model_a").get(i);
      String b = table.strings("model_b").get(i);
      if (a.equals(best)) {
        rows.add(row(table, i, b + " − " + a, "difference", -100));
      } else if (b.equals(best)) {
        rows.add(row(table, i, a + " − " + b, "difference", 100));
      }
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Forest.of(
            "behind",
            "Every model compared with " + best,
            "For each model the mean difference of its test accuracy to that of "
                + best
                + ", on the same pairs, with its 95 % interval by Student's t; the wider line"
                + " without ends is Nadeau's and Bengio's interval, which allows for rounds that"
                + " are not independent. The numbers are in the table of comparisons.",
            rows,
            POINTS));
  }

  /** Returns the effects of each design; empty without designs. */
  List<Chart> effects() {
    Optional<Table> effects = evidence.find("effects.arrow");
    if (effects.isEmpty()) {
      return List.of();
    }
    Table table = effects.get();
    Map<String, List<Forest.Estimate>> byDesign = new LinkedHashMap<>();
    for (int i = 0; i < table.rows(); i++) {
      byDesign
          .computeIfAbsent(table.strings("design").get(i), d -> new ArrayList<>())
          .add(row(table, i, table.strings("effect").get(i), "estimate", 1));
    }
    List<Chart> charts = new ArrayList<>();
    byDesign.forEach(
        (design, rows) ->
            charts.add(
                Forest.of(
                    "effects-" + design,
                    "Effects of " + design,
                    "The effect of weight sharing, of the auxiliary loss and of both together, in"
                        + " points of test accuracy, with 95 % intervals. The numbers are in the"
                        + " table of effects.",
                    rows,
                    "effect in points")));
    return charts;
  }

  private static Forest.Estimate row(
      Table table, int row, String label, String difference, double factor) {
    String low = factor < 0 ? "_high" : "_low";
    String high = factor < 0 ? "_low" : "_high";
    return new Forest.Estimate(
        label,
        factor * table.doubles(difference)[row],
        scaled(table, "ci95" + low, row, factor),
        scaled(table, "ci95" + high, row, factor),
        scaled(table, "corrected_ci95" + low, row, factor),
        scaled(table, "corrected_ci95" + high, row, factor));
  }

  private static Optional<Double> scaled(Table table, String column, int row, double factor) {
    return Optional.ofNullable(table.optionalDoubles(column)[row]).map(v -> factor * v);
  }

  /** Returns the model with the highest mean; the first of equals. */
  String best() {
    Table summary = evidence.table("summary.arrow");
    double[] means = summary.doubles("mean");
    int best = 0;
    for (int i = 1; i < means.length; i++) {
      best = means[i] > means[best] ? i : best;
    }
    return summary.strings("model").get(best);
  }

  /** Returns the error rates of each model, all in one scale of colours. */
  Map<String, Chart> confusions() {
    Map<String, ErrorRates> rates = ErrorRates.byModel(evidence.predictions());
    double full = 10;
    for (ErrorRates ofModel : rates.values()) {
      full = Math.max(full, ofModel.highest());
    }
    Map<String, Chart> charts = new LinkedHashMap<>();
    for (Map.Entry<String, ErrorRates> entry : rates.entrySet()) {
      charts.put(
          entry.getKey(),
          HeatMap.of(
              "confusion-" + entry.getKey(),
              "Errors of " + entry.getKey() + " by pair of digits",
              "Ten rows for the first digit, ten columns for the second; each cell tells how many"
                  + " % of these pairs were answered wrong over all rounds. "
                  + entry.getValue().worst(),
              entry.getValue().cells(),
              full,
              "first digit",
              "second digit"));
    }
    return charts;
  }

  Map<String, Chart> networks() {
    Map<String, Chart> charts = new LinkedHashMap<>();
    for (Outline.Model model : outline.models()) {
      List<String> parts =
          model.network().boxes().stream()
              .map(box -> (box.title() + " " + box.figure()).strip())
              .toList();
      charts.put(
          model.name(),
          Diagram.of(
              "network-" + model.name(),
              "Network of " + model.name(),
              String.join("; ", parts) + ".",
              model.network().boxes(),
              model.network().arrows()));
    }
    return charts;
  }

  Chart pipeline() {
    List<Diagram.Box> boxes = new ArrayList<>();
    List<String> words = new ArrayList<>();
    outline
        .workflow()
        .actions()
        .forEach(
            (stage, count) -> {
              String actions = count + (count == 1 ? " action" : " actions");
              boxes.add(new Diagram.Box(stage, actions, List.of()));
              words.add(stage + " (" + actions + ")");
            });
    return Diagram.of(
        "pipeline",
        "Stages of the pipeline",
        "From top to bottom: "
            + String.join(", ", words)
            + "; an arrow leads from each stage to those that read it.",
        boxes,
        outline.workflow().arrows());
  }
}
