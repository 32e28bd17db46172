package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Markup;
import dev.twintail.result.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The report of an experiment: one page for a browser that holds all it shows and asks no network,
 * and the same as Markdown with its drawings beside it. The same bytes from the same tables and
 * specs, always.
 */
public final class ReportPage {
  /** Raised by hand whenever the same tables and specs give other bytes. */
  public static final int VERSION = 3;

  /** The page. */
  public static final String PAGE = "index.html";

  private static final int HARDEST = 12;
  private static final String CSS = css();

  private final Outline outline;
  private final Evidence evidence;
  private final List<Chapter> sections;
  private final List<HardPair> hardest;
  private final String lead;

  private ReportPage(Outline outline, Evidence evidence) throws IOException {
    this.outline = outline;
    this.evidence = evidence;
    this.hardest = HardPair.of(evidence.predictions(), evidence.datasets(), HARDEST);
    Chapters all = new Chapters(outline, evidence);
    this.sections = all.all(hardest.size());
    this.lead = all.lead();
  }

  private static String css() {
    try (InputStream in = ReportPage.class.getResourceAsStream("page.css")) {
      if (in == null) {
        throw new IllegalStateException("Cannot find page.css beside " + ReportPage.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the report's files by their paths: {@link #PAGE}, {@code report.md}, {@code league.md},
   * {@code claims.md} where both protocols are at hand, {@code svg/*.svg} and {@code
   * pictures/*.png}.
   *
   * @throws IOException if a table cannot be read
   */
  public static SortedMap<String, byte[]> files(Outline outline, Evidence evidence)
      throws IOException {
    ReportPage page = new ReportPage(outline, evidence);
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(PAGE, utf8(page.html()));
    files.put(
        "report.md", utf8(ReportMarkdown.of(outline, page.sections, page.lead, page.hardest)));
    if (!outline.models().isEmpty()) {
      files.put("league.md", utf8(page.league()));
    }
    page.claims().ifPresent(claims -> files.put("claims.md", utf8(claims)));
    for (Chapter section : page.sections) {
      for (Chart chart : charts(section)) {
        files.put("svg/" + chart.name() + ".svg", utf8(chart.file()));
      }
    }
    for (int i = 0; i < page.hardest.size(); i++) {
      files.put(pictureName(i, 1), page.hardest.get(i).image1().png());
      files.put(pictureName(i, 2), page.hardest.get(i).image2().png());
    }
    return files;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Chart> charts(Chapter section) {
    List<Chart> charts = new ArrayList<>(section.charts());
    section.folds().forEach(fold -> charts.addAll(fold.charts()));
    return charts;
  }

  /**
   * Returns the path of a picture of one of the hardest pairs.
   *
   * @param place from 0
   * @param which 1 or 2
   */
  static String pictureName(int place, int which) {
    return String.format(Locale.ROOT, "pictures/pair-%02d-%d.png", place + 1, which);
  }

  private String league() {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name : List.of("summary.arrow", "evaluations.arrow", "comparisons.arrow")) {
      digests.put(name, outline.artifacts().getOrDefault("results/" + name, ""));
    }
    return LeaguePage.of(
        outline.title(),
        evidence.table("summary.arrow"),
        evidence.table("evaluations.arrow"),
        evidence.table("comparisons.arrow"),
        digests);
  }

  private Optional<String> claims() {
    if (outline.asRun().isEmpty() || evidence.asRun().isEmpty()) {
      return Optional.empty();
    }
    Outline.AsRun asRun = outline.asRun().get();
    return Optional.of(
        ClaimsPage.of(
            outline.title(),
            outline.source(),
            outline.claimsRemark(),
            protocol(
                outline.name(),
                outline.models().stream().map(Outline.Model::words).toList(),
                evidence.results(),
                outline.artifacts()),
            protocol(asRun.name(), asRun.models(), evidence.asRun().get(), asRun.digests()),
            outline.quirks()));
  }

  private static ClaimsPage.Protocol protocol(
      String name,
      List<ClaimsPage.Model> models,
      Map<String, Table> tables,
      SortedMap<String, String> digests) {
    Map<String, String> ofTables = new LinkedHashMap<>();
    for (String table : List.of("evaluations.arrow", "summary.arrow", "published.arrow")) {
      ofTables.put(table, digests.getOrDefault("results/" + table, ""));
    }
    return new ClaimsPage.Protocol(
        name,
        models,
        required(tables, "summary.arrow"),
        required(tables, "published.arrow"),
        required(tables, "evaluations.arrow"),
        ofTables);
  }

  private static Table required(Map<String, Table> tables, String name) {
    Table table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException("Cannot find the table " + name);
    }
    return table;
  }

  private String html() {
    Markup page = new Markup();
    page.open("html", "lang", "en");
    head(page);
    page.open("body").line();
    page.leaf("a", "Skip to the results", "class", "skip", "href", "#main").line();
    page.open("header");
    page.leaf("h1", outline.title());
    page.leaf("p", "Source: " + outline.source() + ".", "class", "source");
    page.leaf("p", lead, "class", "lead");
    page.closeLine();
    page.open("nav", "aria-label", "Contents").open("ul");
    for (Chapter section : sections) {
      page.open("li").leaf("a", section.title(), "href", "#" + section.id()).close();
    }
    page.close().closeLine();
    page.open("main", "id", "main", "tabindex", "-1").line();
    for (Chapter section : sections) {
      section(page, section);
    }
    page.closeLine();
    page.open("footer");
    page.leaf(
        "p",
        "Generated from the results of "
            + outline.name()
            + " by ‘twintail report’; not written by hand. The same results give the same bytes.");
    page.closeLine();
    page.close().closeLine();
    return "<!DOCTYPE html>\n" + page;
  }

  private void head(Markup page) {
    page.open("head").line();
    page.empty("meta", "charset", "utf-8").line();
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    // Nothing is fetched, whatever might ever slip into the page.
    page.empty(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        .line();
    page.empty("meta", "name", "color-scheme", "content", "light dark").line();
    page.empty("link", "rel", "icon", "href", "data:,").line();
    page.leaf("title", outline.title()).line();
    page.style(Chart.styles() + CSS);
    page.closeLine();
  }

  private void section(Markup page, Chapter section) {
    page.open("section", "id", section.id(), "aria-labelledby", section.id() + "-heading").line();
    page.leaf("h2", section.title(), "id", section.id() + "-heading").line();
    page.leaf("p", section.lead()).line();
    section.grids().forEach(grid -> page.add(table(grid)));
    if (section.id().equals("hardest")) {
      hardest(page);
    }
    charts(page, section.charts());
    for (Chapter.Fold fold : section.folds()) {
      fold(page, fold);
    }
    page.closeLine();
  }

  private static Markup table(Chapter.Grid grid) {
    return HtmlTable.of(grid.id(), grid.caption(), grid.head(), grid.rows());
  }

  private static void charts(Markup page, List<Chart> charts) {
    if (charts.isEmpty()) {
      return;
    }
    page.open("div", "class", "charts").line();
    for (Chart chart : charts) {
      page.open("figure").leaf("figcaption", chart.title()).add(chart.inline()).closeLine();
    }
    page.closeLine();
  }

  private static void fold(Markup page, Chapter.Fold fold) {
    page.open("details").leaf("summary", fold.title()).line();
    if (!fold.items().isEmpty()) {
      page.open("ul").line();
      fold.items().forEach(item -> page.leaf("li", item).line());
      page.closeLine();
    }
    fold.grids().forEach(grid -> page.add(table(grid)));
    charts(page, fold.charts());
    page.closeLine();
  }

  private void hardest(Markup page) {
    if (hardest.isEmpty()) {
      return;
    }
    page.open("ol", "class", "pairs").line();
    for (HardPair pair : hardest) {
      page.open("li").open("figure");
      picture(page, pair.image1().png(), pair.digit1());
      picture(page, pair.image2().png(), pair.digit2());
      page.open("figcaption");
      page.leaf(
          "strong",
          pair.digit1() + " ≤ " + pair.digit2() + "? " + (pair.target() == 1 ? "Yes." : "No."));
      page.text(" Wrong: " + pair.wrong() + " of " + pair.asked() + ".");
      page.empty("br");
      page.leaf("small", "pair " + pair.pair() + " of " + pair.dataset());
      page.close().close().closeLine();
    }
    page.closeLine();
  }

  private static void picture(Markup page, byte[] png, int digit) {
    page.empty(
        "img",
        "width",
        "84",
        "height",
        "84",
        "alt",
        "a handwritten " + digit,
        "src",
        "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
  }
}
