package dev.twintail.report;

import dev.twintail.report.chart.Boxes;
import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Claims;
import dev.twintail.report.chart.Curves;
import dev.twintail.report.chart.Decimal;
import dev.twintail.report.chart.Diagram;
import dev.twintail.report.chart.Forest;
import dev.twintail.report.chart.HeatMap;
import dev.twintail.report.chart.Spreads;
import dev.twintail.result.Table;
import dev.twintail.stats.Interval;
import dev.twintail.stats.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

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

  /**
   * Returns every claim beside what comes out; without claims the accuracy of every model. All
   * intervals are those of a mean, by Student's t.
   */
  Chart claims(List<ClaimRow> claims) {
    List<Claims.ClaimEstimates> rows =
        claims.isEmpty()
            ? TableRow.of(evidence.table("summary.arrow")).stream().map(Figures::row).toList()
            : claims.stream().map(Figures::row).toList();
    return Claims.of(
        "accuracy",
        claims.isEmpty() ? "Accuracy of every model" : "What was published, and what comes out",
        claims.isEmpty()
            ? "For each model its mean accuracy over the rounds as a square, with its 95 % interval"
                + " by Student's t."
            : "For each published number, as an open diamond, our accuracy "
                + protocols(claims)
                + ", each a mean with its 95 % interval by Student's t; the band reaches one margin"
                + " to each side of the published number. A disc agrees with it, a triangle is above"
                + " or below, a ring is undecided, a square is not compared. All numbers are in the"
                + " table.",
        rows,
        100,
        claims.isEmpty() ? PERCENT : "accuracy in %");
  }

  private static String protocols(List<ClaimRow> claims) {
    List<String> protocols = new ArrayList<>();
    if (claims.stream().anyMatch(c -> c.common().isPresent())) {
      protocols.add("in the common protocol");
    }
    if (claims.stream().anyMatch(c -> c.asRun().isPresent())) {
      protocols.add("as its authors ran it");
    }
    return String.join(" and ", protocols);
  }

  private static Claims.ClaimEstimates row(TableRow row) {
    return new Claims.ClaimEstimates(
        row.text("model"),
        Optional.empty(),
        List.of(
            new Claims.Value(
                100 * row.number("mean"),
                row.interval("ci95", 100),
                Claims.Mark.ALONE,
                row.percent("mean"))));
  }

  private static Claims.ClaimEstimates row(ClaimRow claim) {
    List<Claims.Value> values = new ArrayList<>();
    ClaimRow.EvaluatedClaim claimed = claim.claimed();
    values.add(
        value(
            claimed.judgement().claim(), claimed.claimInterval(), Claims.Mark.CLAIM, "published"));
    claim
        .common()
        .ifPresent(
            o ->
                values.add(
                    value(
                        o.tables().all(),
                        o.interval(),
                        mark(claim.commonVerdict()),
                        VerdictMark.of(claim.commonVerdict()).words())));
    claim
        .asRun()
        .ifPresent(
            o ->
                values.add(
                    value(
                        o.tables().all(),
                        o.interval(),
                        mark(o.verdict()),
                        VerdictMark.of(o.verdict()).asRunWords())));
    boolean judged =
        claim.common().or(claim::asRun).filter(ClaimRow.EvaluatedClaim::isJudged).isPresent();
    return new Claims.ClaimEstimates(
        claim.model() + " · " + claim.where(),
        judged ? Optional.of(claimed.judgement().margin()) : Optional.empty(),
        values);
  }

  private static Claims.Value value(
      Sample sample, Optional<Interval> interval, Claims.Mark mark, String words) {
    return new Claims.Value(
        sample.mean(), interval, mark, Decimal.of(sample.mean(), 2) + " " + words);
  }

  private static Claims.Mark mark(String verdict) {
    return switch (VerdictMark.of(verdict)) {
      case REPRODUCED, CONSISTENT -> Claims.Mark.AGREES;
      case ABOVE -> Claims.Mark.ABOVE;
      case BELOW -> Claims.Mark.BELOW;
      case INCONCLUSIVE, UNDECIDED -> Claims.Mark.OPEN;
      case OTHER_CONDITIONS, NONE -> Claims.Mark.ALONE;
    };
  }

  /**
   * Returns how far the rounds of each model scatter, and how many it takes to tell a point; empty
   * where no model scatters.
   */
  Optional<Chart> spreads(Map<String, Spread> spreads) {
    return spread(
        "spread",
        "Deviation from round to round",
        "A bar for each model: the standard deviation of its test accuracy from round to round, in"
            + " points. At the right, how many rounds of each of two such models tell a difference"
            + " of 1 point in 80 of 100 cases.",
        spreads,
        "rounds to tell 1 point");
  }

  /** Returns where the variance of rounds comes from that share a draw; empty without such. */
  Optional<Chart> variance(String name, String protocol, Map<String, Spread> spreads) {
    return spread(
        name,
        "Where the variance comes from" + protocol,
        "A bar for each model: the standard deviation of its test accuracy from round to round with"
            + " everything new, in points. Its first part is the share of the variance that the"
            + " draw of the pairs makes; what is left is initial weights, order and all else. At"
            + " the right, how many tables of each of two such models tell a difference of 1 point"
            + " in 80 of 100 cases.",
        spreads,
        "tables to tell 1 point");
  }

  private static Optional<Chart> spread(
      String name, String title, String description, Map<String, Spread> spreads, String figures) {
    if (spreads.isEmpty()) {
      return Optional.empty();
    }
    List<Spreads.SpreadRow> rows = new ArrayList<>();
    spreads.forEach(
        (model, spread) ->
            rows.add(
                new Spreads.SpreadRow(
                    model,
                    spread.std(),
                    spread.ofPairs().orElse(0.0),
                    spread.forOnePoint().map(Decimal::grouped).orElse(""))));
    return Optional.of(
        Spreads.of(
            name, title, description, rows, "standard deviation of a round, in points", figures));
  }

  Chart boxes() {
    List<Boxes.BoxedValues> rows = new ArrayList<>();
    Spread.accuracies(evidence.table("evaluations.arrow"))
        .forEach((model, values) -> rows.add(new Boxes.BoxedValues(model, values)));
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
  Map<String, Chart> curves(LearningCurves learning) {
    return each(
        learning.accuracies(),
        (model, lines) ->
            Curves.of(
                "curves-" + model,
                "Accuracy over epochs of " + model,
                described(lines),
                lines,
                learning.span(),
                "accuracy in %"));
  }

  /** Returns the same small, by model. */
  Map<String, Chart> smallCurves(LearningCurves learning) {
    return each(
        learning.accuracies(),
        (model, lines) ->
            Curves.small(
                "small-curves-" + model,
                "Accuracy over epochs of " + model,
                described(lines),
                lines,
                learning.span()));
  }

  private static <T> Map<String, Chart> each(
      Map<String, T> byModel, BiFunction<String, T, Chart> drawing) {
    Map<String, Chart> charts = new LinkedHashMap<>();
    byModel.forEach((model, ofModel) -> charts.put(model, drawing.apply(model, ofModel)));
    return charts;
  }

  private static String described(List<Curves.Curve> lines) {
    StringBuilder description =
        new StringBuilder("Mean over the rounds, in bands of one standard deviation.");
    for (Curves.Curve line : lines) {
      Curves.CurvePoint first = line.points().get(0);
      Curves.CurvePoint last = line.points().get(line.points().size() - 1);
      description.append(
          " On the %s pairs from %s %% after epoch %s to %s %% after epoch %s."
              .formatted(
                  line.label(),
                  Decimal.of(first.mean(), 1),
                  first.epoch(),
                  Decimal.of(last.mean(), 1),
                  last.epoch()));
    }
    return description.toString();
  }

  /** Returns the differences of all models to the best one, best first; empty without them. */
  Optional<Chart> behind() {
    Optional<Table> comparisons = evidence.find("comparisons.arrow");
    if (comparisons.isEmpty()) {
      return Optional.empty();
    }
    String best = best();
    List<Forest.PlottedEstimate> rows = new ArrayList<>();
    for (TableRow row : TableRow.of(comparisons.get())) {
      String a = row.text("model_a");
      String b = row.text("model_b");
      if (a.equals(best)) {
        rows.add(row(row, b + " − " + a, "difference", -100));
      } else if (b.equals(best)) {
        rows.add(row(row, a + " − " + b, "difference", 100));
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
    Map<String, List<Forest.PlottedEstimate>> byDesign = new LinkedHashMap<>();
    for (TableRow row : evidence.find("effects.arrow").map(TableRow::of).orElse(List.of())) {
      byDesign
          .computeIfAbsent(row.text("design"), d -> new ArrayList<>())
          .add(row(row, row.text("effect"), "estimate", 1));
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

  private static Forest.PlottedEstimate row(
      TableRow row, String label, String difference, double factor) {
    return new Forest.PlottedEstimate(
        label,
        factor * row.number(difference),
        row.interval("ci95", factor),
        row.interval("corrected_ci95", factor));
  }

  /** Returns the model with the highest mean; the first of equals. */
  String best() {
    return ranked().get(0);
  }

  /** Returns the models from the highest mean to the lowest; equals in their order. */
  List<String> ranked() {
    return League.ranked(evidence.table("summary.arrow")).stream()
        .map(row -> row.text("model"))
        .toList();
  }

  /** Returns the error rates of each model, all in one scale of colours. */
  Map<String, Chart> confusions(Map<String, ErrorRates> rates) {
    double full = full(rates);
    return each(
        rates,
        (model, ofModel) ->
            HeatMap.of(
                "confusion-" + model,
                "Errors of " + model + " by pair of classes",
                described(ofModel),
                ofModel.cells(),
                full,
                "first image",
                "second image"));
  }

  /** Returns the same small, without numbers. */
  Map<String, Chart> smallConfusions(Map<String, ErrorRates> rates) {
    double full = full(rates);
    return each(
        rates,
        (model, ofModel) ->
            HeatMap.small(
                "small-confusion-" + model,
                "Errors of " + model + " by pair of classes",
                described(ofModel),
                ofModel.cells(),
                full));
  }

  private static String described(ErrorRates rates) {
    return "A row for each class of the first image, a column for each of the second; each cell"
        + " tells how many % of these pairs were answered wrong over all rounds. "
        + rates.worst();
  }

  private static double full(Map<String, ErrorRates> rates) {
    return Math.max(10, rates.values().stream().mapToDouble(ErrorRates::highest).max().orElse(0));
  }

  Map<String, Chart> networks() {
    Map<String, Chart> charts = new LinkedHashMap<>();
    for (Outline.OutlinedModel model : outline.models()) {
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
    List<Diagram.Block> boxes = new ArrayList<>();
    List<String> words = new ArrayList<>();
    outline
        .workflow()
        .actions()
        .forEach(
            (stage, count) -> {
              String actions = count + (count == 1 ? " action" : " actions");
              boxes.add(new Diagram.Block(stage, actions, List.of()));
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
