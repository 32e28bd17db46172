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
import org.jspecify.annotations.Nullable;

/**
 * What a report claims and what comes out, as Markdown: every published number beside ours, in the
 * protocol of its authors' code and in the common one.
 */
public final class ClaimsPage {
  private final Markdown page = new Markdown();

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
    ClaimsPage claims = new ClaimsPage();
    claims.page.line(
        "# " + Markdown.inline(title), "", "Source: " + Markdown.inline(source) + ".", "");
    claims.page.line(
        "Generated from the results by `twintail claims`; not written by hand. Accuracies in %, mean"
            + " (standard deviation) over rounds. A number is *reproduced* if the difference is shown"
            + " to be within 2 points (TOST, 5 % each side), *above* or *below* if the 95 % interval"
            + " of the difference leaves out 0, else *inconclusive*.",
        "");
    claims.claims(corrected, asRun);
    claims.others(corrected, asRun);
    claims.reasons("As run, claim by claim", asRun);
    claims.reasons("Corrected, claim by claim", corrected);
    claims.quirks(quirks);
    claims.digests(List.of(asRun, corrected));
    return claims.page.toString();
  }

  private void claims(Protocol corrected, Protocol asRun) {
    page.line(
        "## Published numbers",
        "",
        "| model | parameters | where | published | as run | verdict | corrected | verdict |",
        "|---|---:|---|---:|---:|---|---:|---|");
    for (ClaimRow row : ClaimRow.of(corrected.published(), Optional.of(asRun.published()))) {
      page.row(
          row.model(),
          parameters(row.asRun().isPresent() ? asRun : corrected, row.model()),
          row.where(),
          row.claimed().claim(),
          row.asRun().map(ClaimRow.Outcome::accuracy).orElse(""),
          row.asRun().map(ClaimRow.Outcome::verdict).orElse(""),
          row.corrected().map(ClaimRow.Outcome::accuracy).orElse(""),
          row.corrected().map(ClaimRow.Outcome::verdict).orElse(""));
    }
    page.line("");
  }

  private static String parameters(Protocol protocol, String model) {
    return protocol.models().stream()
        .filter(m -> m.name().equals(model))
        .findFirst()
        .map(m -> Decimal.grouped(m.parameters()))
        .orElse("");
  }

  private static String cell(Table table, int row, String mean, String std) {
    @Nullable Double deviation = table.optionalDoubles(std)[row];
    return percent(table.doubles(mean)[row])
        + (deviation == null ? "" : " (" + percent(deviation) + ")");
  }

  private static String percent(double fraction) {
    return Decimal.of(100 * fraction, 2);
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
    page.line(
        "## Models without a published number",
        "",
        "| model | parameters | as run | corrected | remark |",
        "|---|---:|---:|---:|---|");
    for (String name : names) {
      Protocol home = asRun.summary().strings("model").contains(name) ? asRun : corrected;
      page.row(
          name,
          parameters(home, name),
          measured(asRun.summary(), name),
          measured(corrected.summary(), name),
          remark(home, name));
    }
    page.line("");
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
    page.line("## " + title, "");
    Set<String> told = new LinkedHashSet<>();
    for (ClaimRow row : ClaimRow.of(protocol.published())) {
      ClaimRow.Outcome outcome = row.claimed();
      String words = words(protocol.models(), row.model(), outcome, told);
      page.line(
          "- **"
              + row.model()
              + "** ("
              + Markdown.inline(row.where())
              + "): "
              + outcome.verdict()
              + ". "
              + Markdown.inline(words));
    }
    page.line("");
  }

  /**
   * Returns the reason of a claim's verdict, and what to know of the claim and of its model.
   *
   * @param told the models of which it is told already; this one joins them
   */
  static String words(List<Model> models, String name, ClaimRow.Outcome outcome, Set<String> told) {
    Model model =
        models.stream()
            .filter(m -> m.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("Cannot find the model " + name));
    List<String> words = new ArrayList<>();
    words.add(outcome.reason());
    if (model.claimRemarks().containsKey(outcome.place())) {
      words.add("Of the claim: " + model.claimRemarks().get(outcome.place()) + ".");
    }
    if (!model.remark().isEmpty() && told.add(name)) {
      words.add("Of the model: " + model.remark() + ".");
    }
    return String.join(" ", words);
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
