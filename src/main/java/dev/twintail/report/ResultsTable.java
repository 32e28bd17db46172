package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.report.chart.Markup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The one table of a page: a row for each published number, then one for each model without any. A
 * page's script sorts and searches it; on a narrow screen each row is a card.
 */
final class ResultsTable {
  private static final String NAME = "name";
  private static final String NUMBER = "number";

  /** A column: its title, and what a cell of it holds. */
  private record TableColumn(String title, String kind, BiConsumer<Markup, ModelRow> filling) {}

  /**
   * A row.
   *
   * @param claim empty for a model without published number
   */
  private record ModelRow(String model, Optional<ClaimRow> claim, Optional<TableRow> summary) {
    Optional<ClaimRow.EvaluatedClaim> common() {
      return claim.flatMap(ClaimRow::common);
    }

    Optional<ClaimRow.EvaluatedClaim> asRun() {
      return claim.flatMap(ClaimRow::asRun);
    }

    String label() {
      return claim.map(c -> model + " (" + c.where() + ")").orElse(model);
    }
  }

  private final Outline outline;
  private final Chapters chapters;
  private final List<ModelRow> rows = new ArrayList<>();
  private final Notes notes = new Notes();
  private final List<TableColumn> columns = new ArrayList<>();

  ResultsTable(Outline outline, Evidence evidence, Chapters chapters) {
    this.outline = outline;
    this.chapters = chapters;
    Map<String, TableRow> summaries = new LinkedHashMap<>();
    TableRow.of(evidence.table("summary.arrow")).forEach(s -> summaries.put(s.text("model"), s));
    Set<String> unclaimed = new LinkedHashSet<>(summaries.keySet());
    for (ClaimRow claim : chapters.claims()) {
      String model = claim.model();
      rows.add(new ModelRow(model, Optional.of(claim), Optional.ofNullable(summaries.get(model))));
      unclaimed.remove(model);
    }
    unclaimed.forEach(
        m -> rows.add(new ModelRow(m, Optional.empty(), Optional.ofNullable(summaries.get(m)))));
    for (ModelRow row : rows) {
      notes.add(row.label(), row.claim().map(chapters::known).orElseGet(() -> remark(row.model())));
    }
    boolean claims = !chapters.claims().isEmpty();
    columns.add(new TableColumn("Model", NAME, this::model));
    if (claims) {
      columns.add(new TableColumn("Verdict", "", this::verdict));
      columns.add(new TableColumn("Published", NUMBER, this::published));
    }
    if (!claims) {
      columns.add(new TableColumn("Accuracy", NUMBER, this::accuracy));
    } else if (chapters.tellsCommon()) {
      columns.add(new TableColumn("Common protocol", NUMBER, this::common));
      columns.add(new TableColumn("Difference", NUMBER, this::difference));
      if (chapters.tellsAsRun()) {
        columns.add(new TableColumn("As run", NUMBER, this::asRun));
      }
    } else {
      columns.add(new TableColumn("As run", NUMBER, this::asRunAlone));
    }
    columns.add(new TableColumn("Median", NUMBER, this::median));
    columns.add(new TableColumn("Parameters", NUMBER, this::parameters));
    if (!notes.texts().isEmpty()) {
      columns.add(new TableColumn("Notes", "", this::notes));
    }
  }

  private String remark(String model) {
    return outline.models().stream()
        .filter(m -> m.name().equals(model))
        .findFirst()
        .map(m -> m.words().remark())
        .filter(text -> !text.isEmpty())
        .map(text -> "Of the model: " + text + ".")
        .orElse("");
  }

  /** Returns the table and its notes. */
  Markup markup() {
    Markup out = new Markup();
    out.open("div", "class", "results");
    out.open("table", "id", "results-table");
    out.leaf(
            "caption",
            rows.get(0).claim().isPresent()
                ? "Every model and published number: accuracies in %, differences in points"
                : "Every model: test accuracy in %",
            "id",
            "results-caption")
        .line();
    out.open("thead").open("tr");
    for (TableColumn column : columns) {
      out.leaf("th", column.title(), "scope", "col", "class", "k-" + kind(column));
    }
    out.close().closeLine();
    out.open("tbody").line();
    for (ModelRow row : rows) {
      out.open("tr");
      for (TableColumn column : columns) {
        if (column.kind().equals(NAME)) {
          out.open("th", "scope", "row");
        } else {
          out.open("td", "class", "k-" + kind(column), "data-label", column.title());
        }
        column.filling().accept(out, row);
        out.close();
      }
      out.closeLine();
    }
    out.close().close().closeLine();
    List<String> texts = notes.texts();
    if (!texts.isEmpty()) {
      out.open("ol", "class", "notes", "aria-label", "Notes on the table").line();
      for (int i = 0; i < texts.size(); i++) {
        out.leaf("li", texts.get(i), "id", "note-" + (i + 1)).line();
      }
      out.closeLine();
    }
    return out;
  }

