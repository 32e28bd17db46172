package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The summary of an experiment: one row a model, beside what was published. */
public final class SummaryTable {
  /**
   * One model; accuracies are fractions of 1.
   *
   * @param idle how many rounds did not learn
   * @param optional the columns of {@code summary.arrow} that have a value, by name
   */
  public record ModelSummary(
      String model,
      int parameters,
      int n,
      double mean,
      double median,
      int idle,
      Map<String, Double> optional,
      String verdict) {
    public ModelSummary {
      optional = Collections.unmodifiableMap(new LinkedHashMap<>(optional));
    }
  }

  private static final String VERDICT = "verdict";

  /** Where a terminal is narrow, the columns that are left out, one after the other. */
  private static final List<String> DISPENSABLE =
      List.of(
          "params", "median", "95 % interval", "std", "verified", "second engine", "difference");

  private final List<ModelSummary> rows;
  private final Map<String, Map<String, String>> more;

  private final List<String> notes;

  private SummaryTable(
      List<ModelSummary> rows, Map<String, Map<String, String>> more, List<String> notes) {
    this.rows = List.copyOf(rows);
    this.notes = List.copyOf(notes);
    this.more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
  }

  /** Returns the same with one more column of text, whose cells are given by model. */
  public SummaryTable with(String column, Map<String, String> cells) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>(more);
    all.put(column, Map.copyOf(cells));
    return new SummaryTable(rows, all, notes);
  }

  /** Returns the same with lines below the table that tell what to know of it. */
  public SummaryTable noting(List<String> lines) {
    return new SummaryTable(rows, more, lines);
  }

  /** Returns the same with one more line below the table. */
  public SummaryTable noting(String line) {
    List<String> lines = new ArrayList<>(notes);
    lines.add(line);
    return new SummaryTable(rows, more, lines);
  }

  /** Returns the rows of {@code summary.arrow}. */
  public static SummaryTable of(Table summary) {
    List<ModelSummary> rows = new ArrayList<>();
    for (TableRow row : TableRow.of(summary)) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (String name : summary.columnNames()) {
        if (summary.type(name) == Table.Type.OPTIONAL_FLOAT64) {
          row.optional(name).ifPresent(value -> values.put(name, value));
        }
      }
      rows.add(
          new ModelSummary(
              row.text("model"),
              row.whole("parameters"),
              row.whole("n"),
              row.number("mean"),
              row.number("median"),
              row.whole("idle"),
              values,
              row.text("verdict")));
    }
    return new SummaryTable(rows, Map.of(), List.of());
  }

  public List<ModelSummary> rows() {
    return rows;
  }

  /**
   * Returns the table as text, accuracies in percent.
   *
   * @param width of the terminal, where there is one, into which it is made to fit by leaving
   *     columns out
   */
  public String text(String title, OptionalInt width) {
    List<List<String>> cells = cells();
    List<String> left = new ArrayList<>();
    for (String column : DISPENSABLE) {
      if (width.isPresent() && width(cells) > width.getAsInt() && cells.get(0).contains(column)) {
        left.add(column);
        int index = cells.get(0).indexOf(column);
        cells.forEach(line -> line.remove(index));
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(title).append(": test accuracy in %\n\n");
    for (List<String> line : cells) {
      text.append(line(line, cells)).append('\n');
    }
    text.append('\n');
    if (!left.isEmpty()) {
      wrap("Left out, since the terminal is narrow: " + String.join(", ", left) + ".", width, text);
    }
    notes.forEach(note -> wrap(note, width, text));
    return text.toString();
  }

  /** Returns the table as Markdown, accuracies in percent, with all columns. */
  public String markdown(String title) {
    Markdown page = new Markdown();
    page.line(Markdown.inline(title) + ": test accuracy in %", "");
    List<List<String>> cells = cells();
    page.row(cells.get(0).toArray(String[]::new));
    page.line(
        "|"
            + cells.get(0).stream()
                .map(column -> isText(column) ? "---|" : "---:|")
                .collect(Collectors.joining()));
    cells.subList(1, cells.size()).forEach(line -> page.row(line.toArray(String[]::new)));
    notes.forEach(note -> page.line("", Markdown.inline(note)));
    return page.toString();
  }

  private List<List<String>> cells() {
    List<List<String>> cells = new ArrayList<>();
    List<String> head =
        List.of(
            "model",
            "params",
            "mean",
            "std",
            "median",
            "95 % interval",
            "published",
            "difference",
            VERDICT);
    cells.add(extended(head, c -> c));
    for (ModelSummary row : rows) {
      List<String> line =
          List.of(
              row.model(),
              Decimal.grouped(row.parameters()),
              percent(row.mean()),
              percent(row, "std"),
              percent(row.median()),
              interval(row, "ci95_low", "ci95_high"),
              published(row),
              difference(row),
              row.verdict());
      cells.add(extended(line, c -> more.getOrDefault(c, Map.of()).getOrDefault(row.model(), "")));
    }
    return cells;
  }

  private static void wrap(String words, OptionalInt width, StringBuilder text) {
    LineWrap.append(words, width.orElse(Integer.MAX_VALUE), text);
  }

  private List<String> extended(List<String> cells, UnaryOperator<String> cell) {
    List<String> all = new ArrayList<>(cells);
    more.keySet().forEach(column -> all.add(cell.apply(column)));
    return all;
  }

  private static String percent(double fraction) {
    return Decimal.of(100 * fraction, 2);
  }

  private static String percent(ModelSummary row, String column) {
    Double value = row.optional().get(column);
    return value == null ? "" : percent(value);
  }

  private static String interval(ModelSummary row, String low, String high) {
    Double from = row.optional().get(low);
    Double to = row.optional().get(high);
    return from == null || to == null ? "" : Decimal.interval(100 * from, 100 * to);
  }

  private static String published(ModelSummary row) {
    String mean = percent(row, "published_mean");
    String std = percent(row, "published_std");
    return std.isEmpty() ? mean : mean + " (" + std + ")";
  }

  private static String difference(ModelSummary row) {
    Double value = row.optional().get("difference");
    Double low = row.optional().get("difference_ci95_low");
    Double high = row.optional().get("difference_ci95_high");
    String difference = value == null ? "" : Decimal.signed(100 * value, 2);
    return low == null || high == null
        ? difference
        : (difference + " " + Decimal.signedInterval(100 * low, 100 * high)).strip();
  }

  private static int width(List<List<String>> cells) {
    return IntStream.of(widths(cells)).sum() + 2 * (cells.get(0).size() - 1);
  }

  private static int[] widths(List<List<String>> cells) {
    int[] widths = new int[cells.get(0).size()];
    for (List<String> line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return widths;
  }

  private static boolean isText(String column) {
    return column.equals("model") || column.equals(VERDICT);
  }

  /** Pads: texts to the left, numbers to the right. */
  private static String line(List<String> cells, List<List<String>> table) {
    int[] widths = widths(table);
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      boolean left = isText(table.get(0).get(i));
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(left ? cells.get(i) + padding : padding + cells.get(i)).append("  ");
    }
    return line.toString().stripTrailing();
  }
}
