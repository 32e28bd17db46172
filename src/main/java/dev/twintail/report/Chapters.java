package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.LeaveOneOut;
import dev.twintail.stats.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a report tells, part by part; parts of which nothing is known are left out. */
final class Chapters {
  private static final String RESULTS = "results/";

  /** So many rows of comparisons a page shows; all pairs of 15 models are 105. */
  private static final int MOST_COMPARISONS = 105;

  private static final String COMMON =
      " In the common protocol, which all experiments share, a number is reproduced if the"
          + " difference is shown to be within the band (TOST, 5 % each side), above or below if"
          + " its 95 % interval leaves out 0, else inconclusive.";

  private final Outline outline;
  private final Evidence evidence;
  private final Figures figures;
  private final List<ClaimRow> claims;
  private final LearningCurves learning;
  private final Map<String, ErrorRates> errors;
  private final Set<String> ofTables;

  Chapters(Outline outline, Evidence evidence) {
    this.outline = outline;
    this.evidence = evidence;
    this.figures = new Figures(outline, evidence);
    this.claims = ClaimRow.of(results(evidence.results()), evidence.asRun().map(Chapters::results));
    this.learning =
        evidence.find("curves.arrow").map(LearningCurves::of).orElseGet(LearningCurves::none);
    this.errors = ErrorRates.byModel(evidence.predictions(), outline.data().classes());
    this.ofTables = ofTables(evidence.table("evaluations.arrow"));
  }

  List<Chapter> all(int hardest) {
    List<Chapter> sections = new ArrayList<>();
    // An experiment may be a search alone.
    if (!figures.models().isEmpty()) {
      sections.add(results());
      if (!learning.isEmpty()) {
        sections.add(curves());
      }
      evidence.find("comparisons.arrow").ifPresent(table -> sections.add(comparisons(table)));
      evidence.find("effects.arrow").ifPresent(table -> sections.add(effects(table)));
      sections.add(spread());
      sections.add(confusion());
      sections.add(hardest(hardest));
      sections.add(networks());
    }
    if (!evidence.opinions().isEmpty()) {
      sections.add(SecondEngine.chapter(evidence.opinions()));
    }
    authorsRounds().ifPresent(rounds -> sections.add(rounds.chapter()));
    if (evidence.find("searches.arrow").isPresent()) {
      sections.add(
          new Searches(evidence.table("searches.arrow"), evidence.table("sweeps.arrow")).chapter());
    }
    sections.add(provenance());
    return sections;
  }

  /** Returns the rounds that the authors recorded, of whichever experiment has them. */
  private Optional<AuthorsRounds> authorsRounds() {
    return Stream.concat(Stream.of(evidence.results()), evidence.asRun().stream())
        .filter(tables -> tables.containsKey("records.arrow"))
        .findFirst()
        .map(
            tables ->
                new AuthorsRounds(
                    Evidence.table(tables, "records.arrow"),
                    Evidence.table(tables, "correlations.arrow")));
  }

  /** Returns the published numbers, those as run first. */
  List<ClaimRow> claims() {
    return claims;
  }

  Figures figures() {
    return figures;
  }

  LearningCurves learning() {
    return learning;
  }

  Map<String, ErrorRates> errors() {
    return errors;
  }