  private static String kind(TableColumn column) {
    return column.kind().isEmpty() ? "text" : column.kind();
  }

  private void model(Markup out, ModelRow row) {
    out.text(row.model());
    row.claim().ifPresent(claim -> small(out, claim.where()));
  }

  private void verdict(Markup out, ModelRow row) {
    row.claim()
        .filter(claim -> claim.common().isPresent())
        .ifPresent(claim -> chip(out, VerdictMark.of(claim.commonVerdict()), ""));
    row.asRun().ifPresent(o -> chip(out, VerdictMark.of(o.verdict()), "as run: "));
    if (row.claim().isEmpty()) {
      out.leaf("span", "unpublished", "class", "verdict none");
    }
  }

  static void chip(Markup out, VerdictMark verdict, String before) {
    out.open("span", "class", verdict.style());
    out.leaf("span", verdict.sign(), "class", "sign", "aria-hidden", "true");
    out.text(" " + before + verdict.word()).close();
  }

  private void published(Markup out, ModelRow row) {
    row.claim().ifPresent(claim -> spread(out, claim.claimed().claim()));
  }

  private void common(Markup out, ModelRow row) {
    if (row.claim().isPresent()) {
      row.common().ifPresent(o -> spread(out, o.accuracy()));
    } else {
      accuracy(out, row);
    }
  }

  private void accuracy(Markup out, ModelRow row) {
    row.summary()
        .ifPresent(s -> split(out, (s.percent("mean") + " " + s.ends("ci95")).strip(), " ["));
  }

  private void difference(Markup out, ModelRow row) {
    row.claim().ifPresent(claim -> split(out, claim.commonDifference(), " ["));
  }

  private void asRun(Markup out, ModelRow row) {
    row.asRun()
        .ifPresent(
            o -> {
              spread(out, o.accuracy());
              if (!o.predicted().isEmpty()) {
                small(out, "one more: " + o.predicted());
              }
            });
  }

  /** Writes the same of a page as run, whose models without published number are as run, too. */
  private void asRunAlone(Markup out, ModelRow row) {
    if (row.claim().isPresent()) {
      asRun(out, row);
    } else {
      accuracy(out, row);
    }
  }

  /** Writes the median on the pairs of the claim; that of the summary is on test pairs. */
  private void median(Markup out, ModelRow row) {
    if (row.claim().filter(claim -> claim.claimed().isOfTraining()).isPresent()) {
      (chapters.tellsCommon() ? row.common() : row.asRun()).ifPresent(o -> out.text(o.median()));
    } else {
      row.summary().ifPresent(s -> out.text(s.percent("median")));
    }
  }

  private void parameters(Markup out, ModelRow row) {
    row.summary().ifPresent(s -> out.text(Decimal.grouped(s.whole("parameters"))));
  }

  private void notes(Markup out, ModelRow row) {
    boolean first = true;
    for (int number : notes.of(row.label())) {
      out.text(first ? "" : ", ");
      out.leaf(
          "a",
          Integer.toString(number),
          "href",
          "#note-" + number,
          "aria-label",
          "note " + number + " on " + row.model());
      first = false;
    }
  }

  /** Writes {@code 79.71 (1.36)}, the deviation small. */
  private static void spread(Markup out, String text) {
    split(out, text, " (");
  }

  private static void split(Markup out, String text, String from) {
    int at = text.indexOf(from);
    out.text(Decimal.minus(at < 0 ? text : text.substring(0, at)));
    if (at >= 0) {
      small(out, text.substring(at + 1));
    }
  }

  /** Adds a line below the number; a deviation stays beside it. */
  private static void small(Markup out, String text) {
    String style = text.startsWith("(") ? "beside-it" : "below-it";
    out.text(" ").leaf("small", Decimal.minus(text), "class", style);
  }
}
