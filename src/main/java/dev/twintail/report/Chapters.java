package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a report tells, part by part; parts of which nothing is known are left out. */
final class Chapters {
  private final Outline outline;
  private final Evidence evidence;
  private final Figures figures;

  Chapters(Outline outline, Evidence evidence) {
    this.outline = outline;
    this.evidence = evidence;
    this.figures = new Figures(outline, evidence);
  }

  List<Chapter> all(int hardest) {
    List<Chapter> sections = new ArrayList<>();
    List<ClaimRow> claims = claims();
    if (!claims.isEmpty()) {
      sections.add(published(claims));
    }
    // An experiment may be a search alone.
    if (!figures.models().isEmpty()) {
      sections.add(models());
      List<Chart> curves = figures.curves();
      if (!curves.isEmpty()) {
        sections.add(curves(curves));
      }
      evidence.find("comparisons.arrow").ifPresent(table -> sections.add(comparisons(table)));
      evidence.find("effects.arrow").ifPresent(table -> sections.add(effects(table)));
      sections.add(confusion());
      sections.add(hardest(hardest));
      sections.add(networks());
    }
    evidence.find("sweeps.arrow").ifPresent(table -> sections.add(sweeps(table)));
    sections.add(pipeline());
    sections.add(provenance());
    return sections;
  }

