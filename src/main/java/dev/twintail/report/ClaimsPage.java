package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * What a report claims and what comes out, as Markdown: every published number beside ours, in the
 * protocol of its authors' code and in the common one.
 */
public final class ClaimsPage {
  /** Tables that the page rests on; the last four are told of where an experiment has them. */
  public static final List<String> TABLES =
      List.of(
          "evaluations.arrow",
          "summary.arrow",
          "published.arrow",
          "sweeps.arrow",
          "searches.arrow",
          "records.arrow",
          "correlations.arrow");

  private final Markdown page = new Markdown();

  /**
   * Where a report claims something of a model: one place may hold a test and a training accuracy.
   *
   * @param split of the pairs, as {@code published.arrow} has it
   * @param where the place in the report
   */
  public record ClaimedPlace(String split, String where) {}

  /**
   * One model as its spec tells it.
   *
   * @param remark what a reader must know of it; empty if there is nothing
   * @param claimRemarks the remarks of its claims
   */
  public record ClaimedModel(
      String name, int parameters, String remark, Map<ClaimedPlace, String> claimRemarks) {
    public ClaimedModel {
      claimRemarks = Collections.unmodifiableMap(new LinkedHashMap<>(claimRemarks));
    }
  }

  /**
   * The results of one protocol.
   *
   * @param name the experiment's
   * @param tables those of {@link #TABLES} that there are, by name
   * @param digests of these, by name, in the order of {@link #TABLES}
   */
  public record Protocol(
      String name,
      List<ClaimedModel> models,
      Map<String, Table> tables,
      Map<String, String> digests) {
    /**
     * Returns the results of a protocol.
     *
     * @param tables by name; others than {@link #TABLES} are left out
     * @param digest of a table by its name
     */
    public static Protocol of(
        String name,
        List<ClaimedModel> models,
        Map<String, Table> tables,
        UnaryOperator<String> digest) {
      Map<String, String> digests = new LinkedHashMap<>();
      TABLES.stream()
          .filter(tables::containsKey)
          .forEach(table -> digests.put(table, digest.apply(table)));
      return new Protocol(name, models, tables, digests);
    }

    private Table table(String file) {
      return Evidence.table(tables, file);
    }

    private <T> Optional<T> both(String a, String b, BiFunction<Table, Table, T> made) {
      return tables.keySet().containsAll(List.of(a, b))
          ? Optional.of(made.apply(table(a), table(b)))
          : Optional.empty();
    }

    private Table summary() {
      return table("summary.arrow");
    }

    private Table published() {
      return table("published.arrow");
    }

    private ClaimTables results() {
      return new ClaimTables(published(), table("evaluations.arrow"));
    }

    private Optional<ClaimedModel> model(String model) {
      return find(models, model);
    }

    private List<String> roundNotes() {
      return RoundNotes.of(summary(), table("evaluations.arrow"));
    }

    public Protocol {
      models = List.copyOf(models);
      tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
      digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    }
  }

  private ClaimsPage() {}

  /**
   * Returns the page.
   *
   * @param remark what is to be known of all claims; may be empty
   * @param opinions of another engine; may be none
   * @param quirks what the as-run protocol does otherwise, one line each; may be empty
   */
  public static String of(
      String title,
      String source,
      Optional<String> remark,
      Protocol common,
      Protocol asRun,
      List<SecondEngine> opinions,
      List<String> quirks) {
    ClaimsPage page = new ClaimsPage();
    page.page.line(
        "# " + Markdown.inline(title), "", "Source: " + Markdown.inline(source) + ".", "");
    page.page.line(
        "Generated from the results by `twintail claims`; not written by hand. Accuracies in %, mean"
            + " (standard deviation) over rounds.",
        "",
        "Two questions, never mixed. *As run*: does the procedure that made the number, as far as it"
            + " is known, give it? *consistent* if it lies where one more mean of that procedure"
            + " would be in 95 of 100 cases, else we are *above* or *below* it, or *undecided*."
            + " *Common protocol*: does the number hold where all models meet on the same terms?"
            + " *reproduced* if the difference is shown to be within 2 points (TOST, 5 % each side),"
            + " *above* or *below* if the 95 % interval of the difference leaves out 0, else"
            + " *inconclusive*. *Other conditions*: the number is not about these data, this training,"
            + " protocol or model, and there is no verdict.",
        "");
    remark.ifPresent(text -> page.page.line("To know of all: " + Markdown.inline(text) + ".", ""));
    List<ClaimRow> rows = ClaimRow.of(common.results(), Optional.of(asRun.results()));
    page.claims(common, asRun, rows);
    page.others(common, asRun);
    page.opinions(opinions);
    page.authorsRounds(asRun);
    page.authorsRounds(common);
    page.searches(asRun);
    page.searches(common);
    page.idle(common, asRun);
    page.reasons(asRun, common, rows);
    page.quirks(quirks);
    page.digests(List.of(asRun, common));
    return page.page.toString();
  }

