package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Diagram;
import dev.twintail.report.chart.Markup;
import dev.twintail.result.CsvFiles;
import dev.twintail.result.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
  public static final int VERSION = 7;

  /** The page. */
  public static final String PAGE = "index.html";

  private static final int HARDEST = 12;
  private final Outline outline;
  private final Evidence evidence;
  private final List<Chapter> sections;
  private final List<HardPair> hardest;
  private final Chapters chapters;
  private final Story story;

  private ReportPage(Outline outline, Evidence evidence) throws IOException {
    this.outline = outline;
    this.evidence = evidence;
    this.hardest = HardPair.of(evidence.predictions(), evidence.datasets(), HARDEST);
    this.chapters = new Chapters(outline, evidence);
    this.sections = chapters.all(hardest.size());
    this.story = new Story(outline, evidence, chapters);
  }

  /**
   * Returns the report's files by their paths: {@link #PAGE}, {@code report.md}, {@code league.md},
   * {@code claims.md} where both protocols are at hand, {@code svg/*.svg}, {@code pictures/*.png}
   * and {@code data/artifacts.csv}.
   *
   * @throws IOException if a table cannot be read
   */
  public static SortedMap<String, byte[]> files(Outline outline, Evidence evidence)
      throws IOException {
    ReportPage page = new ReportPage(outline, evidence);
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(PAGE, page.html());
    files.put(
        "report.md",
        utf8(ReportMarkdown.of(outline, page.sections, page.chapters.lead(), page.hardest)));
    if (!outline.models().isEmpty()) {
      files.put("league.md", utf8(page.league()));
    }
    page.claims().ifPresent(claims -> files.put("claims.md", utf8(claims)));
    files.put("data/artifacts.csv", CsvFiles.encode(page.chapters.artifacts()));
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
    return LeaguePage.of(
        outline.title(),
        League.of(
            evidence.table("summary.arrow"),
            evidence.table("evaluations.arrow"),
            evidence.table("comparisons.arrow")),
        name -> digest(name, outline.artifacts()));
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
                outline.models().stream().map(Outline.OutlinedModel::words).toList(),
                evidence.results(),
                outline.artifacts()),
            protocol(asRun.name(), asRun.models(), evidence.asRun().get(), asRun.digests()),
            evidence.opinions(),
            outline.quirks()));
  }

  private static ClaimsPage.Protocol protocol(
      String name,
      List<ClaimsPage.ClaimedModel> models,
      Map<String, Table> tables,
      SortedMap<String, String> digests) {
    return ClaimsPage.Protocol.of(name, models, tables, table -> digest(table, digests));
  }

  private static String digest(String table, SortedMap<String, String> artifacts) {
    return artifacts.getOrDefault("results/" + table, "");
  }

  private byte[] html() throws IOException {
    Markup page = new Markup();
    page.leaf("a", "Skip to the results", "class", "skip", "href", "#main").line();
    header(page);
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
            + " by ‘twintail report’; not written by hand. The same results, verified as often, give"
            + " the same bytes.");
    page.closeLine();
    return Shell.page(outline.title(), page);
  }

  private void header(Markup page) throws IOException {
    page.open("header").line();
    page.leaf("h1", outline.title()).line();
    page.leaf("p", "Source: " + outline.source() + ".", "class", "source").line();
    page.open("div", "class", "task").line();
    Optional<Story.Example> example = story.example();
    if (example.isPresent()) {
      page.open("figure");
      picture(page, example.get().image1().png(), example.get().class1());
      page.leaf("span", "≤", "aria-hidden", "true");
      picture(page, example.get().image2().png(), example.get().class2());
      page.leaf("figcaption", example.get().words());
      page.closeLine();
    }
    page.leaf("p", story.task());
    page.closeLine();
    page.open("div", "class", "story").line();
    story.claimed().ifPresent(text -> part(page, "What they claim", List.of(text)));
    page.open("section").leaf("h2", "What comes out").line();
    if (chapters.tellsCommon()) {
      counts(page, "Common protocol", chapters.commonCounts());
    }
    if (chapters.tellsAsRun()) {
      counts(page, "As run", chapters.asRunCounts());
    }
    story.best().ifPresent(text -> page.leaf("p", text));
    evidence.opinions().forEach(opinion -> page.leaf("p", opinion.words()));
    page.closeLine();
    if (!story.flaws().isEmpty()) {
      part(page, "What to bear in mind", story.flaws());
    }
    page.closeLine();
    proof(page);
    links(page);
    page.closeLine();
  }

  private static void part(Markup page, String title, List<String> texts) {
    page.open("section").leaf("h2", title).line();
    if (texts.size() == 1) {
      page.leaf("p", texts.get(0));
    } else {
      page.open("ul");
      texts.forEach(text -> page.leaf("li", text));
      page.close();
    }
    page.closeLine();
  }

  private static void counts(Markup page, String protocol, ClaimCounts counts) {
    page.open("p").text(protocol + ": ");
    counts
        .byVerdict()
        .forEach(
            (word, count) -> {
              VerdictMark verdict = VerdictMark.of(word);
              page.open("span", "class", verdict.style());
              page.leaf("span", verdict.sign(), "class", "sign", "aria-hidden", "true");
              page.text(" " + count + " " + word).close().text(" ");
            });
    page.closeLine();
  }

  private void proof(Markup page) {
    Proof proof = outline.proof();
    String style = "proof " + proof.standing().name().toLowerCase(Locale.ROOT);
    String sign =
        switch (proof.standing()) {
          case SAME -> "✓";
          case DISPUTED -> "✗";
          case NONE -> "○";
        };
    page.open("p", "class", style);
    page.leaf("span", sign, "class", "seal", "aria-hidden", "true");
    page.text(" " + proof.words() + " Do it here: ");
    copied(page, "twintail verify " + outline.arguments() + " --sample 20");
    page.closeLine();
  }

  private static void copied(Markup page, String command) {
    page.leaf("code", command, "class", "copy");
  }

  private void links(Markup page) {
    page.open("ul", "class", "links", "aria-label", "Read on").line();
    outline
        .links()
        .forEach(
            (what, address) ->
                link(page, what.equals("code") ? "Authors’ code" : "Their " + what, address));
    link(page, "Spec", "spec/" + outline.name() + ".yaml");
    if (outline.asRun().isPresent()) {
      link(page, "Claims in full", "claims.md");
    }
    if (!outline.models().isEmpty()) {
      link(page, "All models, best first", "league.md");
    }
    link(page, "The last run, worker by worker", RunPage.PAGE);
    link(page, "Tables as Arrow and CSV", "#provenance");
    page.closeLine();
  }

  private static void link(Markup page, String text, String address) {
    page.open("li").leaf("a", text, "href", address, "rel", "noreferrer").closeLine();
  }

  private void section(Markup page, Chapter section) {
    page.open("section", "id", section.id(), "aria-labelledby", section.id() + "-heading").line();
    page.leaf("h2", section.title(), "id", section.id() + "-heading").line();
    switch (section.id()) {
      case "results" -> {
        beside(page, section);
        page.add(new ResultsTable(outline, evidence, chapters).markup());
      }
      case "comparisons" -> beside(page, section);
      default -> {
        page.leaf("p", section.lead()).line();
        body(page, section);
      }
    }
    for (Chapter.Fold fold : section.folds()) {
      fold(page, fold);
    }
    page.closeLine();
  }

  private void body(Markup page, Chapter section) {
    switch (section.id()) {
      case "curves" -> curves(page);
      case "confusion" -> confusions(page);
      case "hardest" -> hardest(page);
      case "networks" -> networks(page);
      case "provenance" -> {
        tables(page);
        charts(page, section.charts());
      }
      default -> {
        section.grids().forEach(grid -> page.add(table(grid)));
        charts(page, section.charts());
      }
    }
  }

  /** Adds a drawing that needs no other title than the section's, and the words beside it. */
  private static void beside(Markup page, Chapter section) {
    page.open("div", "class", "beside").line();
    page.open("div");
    section.charts().forEach(chart -> page.add(chart.inline()));
    page.close();
    page.leaf("p", section.lead());
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

  private void curves(Markup page) {
    LearningCurves learning = chapters.learning();
    page.leaf(
            "div",
            "",
            "id",
            "explorer",
            "hidden",
            "hidden",
            "data-first",
            chapters.figures().best())
        .line();
    page.json("curves-data", learning.json());
    page.open("div", "class", "small").line();
    chapters
        .figures()
        .smallCurves(learning)
        .forEach((model, chart) -> small(page, model, "", "curves-" + model, chart));
    page.closeLine();
  }

  private void confusions(Markup page) {
    page.open("div", "class", "small").line();
    chapters
        .figures()
        .smallConfusions(chapters.errors())
        .forEach(
            (model, chart) ->
                small(
                    page,
                    model,
                    Objects.requireNonNull(chapters.errors().get(model)).worst(),
                    "confusion-" + model,
                    chart));
    page.closeLine();
  }

  /** Adds a small drawing, with a link to the large one. */
  private static void small(Markup page, String title, String words, String name, Chart chart) {
    page.open("figure").open("figcaption");
    page.leaf("a", title, "href", "svg/" + name + ".svg");
    page.close().add(chart.inline());
    if (!words.isEmpty()) {
      page.leaf("small", words);
    }
    page.closeLine();
  }

  /** Adds each network once, under the names of all models that have it. */
  private void networks(Markup page) {
    Map<Outline.Drawing, List<String>> models = new LinkedHashMap<>();
    for (Outline.OutlinedModel model : outline.models()) {
      models.computeIfAbsent(model.network(), n -> new ArrayList<>()).add(model.name());
    }
    page.open("div", "class", "networks").line();
    models.forEach((network, names) -> network(page, network, names));
    page.closeLine();
  }

  private static void network(Markup page, Outline.Drawing network, List<String> names) {
    page.open("article").open("h3");
    page.leaf("a", String.join(", ", names), "href", "svg/network-" + names.get(0) + ".svg");
    page.closeLine();
    page.open("ol").line();
    for (Diagram.Block box : network.boxes()) {
      page.open("li").leaf("small", box.figure()).text(" ").leaf("strong", box.title());
      if (!box.lines().isEmpty()) {
        page.open("ul");
        for (Diagram.DiagramLine line : layers(box.lines())) {
          page.open("li").leaf("small", line.figure()).text(" " + line.words()).close();
        }
        page.close();
      }
      page.closeLine();
    }
    page.close().closeLine();
  }

  /** Joins layers that learn nothing to the one before them. */
  private static List<Diagram.DiagramLine> layers(List<Diagram.DiagramLine> lines) {
    List<Diagram.DiagramLine> joined = new ArrayList<>();
    for (Diagram.DiagramLine line : lines) {
      String words = line.words().replace("->", "→");
      int last = joined.size() - 1;
      if (last >= 0 && !line.figure().contains(" · ")) {
        Diagram.DiagramLine before = joined.get(last);
        joined.set(last, new Diagram.DiagramLine(before.words() + ", " + words, before.figure()));
      } else {
        joined.add(new Diagram.DiagramLine(words, line.figure()));
      }
    }
    return joined;
  }

  private void tables(Markup page) {
    page.open("ul", "class", "tables").line();
    outline
        .artifacts()
        .forEach((name, digest) -> table(page, name, digest, "data/", outline.arguments()));
    page.closeLine();
    if (outline.asRun().isPresent()) {
      Outline.AsRun asRun = outline.asRun().get();
      page.open("details").leaf("summary", "The same, as run").line();
      page.open("ul", "class", "tables").line();
      asRun
          .digests()
          .forEach((name, digest) -> table(page, name, digest, "data/as-run/", asRun.arguments()));
      page.close().closeLine();
    }
  }

  private static void table(
      Markup page, String name, String digest, String folder, String arguments) {
    if (!name.startsWith("results/")) {
      return;
    }
    String file = name.substring("results/".length());
    String stem = file.replace(".arrow", "");
    String label = folder.endsWith("as-run/") ? stem + " as run" : stem;
    page.open("li");
    page.leaf("strong", stem).text(" ");
    page.leaf("a", "Arrow", "href", folder + file, "aria-label", label + " as Arrow").text(" ");
    page.leaf("a", "CSV", "href", folder + stem + ".csv", "aria-label", label + " as CSV");
    page.text(" ");
    copied(page, Chapters.get(name, arguments));
    page.leaf("small", "SHA-256 " + digest);
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
      page.text(" " + pair.wrong() + " of " + pair.asked() + " wrong");
      page.empty("br");
      String round = pair.dataset().replaceFirst("^datasets/(.*)/test\\.arrow$", "$1");
      page.leaf("small", round + ", pair " + pair.pair());
      page.close().close().closeLine();
    }
    page.closeLine();
  }

  private static void picture(Markup page, byte[] png, int number) {
    page.empty(
        "img",
        "width",
        "64",
        "height",
        "64",
        "alt",
        "an image of class " + number,
        "src",
        "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
  }
}