  /** Says in two sentences what came out. */
  String lead() {
    Outline.Workflow workflow = outline.workflow();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, %s, %s."
            .formatted(
                counted(figures.models().size(), "model"),
                counted(outline.rounds(), "round"),
                counted(workflow.total(), "action")));
    List<ClaimRow> claims = claims();
    if (!claims.isEmpty()) {
      text.append(" Of ").append(counted(claims.size(), "published number")).append(", ");
      text.append(commonCounts(claims).words()).append(" in the common protocol");
      evidence
          .asRun()
          .ifPresent(
              tables ->
                  text.append("; as run, ")
                      .append(ClaimCounts.of(find(tables, "published.arrow")).words()));
      text.append('.');
    }
    outline.claimsRemark().ifPresent(remark -> text.append(" Of all: ").append(remark).append('.'));
    return text.toString();
  }

  private static ClaimCounts commonCounts(List<ClaimRow> claims) {
    return ClaimCounts.of(
        claims.stream().filter(c -> c.common().isPresent()).map(ClaimRow::commonVerdict).toList());
  }

  private static String counted(int count, String what) {
    return Decimal.grouped(count) + " " + what + (count == 1 ? "" : "s");
  }

  private List<ClaimRow> claims() {
    return ClaimRow.of(results(evidence.results()), evidence.asRun().map(Chapters::results));
  }

  private static ClaimRow.Results results(Map<String, Table> tables) {
    return new ClaimRow.Results(find(tables, "published.arrow"), find(tables, "evaluations.arrow"));
  }

  private static Table find(Map<String, Table> tables, String name) {
    Table table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException("Cannot find the table " + name);
    }
    return table;
  }

  private Chapter published(List<ClaimRow> claims) {
    boolean columns = outline.asRun().isPresent();
    boolean remedy = !outline.asRunRemedy().isEmpty();
    List<String> head = new ArrayList<>(List.of("Model", "Claim", "Published"));
    if (columns) {
      head.addAll(List.of("As run", "As run: one more would be in", "As run: verdict"));
    } else if (remedy) {
      head.add("As run");
    }
    head.addAll(
        List.of("Common protocol", "Common: difference", "Common: verdict", "To know of it"));
    List<List<String>> rows = new ArrayList<>();
    for (ClaimRow claim : claims) {
      List<String> row =
          new ArrayList<>(List.of(claim.model(), claim.where(), claim.claimed().claim()));
      if (columns) {
        row.add(claim.asRun().map(ClaimRow.Outcome::accuracy).orElse(""));
        row.add(claim.asRun().map(ClaimRow.Outcome::predicted).orElse(""));
        row.add(sign(claim.asRun().map(ClaimRow.Outcome::verdict).orElse("")));
      } else if (remedy) {
        row.add("not at hand");
      }
      row.add(claim.common().map(ClaimRow.Outcome::accuracy).orElse(""));
      row.add(claim.commonDifference());
      row.add(sign(claim.commonVerdict()));
      row.add(known(claim));
      rows.add(row);
    }
    List<Chapter.Fold> folds = new ArrayList<>();
    List<String> conclusions = new ArrayList<>();
    for (ClaimRow claim : claims) {
      if (!claim.conclusion().isEmpty()) {
        conclusions.add(claim.model() + " (" + claim.where() + "): " + claim.conclusion());
      }
    }
    if (!conclusions.isEmpty()) {
      folds.add(Chapter.Fold.items("What to conclude from both verdicts", conclusions));
    }
    outline
        .asRun()
        .ifPresent(
            asRun ->
                folds.add(
                    Chapter.Fold.items(
                        "Why these verdicts, as run",
                        reasons(
                            claims,
                            claim ->
                                claim
                                    .asRun()
                                    .map(o -> o.verdict() + ". " + o.reason())
                                    .orElse("")))));
    folds.add(
        Chapter.Fold.items(
            "Why these verdicts, common protocol",
            reasons(
                claims,
                claim ->
                    claim.common().isEmpty()
                        ? ""
                        : claim.commonVerdict() + ". " + claim.commonReason())));
    if (!outline.quirks().isEmpty()) {
      folds.add(Chapter.Fold.items("What the as-run protocol does otherwise", outline.quirks()));
    }
    return new Chapter(
        "published",
        "Published numbers, and what comes out",
        "Accuracies in %, mean (standard deviation) over rounds. As run is the procedure that made"
            + " the number, as far as it is known: a number is consistent if it lies where one more"
            + " mean of that procedure would be in 95 of 100 cases. The common protocol is the one"
            + " that all experiments share: a number is reproduced if the difference, ours minus"
            + " theirs in points, is shown to be within 2 points (TOST, 5 % each side), above or"
            + " below if its 95 % interval leaves out 0, else inconclusive. Other conditions: the"
            + " number is not about these data, this training, protocol or model."
            + (remedy ? " " + outline.asRunRemedy() : ""),
        List.of(new Chapter.Grid("claims", "Published numbers and ours", head, rows)),
        List.of(),
        folds);
  }

  /** Returns what to know of a claim, from both specs, each once. */
  private String known(ClaimRow claim) {
    Set<String> known = new LinkedHashSet<>();
    claim
        .common()
        .ifPresent(
            o ->
                known.add(
                    ClaimsPage.known(
                        outline.models().stream().map(Outline.Model::words).toList(),
                        claim.model(),
                        o)));
    if (claim.asRun().isPresent() && outline.asRun().isPresent()) {
      String asRun =
          ClaimsPage.known(outline.asRun().get().models(), claim.model(), claim.asRun().get());
      known.add(asRun.isEmpty() || known.contains(asRun) ? "" : "As run: " + asRun);
    }
    known.remove("");
    return String.join(" ", known);
  }

  /** Adds a sign to a verdict, so that a column is read at a glance without colours. */
  private static String sign(String verdict) {
    return switch (verdict) {
      case "reproduced" -> "✓ reproduced";
      case "consistent" -> "✓ consistent";
      case "above" -> "▲ above";
      case "below" -> "▼ below";
      case "inconclusive" -> "? inconclusive";
      case "undecided" -> "? undecided";
      case "other conditions" -> "– other conditions";
      default -> verdict;
    };
  }

  private static List<String> reasons(List<ClaimRow> claims, Function<ClaimRow, String> reason) {
    List<String> reasons = new ArrayList<>();
    for (ClaimRow claim : claims) {
      String text = reason.apply(claim);
      if (!text.isEmpty()) {
        reasons.add(claim.model() + " (" + claim.where() + "): " + text);
      }
    }
    return reasons;
  }

  private Chapter models() {
    Table summary = evidence.table("summary.arrow");
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < summary.rows(); i++) {
      rows.add(
          List.of(
              summary.strings("model").get(i),
              Decimal.grouped(summary.ints("parameters")[i]),
              Integer.toString(summary.ints("n")[i]),
              Decimal.of(100 * summary.doubles("mean")[i], 2),
              optional(summary, "std", i, 100),
              Decimal.of(100 * summary.doubles("median")[i], 2),
              Integer.toString(summary.ints("idle")[i]),
              interval(summary, "ci95", i, 100)));
    }
    List<Chapter.Fold> folds = new ArrayList<>();
    List<String> idle = RoundNotes.of(summary, evidence.table("evaluations.arrow"));
    if (!idle.isEmpty()) {
      folds.add(Chapter.Fold.items("Rounds that did not learn", idle));
    }
    List<String> remarks = new ArrayList<>();
    for (Outline.Model model : outline.models()) {
      if (!model.words().remark().isEmpty()) {
        remarks.add(model.name() + ": " + model.words().remark() + ".");
      }
    }
    if (!remarks.isEmpty()) {
      folds.add(Chapter.Fold.items("Remarks on models", remarks));
    }
    return new Chapter(
        "models",
        "Every model",
        "Test accuracy in % over the rounds, in the common protocol unless the title says otherwise, with its 95 % interval by"
            + " Student's t; parameters that are shared count once. In the first drawing bars are"
            + " ours"
            + (outline.asRun().isPresent() ? ", dashed ones as run," : "")
            + " and diamonds the published numbers, with one standard deviation to each side.",
        List.of(
            new Chapter.Grid(
                "summary",
                "Test accuracy of every model",
                List.of(
                    "Model",
                    "Parameters",
                    "Rounds",
                    "Accuracy",
                    "Standard deviation",
                    "Median",
                    "Did not learn",
                    "95 % interval"),
                rows)),
        List.of(figures.bars(), figures.boxes()),
        folds);
  }

  private static String optional(Table table, String column, int row, double factor) {
    @Nullable Double value = table.optionalDoubles(column)[row];
    return value == null ? "" : Decimal.of(factor * value, 2);
  }

  private static String interval(Table table, String name, int row, double factor) {
    @Nullable Double low = table.optionalDoubles(name + "_low")[row];
    @Nullable Double high = table.optionalDoubles(name + "_high")[row];
    return low == null || high == null
        ? ""
        : "[" + Decimal.of(factor * low, 2) + ", " + Decimal.of(factor * high, 2) + "]";
  }

  private static Chapter curves(List<Chart> charts) {
    return new Chapter(
        "curves",
        "Learning, epoch by epoch",
        "Accuracy in % of the whole network after each epoch, mean over the rounds in a band of one"
            + " standard deviation: the full line on the validation pairs, which are never learnt"
            + " from, the dashed one on the training pairs while they are learnt. All drawings have"
            + " the same axes.",
        List.of(),
        charts,
        List.of());
  }

  private Chapter comparisons(Table table) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < table.rows(); i++) {
      rows.add(
          List.of(
              table.strings("model_a").get(i) + " − " + table.strings("model_b").get(i),
              Decimal.signed(100 * table.doubles("difference")[i], 2),
              interval(table, "ci95", i, 100),
              interval(table, "corrected_ci95", i, 100),
              p(table, "paired_t_p_holm", i),
              p(table, "wilcoxon_p_holm", i),
              p(table, "sign_flip_p_holm", i),
              p(table, "corrected_t_p_holm", i)));
    }
    Chapter.Grid grid =
        new Chapter.Grid(
            "comparisons-table",
            "Differences between models on the same pairs",
            List.of(
                "Difference",
                "Points",
                "95 % interval",
                "95 %, Nadeau–Bengio",
                "p, paired t",
                "p, Wilcoxon",
                "p, sign flip",
                "p, Nadeau–Bengio"),
            rows);
    List<Chapter.Fold> folds = new ArrayList<>();
    folds.add(Chapter.Fold.grid("All " + counted(table.rows(), "comparison"), grid));
    refusals(table).ifPresent(folds::add);
    return new Chapter(
        "comparisons",
        "Model against model",
        "Mean differences of test accuracy in points, round by round on the same pairs, with 95 %"
            + " intervals by Student's t. The wider line is Nadeau's and Bengio's interval: it"
            + " allows for rounds that are not independent. p values are adjusted by Holm over all"
            + " pairs of models.",
        List.of(),
        figures.behind().stream().toList(),
        folds);
  }

  private static String p(Table table, String column, int row) {
    @Nullable Double p = table.optionalDoubles(column)[row];
    if (p == null) {
      return "";
    }
    return p < 1e-4 ? "< 0.0001" : Decimal.of(p, 4);
  }

  private Chapter effects(Table table) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < table.rows(); i++) {
      rows.add(
          List.of(
              table.strings("design").get(i) + ": " + table.strings("effect").get(i),
              Decimal.signed(table.doubles("estimate")[i], 2),
              interval(table, "ci95", i, 1),
              interval(table, "corrected_ci95", i, 1),
              p(table, "paired_t_p_holm", i)));
    }
    return new Chapter(
        "effects",
        "What sharing and the auxiliary loss do",
        "Effects in points of test accuracy in the 2×2 designs of models with and without weight"
            + " sharing and with and without the auxiliary loss; the interaction is what both"
            + " together do beyond the sum. 95 % intervals by Student's t, the wider ones Nadeau's"
            + " and Bengio's; p by the paired t-test, adjusted by Holm.",
        List.of(
            new Chapter.Grid(
                "effects-table",
                "Effects in points",
                List.of("Effect", "Points", "95 % interval", "95 %, Nadeau–Bengio", "p, paired t"),
                rows)),
        figures.effects(),
        refusals(table).stream().toList());
  }

  /** Returns what tests could not have shown with so few rounds, each reason once. */
  private static Optional<Chapter.Fold> refusals(Table table) {
    Set<String> reasons = new LinkedHashSet<>();
    for (String refusal : table.optionalStrings("refusal")) {
      if (refusal != null) {
        reasons.add(refusal);
      }
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(Chapter.Fold.items("What these rounds cannot show", List.copyOf(reasons)));
  }

  private Chapter confusion() {
    Map<String, Chart> charts = figures.confusions();
    String best = figures.best();
    Chart ofBest = charts.get(best);
    List<Chapter.Fold> folds = new ArrayList<>();
    charts.forEach(
        (model, chart) -> {
          if (!model.equals(best)) {
            folds.add(Chapter.Fold.chart(model, chart));
          }
        });
    return new Chapter(
        "confusion",
        "Errors by pair of digits",
        "How many % of the test pairs with these digits were answered wrong, over all rounds: the"
            + " number in each cell, darker where it is higher, in one scale for all models. First "
            + best
            + ", the best; the others unfold.",
        List.of(),
        ofBest == null ? List.of() : List.of(ofBest),
        folds);
  }

  private static Chapter hardest(int count) {
    return new Chapter(
        "hardest",
        "The hardest pairs",
        count == 0
            ? "No test pair was answered wrong."
            : "The test pairs that the largest share of models answered wrong; between equals,"
                + " first those of whose right answer models were less sure.",
        List.of(),
        List.of(),
        List.of());
  }

  private Chapter networks() {
    List<Chapter.Fold> folds = new ArrayList<>();
    String best = figures.best();
    List<Chart> first = new ArrayList<>();
    figures
        .networks()
        .forEach(
            (model, chart) -> {
              if (model.equals(best)) {
                first.add(chart);
              } else {
                folds.add(Chapter.Fold.chart(model, chart));
              }
            });
    return new Chapter(
        "networks",
        "The networks",
        "Layers from top to bottom with the shape that they put out and their trainable parameters."
            + " First the best model's; the others unfold.",
        List.of(),
        first,
        folds);
  }

  private static Chapter sweeps(Table table) {
    Map<String, List<List<String>>> bySweep = new LinkedHashMap<>();
    for (int i = 0; i < table.rows(); i++) {
      String step = "step " + table.ints("step")[i] + ", candidate " + table.ints("candidate")[i];
      bySweep
          .computeIfAbsent(table.strings("sweep").get(i), s -> new ArrayList<>())
          .add(
              List.of(
                  step,
                  table.strings("setting").get(i),
                  Integer.toString(table.ints("n")[i]),
                  Decimal.of(100 * table.doubles("validation_accuracy")[i], 2),
                  optional(table, "std", i, 100),
                  table.ints("chosen")[i] == 1 ? "✓ chosen" : ""));
    }
    List<Chapter.Fold> folds = new ArrayList<>();
    bySweep.forEach(
        (sweep, rows) ->
            folds.add(
                Chapter.Fold.grid(
                    sweep + ": " + counted(rows.size(), "candidate"),
                    new Chapter.Grid(
                        "sweep-" + sweep,
                        "Candidates of " + sweep,
                        List.of(
                            "Candidate",
                            "Setting",
                            "Rounds",
                            "Validation accuracy",
                            "Standard deviation",
                            "Choice"),
                        rows))));
    return new Chapter(
        "sweeps",
        "The searches",
        "What was tried, step by step, and which candidate had the highest mean accuracy in % on"
            + " the validation pairs, which are never learnt from.",
        List.of(),
        List.of(),
        folds);
  }

  private Chapter pipeline() {
    Outline.Workflow workflow = outline.workflow();
    List<String> head = new ArrayList<>(List.of("Model"));
    head.addAll(workflow.actions().keySet());
    List<List<String>> rows = new ArrayList<>();
    workflow
        .perModel()
        .forEach(
            (model, counts) -> {
              List<String> row = new ArrayList<>(List.of(model));
              for (String stage : workflow.actions().keySet()) {
                Integer count = counts.get(stage);
                row.add(count == null ? "" : count.toString());
              }
              rows.add(row);
            });
    List<String> total = new ArrayList<>(List.of("Actions, each once"));
    workflow.actions().values().forEach(count -> total.add(count.toString()));
    rows.add(total);
    return new Chapter(
        "pipeline",
        "The pipeline",
        "Actions of each stage; models share those that are equal. What the last run executed and"
            + " what it reused depends on the store, so it stands beside this page, in run.md.",
        List.of(new Chapter.Grid("actions", "Actions that each model needs, by stage", head, rows)),
        List.of(figures.pipeline()),
        List.of());
  }

  private Chapter provenance() {
    List<Chapter.Grid> results = new ArrayList<>();
    Map<String, List<List<String>>> folders = new LinkedHashMap<>();
    outline
        .artifacts()
        .forEach(
            (name, digest) ->
                folders
                    .computeIfAbsent(name.substring(0, name.indexOf('/')), f -> new ArrayList<>())
                    .add(artifact(name, digest, outline.arguments())));
    outline
        .asRun()
        .ifPresent(
            asRun ->
                asRun
                    .digests()
                    .forEach(
                        (name, digest) ->
                            folders
                                .computeIfAbsent("results", f -> new ArrayList<>())
                                .add(
                                    List.of(
                                        asRun.name() + " " + name,
                                        digest,
                                        get(name, asRun.arguments())))));
    List<Chapter.Fold> folds = new ArrayList<>();
    folders.forEach(
        (folder, rows) -> {
          Chapter.Grid grid =
              new Chapter.Grid(
                  "artifacts-" + folder,
                  "Artifacts in " + folder,
                  List.of("Artifact", "SHA-256", "Fetched by"),
                  rows);
          if (folder.equals("results")) {
            results.add(grid);
          } else {
            folds.add(Chapter.Fold.grid(folder + ": " + counted(rows.size(), "artifact"), grid));
          }
        });
    List<List<String>> environment = new ArrayList<>();
    outline.environment().forEach((key, value) -> environment.add(List.of(key, value)));
    if (!environment.isEmpty()) {
      folds.add(
          Chapter.Fold.grid(
              "What the bits depend on",
              new Chapter.Grid(
                  "environment", "Numeric environment", List.of("Name", "Value"), environment)));
    }
    return new Chapter(
        "provenance",
        "What everything was made of",
        "Every artifact by the SHA-256 of its bytes. A command fetches it from the store and checks"
            + " it; ‘twintail lineage DIGEST’ tells what it was made from.",
        results,
        List.of(),
        folds);
  }

  private static List<String> artifact(String name, String digest, String arguments) {
    return List.of(name, digest, get(name, arguments));
  }

  private static String get(String name, String arguments) {
    return "twintail get " + arguments + " " + name + " -o out";
  }
}