  private void claims(Protocol common, Protocol asRun, List<ClaimRow> rows) {
    page.line(
        "## Published numbers",
        "",
        "As run, "
            + ClaimCounts.of(asRun.published()).words()
            + "; in the common protocol, "
            + ClaimCounts.of(
                    rows.stream()
                        .filter(row -> row.common().isPresent())
                        .map(ClaimRow::commonVerdict)
                        .toList())
                .words()
            + ".",
        "",
        "| model | parameters | where | published | as run | one more would be in | verdict |"
            + " common protocol | verdict |",
        "|---|---:|---|---:|---:|---:|---|---:|---|");
    for (ClaimRow row : rows) {
      page.row(
          row.model(),
          parameters(row.asRun().isPresent() ? asRun : common, row.model()),
          row.where(),
          row.claimed().claim(),
          row.asRun().map(ClaimRow.EvaluatedClaim::accuracy).orElse(""),
          row.asRun().map(ClaimRow.EvaluatedClaim::predicted).orElse(""),
          row.asRun().map(ClaimRow.EvaluatedClaim::verdict).orElse(""),
          row.common().map(ClaimRow.EvaluatedClaim::accuracy).orElse(""),
          row.commonVerdict());
    }
    page.line("");
  }

  private static String parameters(Protocol protocol, String model) {
    return protocol.model(model).map(m -> Decimal.grouped(m.parameters())).orElse("");
  }

  /** The models of which the report tells no number. */
  private void others(Protocol common, Protocol asRun) {
    Set<String> names = new LinkedHashSet<>(common.summary().strings("model"));
    names.addAll(asRun.summary().strings("model"));
    names.removeAll(common.published().strings("model"));
    names.removeAll(asRun.published().strings("model"));
    if (names.isEmpty()) {
      return;
    }
    page.line(
        "## Models without a published number",
        "",
        "| model | parameters | as run | common protocol | remark |",
        "|---|---:|---:|---:|---|");
    for (String name : names) {
      Protocol home = asRun.summary().strings("model").contains(name) ? asRun : common;
      page.row(
          name,
          parameters(home, name),
          measured(asRun.summary(), name),
          measured(common.summary(), name),
          home.model(name).map(ClaimedModel::remark).orElse(""));
    }
    page.line("");
  }

  private static String measured(Table summary, String model) {
    int row = summary.strings("model").indexOf(model);
    return row < 0 ? "" : new TableRow(summary, row).meanAndStd("mean", "std");
  }

  private void opinions(List<SecondEngine> opinions) {
    if (!opinions.isEmpty()) {
      Chapter chapter = SecondEngine.chapter(opinions);
      page.line("## " + chapter.title(), "", Markdown.inline(chapter.lead()), "");
      chapter.grids().forEach(page::grid);
    }
  }

  private void authorsRounds(Protocol protocol) {
    Optional<AuthorsRounds> found =
        protocol.both("records.arrow", "correlations.arrow", AuthorsRounds::new);
    if (found.isPresent()) {
      page.line("## The authors’ own rounds, and those of " + protocol.name(), "");
      page.line(Markdown.inline(found.get().lead()), "");
      page.grid(found.get().grid());
    }
  }