  /** Says in two sentences what came out. */
  String lead() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, %s, %s."
            .formatted(
                counted(figures.models().size(), "model"),
                counted(outline.rounds(), "round"),
                counted(outline.workflow().total(), "action")));
    if (!claims.isEmpty()) {
      text.append(" Of ").append(counted(claims.size(), "published number")).append(", ");
      if (tellsCommon()) {
        text.append(commonCounts().words()).append(" in the common protocol");
        text.append(tellsAsRun() ? "; as run, " + asRunCounts().words() : "");
      } else {
        text.append(asRunCounts().words()).append(", as run");
      }
      text.append('.');
    }
    outline.claimsRemark().ifPresent(remark -> text.append(" Of all: ").append(remark).append('.'));
    return text.toString();
  }

  /** Returns whether a claim is told of in the common protocol; a page as run has none. */
  boolean tellsCommon() {
    return claims.stream().anyMatch(c -> c.common().isPresent());
  }

  /** Returns whether a claim is told of as its authors ran it. */
  boolean tellsAsRun() {
    return claims.stream().anyMatch(c -> c.asRun().isPresent());
  }

  ClaimCounts commonCounts() {
    return ClaimCounts.of(
        claims.stream().filter(c -> c.common().isPresent()).map(ClaimRow::commonVerdict).toList());
  }

  ClaimCounts asRunCounts() {
    return ClaimCounts.of(
        claims.stream()
            .flatMap(c -> c.asRun().stream())
            .map(ClaimRow.EvaluatedClaim::verdict)
            .toList());
  }

  static String counted(int count, String what) {
    return counted(count, what, what + "s");
  }

  static String counted(int count, String one, String more) {
    return Decimal.grouped(count) + " " + (count == 1 ? one : more);
  }

  private static ClaimTables results(Map<String, Table> tables) {
    return new ClaimTables(
        Evidence.table(tables, "published.arrow"), Evidence.table(tables, "evaluations.arrow"));
  }

  private Chapter results() {
    Table summary = evidence.table("summary.arrow");
    List<Chapter.Grid> grids = new ArrayList<>();
    List<Chapter.Fold> folds = new ArrayList<>();
    if (!claims.isEmpty()) {
      grids.add(claimsGrid());
      folds.add(Chapter.Fold.items("Why each verdict", reasons()));
    }
    grids.add(summaryGrid(summary));
    if (!outline.quirks().isEmpty()) {
      folds.add(Chapter.Fold.items("What the as-run protocol does otherwise", outline.quirks()));
    }
    List<String> idle = RoundNotes.of(summary, evidence.table("evaluations.arrow"));
    if (!idle.isEmpty()) {
      folds.add(Chapter.Fold.items("Rounds that did not learn", idle));
    }
    return new Chapter(
        "results",
        claims.isEmpty() ? "What comes out" : "What was published, and what comes out",
        resultsLead(),
        grids,
        List.of(figures.claims(claims)),
        folds);
  }

  private String resultsLead() {
    if (claims.isEmpty()) {
      return "Mean test accuracy in % over the rounds, with its 95 % interval by Student's t.";
    }
    return "Accuracies in %, means over the rounds; intervals are those of a mean, 95 % by Student's"
        + " t, and none where rounds share something that nothing tells the spread of. The band"
        + " reaches 2 points to each side of what was published."
        + (tellsCommon() ? COMMON : "")
        + " As run is the procedure that made the number, as far as it is known: a"
        + " number is consistent if one more mean of that procedure would be there in 95 of 100"
        + " cases. Other conditions: the number is not about these data, this training, protocol or"
        + " model."
        + (outline.asRunRemedy().isEmpty() ? "" : " " + outline.asRunRemedy());
  }

  private Chapter.Grid claimsGrid() {
    boolean remedy = !outline.asRunRemedy().isEmpty();
    List<String> head = new ArrayList<>(List.of("Model", "Claim", "Published"));
    if (tellsAsRun()) {
      head.addAll(List.of("As run", "As run: one more would be in", "As run: verdict"));
    } else if (remedy) {
      head.add("As run");
    }
    if (tellsCommon()) {
      head.addAll(List.of("Common protocol", "Common: difference", "Common: verdict"));
    }
    head.add("To know of it");
    List<List<String>> rows = new ArrayList<>();
    for (ClaimRow claim : claims) {
      List<String> row =
          new ArrayList<>(List.of(claim.model(), claim.where(), claim.claimed().claim()));
      if (tellsAsRun()) {
        row.add(claim.asRun().map(ClaimRow.EvaluatedClaim::accuracy).orElse(""));
        row.add(claim.asRun().map(ClaimRow.EvaluatedClaim::predicted).orElse(""));
        row.add(claim.asRun().map(o -> VerdictMark.of(o.verdict()).words()).orElse(""));
      } else if (remedy) {
        row.add("not at hand");
      }
      if (tellsCommon()) {
        row.add(claim.common().map(ClaimRow.EvaluatedClaim::accuracy).orElse(""));
        row.add(claim.commonDifference());
        row.add(VerdictMark.of(claim.commonVerdict()).words());
      }
      row.add(known(claim));
      rows.add(row);
    }
    return new Chapter.Grid("claims", "Published numbers and ours", head, rows);
  }

  private static Chapter.Grid summaryGrid(Table summary) {
    List<List<String>> rows = new ArrayList<>();
    for (TableRow row : TableRow.of(summary)) {
      rows.add(
          List.of(
              row.text("model"),
              Decimal.grouped(row.whole("parameters")),
              Integer.toString(row.whole("n")),
              row.percent("mean"),
              row.optional("std").map(std -> Decimal.of(100 * std, 2)).orElse(""),
              row.percent("median"),
              Integer.toString(row.whole("idle")),
              row.ends("ci95")));
    }
    return new Chapter.Grid(
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
        rows);
  }

  /** Returns what to know of a claim, from both specs, each once. */
  String known(ClaimRow claim) {
    Set<String> known = new LinkedHashSet<>();
    List<ClaimsPage.ClaimedModel> own =
        outline.models().stream().map(Outline.OutlinedModel::words).toList();
    claim.common().ifPresent(o -> known.add(ClaimsPage.known(own, claim.model(), o)));
    if (claim.asRun().isPresent()) {
      String asRun =
          ClaimsPage.known(
              outline.asRun().map(Outline.AsRun::models).orElse(own),
              claim.model(),
              claim.asRun().get());
      boolean told = asRun.isEmpty() || known.contains(asRun);
      known.add(told ? "" : (tellsCommon() ? "As run: " : "") + asRun);
    }
    known.remove("");
    return String.join(" ", known);
  }

  /** Returns of each claim what decided, and what to conclude where both questions were asked. */
  private List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    for (ClaimRow claim : claims) {
      StringBuilder text = new StringBuilder();
      text.append(claim.model()).append(" (").append(claim.where()).append("): ");
      if (!claim.conclusion().isEmpty()) {
        text.append(claim.conclusion()).append(' ');
      }
      claim
          .asRun()
          .ifPresent(
              o -> text.append("As run, ").append(o.verdict()).append(". ").append(o.reason()));
      if (claim.common().isPresent()) {
        text.append(claim.asRun().isPresent() ? " " : "")
            .append("Common protocol, ")
            .append(claim.commonVerdict())
            .append(". ")
            .append(claim.commonReason());
      }
      reasons.add(text.toString());
    }
    return reasons;
  }

  private Chapter curves() {
    return Chapter.ofCharts(
        "curves",
        "Learning, epoch by epoch",
        "Accuracy in % of the whole network after each epoch, mean over the rounds in a band of one"
            + " standard deviation: the full line on the validation pairs, which are never learnt"
            + " from, the dashed one on the training pairs while they are learnt. All drawings have"
            + " the same axes.",
        figures.curves(learning).values());
  }

  private Chapter comparisons(Table table) {
    List<List<String>> rows = new ArrayList<>();
    for (TableRow row : TableRow.of(table)) {
      rows.add(
          List.of(
              row.text("model_a") + " − " + row.text("model_b"),
              row.points("difference"),
              row.ends("ci95"),
              row.ends("corrected_ci95"),
              p(row, "paired_t_p_holm"),
              p(row, "wilcoxon_p_holm"),
              p(row, "sign_flip_p_holm"),
              p(row, "corrected_t_p_holm")));
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
    folds.add(
        table.rows() > MOST_COMPARISONS
            ? Chapter.Fold.items(
                "All " + counted(table.rows(), "comparison"),
                List.of("Too many for a page: they are in comparisons.csv."))
            : Chapter.Fold.grid("All " + counted(table.rows(), "comparison"), grid));
    refusals(table, "model_a").ifPresent(folds::add);
    return new Chapter(
        "comparisons",
        "Model against model",
        "Mean differences of test accuracy in points, round by round on the same pairs, with 95 %"
            + " intervals by Student's t. The wider line is Nadeau's and Bengio's interval: it"
            + " allows for rounds that are not independent. p values are adjusted by Holm over all"
            + " pairs of models."
            + (ofTables.isEmpty()
                ? ""
                : " Of models with several tables, the means of tables stand for rounds."),
        List.of(),
        figures.behind().stream().toList(),
        folds);
  }

  private static String p(TableRow row, String column) {
    return row.optional(column).map(p -> p < 1e-4 ? "< 0.0001" : Decimal.of(p, 4)).orElse("");
  }

  private Chapter effects(Table table) {
    List<List<String>> rows = new ArrayList<>();
    for (TableRow row : TableRow.of(table)) {
      rows.add(
          List.of(
              row.text("design") + ": " + row.text("effect"),
              Decimal.signed(row.number("estimate"), 2),
              row.ends("ci95", 1),
              row.ends("corrected_ci95", 1),
              p(row, "paired_t_p_holm")));
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
        refusals(table, "neither").stream().toList());
  }

  /**
   * Returns what tests could not have shown with so few rounds, each reason once. The reasons speak
   * of rounds, whatever was tested; of models with several tables that is the means of tables.
   *
   * @param model the column that tells of which model a row is
   */
  private Optional<Chapter.Fold> refusals(Table table, String model) {
    Set<String> units = new LinkedHashSet<>();
    Set<String> reasons = new LinkedHashSet<>();
    for (TableRow row : TableRow.of(table)) {
      String reason = row.optionalText("refusal");
      if (!reason.isEmpty()) {
        boolean tables = ofTables.contains(row.text(model));
        units.add(tables ? "tables" : "rounds");
        reasons.add(tables ? reason.replace("round", "table") : reason);
      }
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Chapter.Fold.items(
                "What these " + String.join(" and ", units) + " cannot show",
                List.copyOf(reasons)));
  }

  /** Returns the models whose rounds are of several tables. */
  private static Set<String> ofTables(Table evaluations) {
    Set<String> models = new LinkedHashSet<>();
    int[] tables = evaluations.ints("table");
    List<String> names = evaluations.strings("model");
    for (int i = 0; i < tables.length; i++) {
      if (tables[i] > 1) {
        models.add(names.get(i));
      }
    }
    return models;
  }

  private Chapter spread() {
    Table evaluations = evidence.table("evaluations.arrow");
    Map<String, Spread> rounds = Spread.ofRounds(evaluations, evidence.find("variance.arrow"));
    Map<String, Spread> tables =
        evidence.find("variance.arrow").map(Spread::ofTables).orElse(Map.of());
    Map<String, Spread> asRun =
        evidence
            .asRun()
            .flatMap(all -> Optional.ofNullable(all.get("variance.arrow")))
            .map(Spread::ofTables)
            .orElse(Map.of());
    List<Chart> charts = new ArrayList<>(List.of(figures.boxes()));
    figures.spreads(rounds).ifPresent(charts::add);
    figures.variance("variance", "", tables).ifPresent(charts::add);
    figures.variance("variance-as-run", ", as run", asRun).ifPresent(charts::add);
    StringBuilder text =
        new StringBuilder("Every round is a dot; boxes span the middle half, a line the median.");
    Spread.range(rounds)
        .ifPresent(
            range ->
                text.append(
                    (" To tell that two models differ by 1 point, in 80 of 100 cases and at 5 %%, takes"
                            + " %s rounds of each, after how far they scatter%s.")
                        .formatted(
                            range,
                            paired(evaluations)
                                .map(words -> "; on the same pairs other numbers do: " + words)
                                .orElse(""))));
    Spread.range(tables.isEmpty() ? asRun : tables)
        .ifPresent(
            range ->
                text.append(
                    (" Where the rounds of a table share their pairs%s more rounds do not help beyond"
                            + " the draw: it takes %s tables of each.")
                        .formatted(tables.isEmpty() ? ", as run," : ",", range)));
    leaveOneOut().ifPresent(words -> text.append(' ').append(words));
    return Chapter.ofCharts("spread", "How far rounds scatter", text.toString(), charts);
  }

  /** Tells how many rounds the two best models need on the same pairs. */
  private Optional<String> paired(Table evaluations) {
    List<String> ranked = figures.ranked();
    if (ranked.size() < 2 || evidence.find("comparisons.arrow").isEmpty()) {
      return Optional.empty();
    }
    return Spread.pairedRounds(evaluations, ranked.get(0), ranked.get(1))
        .map(
            n ->
                "%s for %s and %s, by the spread of their differences"
                    .formatted(Decimal.grouped(n), ranked.get(0), ranked.get(1)));
  }

  /** Tells how often tables of ours are called strangers among each other; meant are 5 in 100. */
  private Optional<String> leaveOneOut() {
    Map<String, Tables> tables = new LinkedHashMap<>(); // A model may have several claims.
    double margin = 0;
    for (ClaimRow claim : claims) {
      Optional<ClaimRow.EvaluatedClaim> asRun =
          claim.asRun().filter(o -> o.isJudged() && o.tables().count() > 1);
      if (asRun.isPresent()) {
        tables.putIfAbsent(claim.model(), asRun.get().tables());
        margin = asRun.get().judgement().margin();
      }
    }
    if (tables.isEmpty()) {
      return Optional.empty();
    }
    LeaveOneOut left = LeaveOneOut.of(List.copyOf(tables.values()), margin);
    return Optional.of(
        ("As run, each of our tables was judged by the others as if it were"
                + " published: %s of %s were called above or below; 5 in 100 are meant.")
            .formatted(left.alarms(), Decimal.grouped(left.judged())));
  }

  private Chapter confusion() {
    return Chapter.ofCharts(
        "confusion",
        "Errors by pair of classes",
        "How many % of the test pairs of these classes were answered wrong, over all rounds: the"
            + " first image's class down, the second's across, darker where it is higher, in one"
            + " scale for all models.",
        figures.confusions(errors).values());
  }

  private static Chapter hardest(int count) {
    return Chapter.ofCharts(
        "hardest",
        "The hardest pairs",
        count == 0
            ? "No test pair was answered wrong."
            : "The test pairs that the largest share of models answered wrong; between equals,"
                + " first those of whose right answer models were less sure.",
        List.of());
  }

  private Chapter networks() {
    return Chapter.ofCharts(
        "networks",
        "The networks",
        "Layers in their order, with the shape that they put out and their trainable parameters.",
        figures.networks().values());
  }

  private Chapter provenance() {
    List<List<String>> tables = new ArrayList<>();
    outline
        .artifacts()
        .forEach(
            (name, digest) -> {
              if (name.startsWith(RESULTS)) {
                tables.add(artifact(name, digest, name, outline.arguments()));
              }
            });
    outline
        .asRun()
        .ifPresent(
            asRun ->
                asRun
                    .digests()
                    .forEach(
                        (name, digest) ->
                            tables.add(
                                artifact(
                                    asRun.name() + " " + name, digest, name, asRun.arguments()))));
    List<List<String>> environment = new ArrayList<>();
    outline.environment().forEach((key, value) -> environment.add(List.of(key, value)));
    List<Chapter.Fold> folds = new ArrayList<>();
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
        "The tables of this page stand beside it as Arrow and CSV; a command fetches each from the"
            + " store, by the SHA-256 of its bytes, and checks it. All "
            + counted(outline.artifacts().size(), "artifact")
            + " are in data/artifacts.csv; ‘twintail lineage DIGEST’ tells what each was made from.",
        List.of(
            new Chapter.Grid(
                "artifacts",
                "Tables of results",
                List.of("Artifact", "SHA-256", "Fetched by"),
                tables)),
        List.of(figures.pipeline()),
        folds);
  }

  /** Returns all artifacts as a table: name, sha256, and the command that fetches it. */
  Table artifacts() {
    List<String> names = List.copyOf(outline.artifacts().keySet());
    return Table.builder("artifacts", 1)
        .strings("artifact", names)
        .strings("sha256", List.copyOf(outline.artifacts().values()))
        .strings("command", names.stream().map(name -> get(name, outline.arguments())).toList())
        .build();
  }

  private static List<String> artifact(String shown, String digest, String name, String arguments) {
    return List.of(shown, digest, get(name, arguments));
  }

  static String get(String name, String arguments) {
    return "twintail get " + arguments + " " + name + " -o out";
  }
}
