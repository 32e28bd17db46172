package dev.twintail.report;

import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a report claims and what comes out, as Markdown: every published number beside ours, in the
 * protocol of its authors' code and in the common one.
 */
public final class ClaimsPage {
  private final StringBuilder text = new StringBuilder();

  /**
   * One model as its spec tells it.
   *
   * @param remark what a reader must know of it; empty if there is nothing
   * @param claimRemarks the remarks of its claims by their place in the report
   */
  public record Model(
      String name, int parameters, String remark, Map<String, String> claimRemarks) {
    public Model {
      claimRemarks = Collections.unmodifiableMap(new LinkedHashMap<>(claimRemarks));
    }
  }

  /**
   * The results of one protocol.
   *
   * @param name the experiment's
   * @param summary {@code summary.arrow}
   * @param published {@code published.arrow}
   * @param digests of the tables that the page rests on, by name
   */
  public record Protocol(
      String name,
      List<Model> models,
      Table summary,
      Table published,
      Map<String, String> digests) {
    public Protocol {
      models = List.copyOf(models);
      digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    }
  }

  private ClaimsPage() {}

  /**
   * Returns the page.
   *
   * @param quirks what the as-run protocol does otherwise, one line each; may be empty
   */
  public static String of(
      String title, String source, Protocol corrected, Protocol asRun, List<String> quirks) {
    ClaimsPage page = new ClaimsPage();
    page.line("# " + title, "", "Source: " + source + ".", "");
    page.line(
        "Generated from the results by `twintail claims`; not written by hand. Accuracies in %, mean"
            + " (standard deviation) over rounds. A number is *reproduced* if the difference is shown"
            + " to be within 2 points (TOST, 5 % each side), *above* or *below* if the 95 % interval"
            + " of the difference leaves out 0, else *inconclusive*.",
        "");
    page.claims(corrected, asRun);
    page.others(corrected, asRun);
    page.reasons("As run, claim by claim", asRun);
    page.reasons("Corrected, claim by claim", corrected);
    page.quirks(quirks);
    page.digests(List.of(asRun, corrected));
    return page.text.toString();
  }

  private void line(String... lines) {
    for (String line : lines) {
      text.append(line).append('\n');
    }
  }

  private void claims(Protocol corrected, Protocol asRun) {
    line(
        "## Published numbers",
        "",
        "| model | parameters | where | published | as run | verdict | corrected | verdict |",
        "|---|---:|---|---:|---:|---|---:|---|");
    Table table = asRun.published();
    for (int i = 0; i < table.rows(); i++) {
      String model = table.strings("model").get(i);
      int other = find(corrected.published(), table, i);
      line(
          "| "
              + String.join(
                  " | ",
                  model,
                  parameters(asRun, model),
                  where(table, i),
                  cell(table, i, "published_mean", "published_std"),
                  cell(table, i, "mean", "std"),
                  table.strings("verdict").get(i),
                  other < 0 ? "" : cell(corrected.published(), other, "mean", "std"),
                  other < 0 ? "" : corrected.published().strings("verdict").get(other))
              + " |");
    }
    line("");
  }

  private static String parameters(Protocol protocol, String model) {
    return protocol.models().stream()
        .filter(m -> m.name().equals(model))
        .findFirst()
        .map(m -> String.format(Locale.ROOT, "%,d", m.parameters()))
        .orElse("");
  }

  private static String where(Table table, int row) {
    return table.strings("where").get(row)
        + (table.strings("split").get(row).equals("train") ? ", training pairs" : "");
  }

  private static int find(Table table, Table other, int row) {
    for (int i = 0; i < table.rows(); i++) {
      boolean same = true;
      for (String column : List.of("model", "where", "split")) {
        same &= table.strings(column).get(i).equals(other.strings(column).get(row));
      }
      if (same) {
        return i;
      }
    }
    return -1;
  }

  private static String cell(Table table, int row, String mean, String std) {
    @Nullable Double deviation = table.optionalDoubles(std)[row];
    return percent(table.doubles(mean)[row])
        + (deviation == null ? "" : " (" + percent(deviation) + ")");
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.2f", 100 * fraction);
  }

  /** The models of which the report tells no number. */
  private void others(Protocol corrected, Protocol asRun) {
    Set<String> names = new LinkedHashSet<>(corrected.summary().strings("model"));
    names.addAll(asRun.summary().strings("model"));
    names.removeAll(corrected.published().strings("model"));
    names.removeAll(asRun.published().strings("model"));
    if (names.isEmpty()) {
      return;
    }
    line(
        "## Models without a published number",
        "",
        "| model | parameters | as run | corrected | remark |",
        "|---|---:|---:|---:|---|");
    for (String name : names) {
      Protocol home = asRun.summary().strings("model").contains(name) ? asRun : corrected;
      line(
          "| "
              + String.join(
                  " | ",
                  name,
                  parameters(home, name),
                  measured(asRun.summary(), name),
                  measured(corrected.summary(), name),
                  remark(home, name))
              + " |");
    }
    line("");
  }

  private static String measured(Table summary, String model) {
    int row = summary.strings("model").indexOf(model);
    return row < 0 ? "" : cell(summary, row, "mean", "std");
  }

  private static String remark(Protocol protocol, String model) {
    return protocol.models().stream()
        .filter(m -> m.name().equals(model))
        .findFirst()
        .map(Model::remark)
        .orElse("");
  }

  private void reasons(String title, Protocol protocol) {
    line("## " + title, "");
    Table table = protocol.published();
    Set<String> told = new LinkedHashSet<>();
    for (int i = 0; i < table.rows(); i++) {
      String name = table.strings("model").get(i);
      Model model =
          protocol.models().stream()
              .filter(m -> m.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("Cannot find model " + name));
      List<String> words = new ArrayList<>();
      words.add(table.strings("reason").get(i));
      String place = table.strings("where").get(i);
      if (model.claimRemarks().containsKey(place)) {
        words.add("Of the claim: " + model.claimRemarks().get(place) + ".");
      }
      if (!model.remark().isEmpty() && told.add(name)) {
        words.add("Of the model: " + model.remark() + ".");
      }
      line(
          "- **"
              + name
              + "** ("
              + where(table, i)
              + "): "
              + table.strings("verdict").get(i)
              + ". "
              + String.join(" ", words));
    }
    line("");
  }

  private void quirks(List<String> quirks) {
    if (quirks.isEmpty()) {
      return;
    }
    line("## What the as-run protocol does otherwise", "");
    for (String quirk : quirks) {
      line("- " + quirk);
    }
    line("");
  }

  private void digests(List<Protocol> protocols) {
    line("## Where the numbers come from", "", "| results | file | SHA-256 |", "|---|---|---|");
    for (Protocol protocol : protocols) {
      protocol
          .digests()
          .forEach(
              (file, digest) ->
                  line("| " + protocol.name() + " | " + file + " | `" + digest + "` |"));
    }
  }
}