  private void searches(Protocol protocol) {
    Optional<Searches> found = protocol.both("searches.arrow", "sweeps.arrow", Searches::new);
    if (found.isPresent()) {
      page.line(
          "## The searches of " + protocol.name(), "", Markdown.inline(found.get().lead()), "");
      page.grid(found.get().grid());
      found.get().sentences().forEach(text -> page.line("- " + Markdown.inline(text)));
      page.line("");
    }
  }

  private void idle(Protocol common, Protocol asRun) {
    List<String> asRunNotes = asRun.roundNotes();
    List<String> commonNotes = common.roundNotes();
    if (asRunNotes.isEmpty() && commonNotes.isEmpty()) {
      return;
    }
    page.line("## Rounds that did not learn", "");
    asRunNotes.forEach(note -> page.line("- as run: " + Markdown.inline(note)));
    commonNotes.forEach(note -> page.line("- common protocol: " + Markdown.inline(note)));
    page.line("");
  }

  private void reasons(Protocol asRun, Protocol common, List<ClaimRow> rows) {
    page.line("## Claim by claim", "");
    Set<String> toldAsRun = new LinkedHashSet<>();
    Set<String> toldCommon = new LinkedHashSet<>();
    for (ClaimRow row : rows) {
      page.line("- **" + row.model() + "** (" + Markdown.inline(row.where()) + ")");
      if (!row.conclusion().isEmpty()) {
        page.line("  - " + Markdown.inline(row.conclusion()));
      }
      row.asRun()
          .ifPresent(
              o ->
                  reason(
                      "As run",
                      o.verdict(),
                      words(asRun.models(), row.model(), o, o.reason(), toldAsRun)));
      row.common()
          .ifPresent(
              o ->
                  reason(
                      "Common protocol",
                      row.commonVerdict(),
                      words(common.models(), row.model(), o, row.commonReason(), toldCommon)));
    }
    page.line("");
  }

  private void reason(String protocol, String verdict, String words) {
    page.line("  - " + protocol + ": " + verdict + ". " + Markdown.inline(words));
  }

  /**
   * Returns the reason of a claim's verdict, and what to know of the claim and of its model.
   *
   * @param told the models of which it is told already; this one joins them
   */
  static String words(
      List<ClaimedModel> models,
      String name,
      ClaimRow.EvaluatedClaim outcome,
      String reason,
      Set<String> told) {
    return remarked(List.of(reason), models, name, outcome, told.add(name));
  }

  /** Returns what to know of a claim where its verdict stands. */
  static String known(List<ClaimedModel> models, String name, ClaimRow.EvaluatedClaim outcome) {
    List<String> why = outcome.isJudged() ? List.of() : List.of(outcome.reason());
    return remarked(why, models, name, outcome, true);
  }

  private static String remarked(
      List<String> why,
      List<ClaimedModel> models,
      String name,
      ClaimRow.EvaluatedClaim outcome,
      boolean tellsModel) {
    List<String> words = new ArrayList<>(why);
    ClaimedModel model =
        find(models, name)
            .orElseThrow(() -> new IllegalArgumentException("Cannot find the model " + name));
    String remark = model.claimRemarks().getOrDefault(outcome.place(), "");
    if (!remark.isEmpty()) {
      words.add("Of the claim: " + remark + ".");
    }
    if (tellsModel && !model.remark().isEmpty()) {
      words.add("Of the model: " + model.remark() + ".");
    }
    return String.join(" ", words);
  }

  private static Optional<ClaimedModel> find(List<ClaimedModel> models, String name) {
    return models.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  private void quirks(List<String> quirks) {
    if (quirks.isEmpty()) {
      return;
    }
    page.line("## What the as-run protocol does otherwise", "");
    for (String quirk : quirks) {
      page.line("- " + Markdown.inline(quirk));
    }
    page.line("");
  }

  private void digests(List<Protocol> protocols) {
    page.line(
        "## Where the numbers come from", "", "| results | file | SHA-256 |", "|---|---|---|");
    for (Protocol protocol : protocols) {
      protocol
          .digests()
          .forEach((file, digest) -> page.row(protocol.name(), file, "`" + digest + "`"));
    }
  }
}
