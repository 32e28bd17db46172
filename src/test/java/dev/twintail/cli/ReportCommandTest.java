package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.app.Report;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.blob.Digest;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.record.Machine;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ReadOnlyObjectStore;
import dev.twintail.store.StoreContents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportCommandTest {
  /** The attributes by which a page could fetch something. */
  private static final List<String> FETCHING =
      List.of("src", "href", "xlink:href", "srcset", "data", "poster", "action", "formaction");

  @TempDir private static Path shared;
  private static Path store;
  private static Path report;
  private static Cli.Result result;

  @TempDir private Path folder;

  @BeforeAll
  static void runAndReport() {
    store = shared.resolve("store");
    report = shared.resolve("report");
    assertThat(Cli.runTiny(store).exitCode()).isZero();
    result = Cli.run("report", TinyExperiment.spec(), "--store", store, "-o", report);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void report_fromTwoStores_isTheSameByteForByte() throws IOException {
    Path other = folder.resolve("store");
    assertThat(Cli.runTiny(other).exitCode()).isZero();

    Cli.Result again =
        Cli.run("report", TinyExperiment.spec(), "--store", other, "-o", folder.resolve("report"));

    assertThat(again.exitCode()).isZero();
    SortedMap<String, String> files = files(folder.resolve("report"));
    assertThat(files).isEqualTo(files(report));
    assertThat(files.keySet())
        .contains(
            "index.html",
            "report.md",
            "league.md",
            "svg/accuracy.svg",
            "svg/rounds.svg",
            "svg/curves-Pixels.svg",
            "svg/confusion-PreTrain.svg",
            "svg/network-Arithmetic.svg",
            "svg/pipeline.svg",
            "svg/behind.svg",
            "pictures/pair-01-1.png");
  }

  @Test
  void report_secondTime_isTheStoredOne() throws IOException {
    Path second = folder.resolve("second");

    Cli.Result again = Cli.run("report", TinyExperiment.spec(), "--store", store, "-o", second);

    assertThat(result.out()).endsWith(", executed\n");
    assertThat(again.out())
        .isEqualTo(
            result
                .out()
                .replace(report.toString(), second.toString())
                .replace(", executed\n", ", reused\n"));
    assertThat(files(second)).isEqualTo(files(report));
  }

  @Test
  void store_withAReport_isWholeAndTellsItsLineage() {
    Matcher digest = Pattern.compile("SHA-256 ([0-9a-f]{64})").matcher(result.out());
    assertThat(digest.find()).isTrue();

    assertThat(Cli.run("fsck", "--store", store).exitCode()).isZero();
    Cli.Result lineage = Cli.run("lineage", digest.group(1), "--store", store);
    assertThat(lineage.exitCode()).isZero();
    assertThat(lineage.out()).contains("report ").contains("data-gen ");
    assertThat(lineage.out().lines())
        .filteredOn(line -> line.endsWith(" files of a report"))
        .hasSize(1);
  }

  @Test
  void report_ofChosenModel_tellsItAndTheCandidates() throws Exception {
    String text = TinyExperiment.edited("rounds: 2\n", "rounds: 1\n");
    Path spec =
        TinyExperiment.write(
            folder,
            "search.yaml",
            text.replace("name: tiny", "name: search")
                + """
                  Won:
                    chosen-by: rates
                sweeps:
                  rates:
                    model: Pixels
                    rounds: 1
                    steps:
                      - training.adam.learning-rate: [1.0e-3, 1.0e-2]
                        training.epochs: [1, 2]
                    authors:
                      setting: {training.adam.learning-rate: 0.01, training.epochs: 2}
                      accuracy: 71.5
                      where: "their log"
                """);
    List<Object> options = List.of("--store", store);
    Cli.Result run = run(List.of("run", spec, "--data", MnistFixture.folder()), options);
    assertThat(run.exitCode()).as(run.err()).isZero();

    Path out = folder.resolve("search");
    assertThat(run(List.of("report", spec, "-o", out), options).exitCode()).isZero();

    Document page = parse(Files.readString(out.resolve("index.html")));
    assertThat(rows(page, "sweep-rates"))
        .hasSize(4)
        .filteredOn(row -> row.endsWith("✓ chosen"))
        .hasSize(1);
    assertThat(rows(page, "searches"))
        .singleElement()
        .asString()
        .startsWith("rates 4 training.adam.learning-rate=")
        .contains("training.adam.learning-rate=0.01 training.epochs=2 71.50 on validation");
    assertThat(rows(page, "surface-rates-1"))
        .hasSize(2)
        .filteredOn(row -> row.contains("✓"))
        .hasSize(1);
    assertThat(Files.readString(out.resolve("report.md")))
        .contains("rates: of 4 settings in 1 round each, validation pairs choose ")
        .contains(
            "The authors chose training.adam.learning-rate=0.01 training.epochs=2 with 71.50 %")
        .contains("; here it has ");
    assertThat(run(List.of("ls", spec), options).out())
        .contains("predictions/rates/trial-1.1/round-01/evaluation.arrow")
        .contains("predictions/rates/trial-1.4/round-01/evaluation.arrow")
        .contains("sweeps/rates/step-1/trials.arrow")
        .contains("results/searches.arrow");
    assertThat(rows(page, "results")).last().asString().startsWith("Won ");
    assertThat(run(List.of("league", spec), options).out())
        .contains("| Won | 786 | ")
        .isEqualTo(Files.readString(out.resolve("league.md")));
  }

  @Test
  void report_ofPart_namesThePartInItsCommands() throws IOException {
    Path part = folder.resolve("part");
    Path spec = TinyExperiment.spec();
    List<Object> options = List.of("--only", "Logits,Pixels", "--rounds", "1", "--store", store);
    assertThat(run(List.of("run", spec, "--data", MnistFixture.folder()), options).exitCode())
        .isZero();

    Cli.Result of = run(List.of("report", spec, "-o", part), options);

    assertThat(of.exitCode()).isZero();
    assertThat(Files.readString(part.resolve("index.html")))
        .contains(
            "twintail get tiny.yaml --only Pixels,Logits --rounds 1 results/summary.arrow -o out");
  }

  @Test
  void report_withoutResults_saysWhatToRun() throws IOException {
    Cli.Result none =
        Cli.run(
            "report",
            TinyExperiment.spec(),
            "--store",
            Cli.emptyStore(folder),
            "-o",
            folder.resolve("r"));

    assertThat(none.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(none.err())
        .contains("Cannot find these results in the store: ")
        .contains("twintail run ");
    assertThat(folder.resolve("r")).doesNotExist();
  }

  @Test
  void browser_isThatOfTheEnvironment_orTellsThatThereIsNone() throws Exception {
    Path page = Files.writeString(folder.resolve("a page.html"), "");
    Path shown = folder.resolve("shown");
    Path browser = folder.resolve("browser");
    Files.writeString(browser, "#!/bin/sh\nprintf %s \"$1\" >'" + shown + "'\n");
    assertThat(browser.toFile().setExecutable(true)).isTrue();

    Browser.show(page, "Linux", Map.of("BROWSER", browser.toString()));

    assertThat(shown).content().isEqualTo(page.toUri().toString()).endsWith("a%20page.html");
    assertThatThrownBy(() -> Browser.show(page, "Linux", Map.of("BROWSER", "no-such-browser")))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "Cannot open "
                + page
                + ", which is written: there is no no-such-browser; open it yourself, or set"
                + " BROWSER");
  }

  @Test
  void report_withoutFolder_namesOneAfterTheExperiment() {
    assertThat(Cli.run("report", "--help").out())
        .containsPattern("Default:\\s+report/NAME,\\s+the\\s+experiment's\\s+name");
  }

  @Test
  void page_isWellFormedAndAccessible() throws Exception {
    Document page = parse(Files.readString(report.resolve("index.html")));

    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(elements(page, "img")).isNotEmpty();
    for (Element image : elements(page, "img")) {
      assertThat(image.getAttribute("alt")).isNotBlank();
    }
    assertThat(elements(page, "svg")).hasSizeGreaterThan(15);
    for (Element svg : elements(page, "svg")) {
      assertThat(svg.getAttribute("role")).isEqualTo("img");
      assertThat(texts(svg, "title")).singleElement().asString().isNotBlank();
      assertThat(texts(svg, "desc")).singleElement().asString().isNotBlank();
    }
    assertThat(elements(page, "table")).isNotEmpty();
    for (Element table : elements(page, "table")) {
      assertThat(elements(table, "th")).isNotEmpty();
      assertThat(texts(table, "caption")).singleElement().asString().isNotBlank();
      for (Element head : elements(table, "th")) {
        assertThat(head.getAttribute("scope")).isIn("col", "row");
      }
      Element box = (Element) table.getParentNode();
      if (!box.getAttribute("class").equals("results")) { // Which never scrolls.
        assertThat(box.getAttribute("tabindex")).isEqualTo("0"); // Scrolls by keys, too.
      }
    }
  }

  @Test
  void page_fetchesNothing_andLinksToWhatIsThere() throws Exception {
    String text = Files.readString(report.resolve("index.html"));
    Document page = parse(text);
    Set<String> ids = new HashSet<>();
    for (Element element : elements(page, "*")) {
      if (element.hasAttribute("id")) {
        assertThat(ids.add(element.getAttribute("id"))).as(element.getAttribute("id")).isTrue();
      }
    }

    List<String> values = new ArrayList<>();
    for (Element element : elements(page, "*")) {
      for (String attribute : FETCHING) {
        String value = element.getAttribute(attribute);
        values.add(value);
        if (value.startsWith("#")) {
          assertThat(ids).contains(value.substring(1));
        } else if (!value.isEmpty() && element.getTagName().equals("a")) {
          assertThat(report.resolve(value)).isRegularFile();
        } else if (!value.isEmpty()) {
          assertThat(value).startsWith("data:");
        }
      }
      for (String attribute : List.of("aria-labelledby", "aria-describedby")) {
        if (element.hasAttribute(attribute)) {
          assertThat(ids).contains(element.getAttribute(attribute));
        }
      }
    }
    assertThat(values).anyMatch(v -> v.startsWith("#")).anyMatch(v -> v.startsWith("data:"));
    assertThat(elements(page, "script")).hasSize(2); // One of them is JSON.
    assertThat(text.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest");
    assertThat(text).contains("content=\"default-src 'none'; ");
  }

  @Test
  void page_showsTheNumbersOfTheTables() throws Exception {
    Path out = folder.resolve("out");
    assertThat(
            Cli.run("get", TinyExperiment.spec(), "results", "--store", store, "-o", out)
                .exitCode())
        .isZero();
    Table summary =
        ArrowFiles.decode(Files.readAllBytes(out.resolve("results").resolve("summary.arrow")));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < summary.rows(); i++) {
      expected.add(
          String.format(
              Locale.ROOT,
              "%s|%.2f [%.2f, %.2f]|%.2f|%,d",
              summary.strings("model").get(i),
              100 * summary.doubles("mean")[i],
              100 * summary.optionalDoubles("ci95_low")[i],
              100 * summary.optionalDoubles("ci95_high")[i],
              100 * summary.doubles("median")[i],
              summary.ints("parameters")[i]));
    }
    Table published =
        ArrowFiles.decode(Files.readAllBytes(out.resolve("results").resolve("published.arrow")));
    Set<String> claimed = new HashSet<>(published.strings("model"));
    expected.removeIf(row -> claimed.contains(row.substring(0, row.indexOf('|'))));

    Document page = parse(Files.readString(report.resolve("index.html")));

    List<String> rows = rows(page, "results", "|");
    assertThat(rows).hasSize(7);
    assertThat(rows.subList(0, 2)).allMatch(row -> row.matches("(Pixels|PreTrain) Table 1\\|.*"));
    assertThat(rows.subList(2, 7))
        .map(row -> row.replace("||", "|").replaceFirst("\\|\\s*unpublished\\|", "|"))
        .allSatisfy(row -> assertThat(expected).anyMatch(e -> row.startsWith(e.substring(0, 12))))
        .map(row -> row.replaceAll("\\|$", ""))
        .isEqualTo(expected);
    for (int i = 0; i < 2; i++) {
      assertThat(rows.get(i))
          .contains(
              String.format(
                  Locale.ROOT,
                  "|%.2f (%.2f)|%.2f (%.2f)|",
                  100 * published.doubles("published_mean")[i],
                  100 * published.optionalDoubles("published_std")[i],
                  100 * published.doubles("mean")[i],
                  100 * published.optionalDoubles("std")[i]))
          .contains(published.strings("verdict").get(i));
    }
  }

  @Test
  void page_givesTheDigestThatGetFetches() throws Exception {
    Path out = folder.resolve("out");
    assertThat(
            Cli.run("get", TinyExperiment.spec(), "results", "--store", store, "-o", out)
                .exitCode())
        .isZero();
    String digest =
        Digest.of(Files.readAllBytes(out.resolve("results").resolve("evaluations.arrow"))).sha256();

    Document page = parse(Files.readString(report.resolve("index.html")));

    assertThat(texts(page.getDocumentElement(), "li"))
        .contains(
            "evaluations Arrow CSV twintail get tiny.yaml results/evaluations.arrow -o out"
                + "SHA-256 "
                + digest);
    assertThat(Digest.of(Files.readAllBytes(report.resolve("data/evaluations.arrow"))).sha256())
        .isEqualTo(digest);
    assertThat(report.resolve("data/evaluations.csv")).content().startsWith("model,table,round,");
    assertThat(report.resolve("data/artifacts.csv"))
        .content()
        .contains("results/evaluations.arrow," + digest + ",twintail get tiny.yaml ");
  }

  @Test
  void runPage_showsWhoDidWhat_andIsNoPartOfTheReport() throws Exception {
    Document page = parse(Files.readString(report.resolve("run.html")));

    assertThat(elements(page, "svg")).hasSize(1);
    assertThat(texts(page.getDocumentElement(), "title"))
        .anyMatch(title -> title.startsWith("train-siamese/Pixels/1, "));
    assertThat(texts(page.getDocumentElement(), "p"))
        .contains("Nothing was verified yet: ‘twintail verify’.");
    assertThat(rows(page, "stages")).anyMatch(row -> row.matches("evaluate \\d+ 0"));
    assertThat(Files.readString(report.resolve("index.html")))
        .doesNotContain(Machine.current().host() + ",");
  }

  @Test
  void page_afterAVerification_bearsTheBadge() throws Exception {
    Path verified = StoreContents.copy(store, folder.resolve("store"));
    assertThat(
            Cli.run("verify", TinyExperiment.spec(), "--sample", "3", "--store", verified)
                .exitCode())
        .isZero();

    Path out = folder.resolve("badge");
    assertThat(Cli.run("report", TinyExperiment.spec(), "--store", verified, "-o", out).exitCode())
        .isZero();

    assertThat(Files.readString(report.resolve("index.html")))
        .contains("class=\"proof none\"", "actions was recomputed yet");
    assertThat(Files.readString(out.resolve("index.html")))
        .contains("class=\"proof same\"")
        .containsPattern("> \\d+ of \\d+ actions recomputed on 1 machine: the same bits\\.");
  }

  @Test
  void markdown_namesOnlyFilesThatAreThere() throws IOException {
    String text = Files.readString(report.resolve("report.md"));
    List<String> names = new ArrayList<>();
    Matcher matcher = Pattern.compile("(?:]\\(|src=\")([^)\"]+)[)\"]").matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }

    assertThat(names).hasSizeGreaterThan(20);
    assertThat(names).allSatisfy(name -> assertThat(report.resolve(name)).isRegularFile());
    assertThat(text).startsWith("# A tiny experiment\n").contains("| PreTrain | Table 1 | 90.00");
  }

  @Test
  void drawingsAndPictures_areWellFormedFiles() throws Exception {
    int drawings = 0;
    int pictures = 0;
    for (String name : files(report).keySet()) {
      byte[] bytes = Files.readAllBytes(report.resolve(name));
      if (name.endsWith(".svg")) {
        drawings++;
        Element svg = parse(new String(bytes, StandardCharsets.UTF_8)).getDocumentElement();
        assertThat(svg.getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
        assertThat(texts(svg, "style")).singleElement().asString().contains("prefers-color-scheme");
      } else if (name.endsWith(".png")) {
        pictures++;
        assertThat(ImageIO.read(new ByteArrayInputStream(bytes)).getWidth()).isEqualTo(14);
      }
    }
    assertThat(drawings).isGreaterThan(20);
    assertThat(pictures).isPositive();
  }

  @Test
  void report_withAsRunProtocolBeside_showsBothOrSaysHow() throws Exception {
    Path spec = TinyExperiment.write(folder, "tiny.yaml", Files.readString(TinyExperiment.spec()));
    Path asRun =
        Files.writeString(
            folder.resolve("tiny-as-run.yaml"),
            "extends: tiny.yaml\nname: tiny-as-run\nprotocol: {deviation: population}\n");
    Path before = folder.resolve("before");
    Path after = folder.resolve("after");

    Cli.Result without = Cli.run("report", spec, "--store", store, "-o", before);
    assertThat(Cli.run("run", asRun, "--data", MnistFixture.folder(), "--store", store).exitCode())
        .isZero();
    Cli.Result with = Cli.run("report", spec, "--store", store, "-o", after);

    assertThat(without.exitCode()).isZero();
    assertThat(with.exitCode()).isZero();
    assertThat(Files.readString(before.resolve("index.html")))
        .contains("execute it with ‘twintail run tiny-as-run.yaml’")
        .doesNotContain(">As run<");
    assertThat(before.resolve("claims.md")).doesNotExist();
    assertThat(Files.readString(after.resolve("index.html")))
        .contains("data-label=\"As run\"")
        .doesNotContain("execute it with");
    assertThat(Files.readString(after.resolve("claims.md")))
        .isEqualTo(Cli.run("claims", spec, "--store", store).out());
  }

  @Test
  void report_asRunResultsDamaged_saysHowToMakeThemAnew() throws Exception {
    Path damaged = StoreContents.copy(store, folder.resolve("store"));
    Path spec = TinyExperiment.write(folder, "tiny.yaml", Files.readString(TinyExperiment.spec()));
    Path asRun =
        Files.writeString(
            folder.resolve("tiny-as-run.yaml"),
            "extends: tiny.yaml\nname: tiny-as-run\nseed: 8\nrounds: 1\n");
    List<Object> options = List.of("--only", "Pixels,Logits", "--store", damaged);
    for (Path each : List.of(spec, asRun)) {
      assertThat(run(List.of("run", each, "--data", MnistFixture.folder()), options).exitCode())
          .isZero();
    }
    Path summary = folder.resolve("get");
    run(List.of("get", asRun, "results/summary.arrow", "-o", summary), options);
    Digest digest =
        Digest.of(Files.readAllBytes(summary.resolve("results").resolve("summary.arrow")));

    // The as-run protocol has rounds of its own.
    Path whole = folder.resolve("whole");
    Path intact = StoreContents.copy(damaged, folder.resolve("intact"));
    assertThat(
            run(
                    List.of("report", spec, "-o", whole),
                    List.of("--only", "Pixels,Logits", "--store", intact))
                .exitCode())
        .isZero();
    Files.write(new PoisonedStore(damaged).blob(digest), new byte[(int) digest.size()]);
    Path out = folder.resolve("out");
    Cli.Result report = run(List.of("report", spec, "-o", out), options);

    assertThat(Files.readString(whole.resolve("index.html"))).contains("data-label=\"As run\"");
    assertThat(report.exitCode()).isZero();
    assertThat(Files.readString(out.resolve("index.html")))
        .contains("execute it with ‘twintail run tiny-as-run.yaml --only Pixels,Logits’");
  }

  @Test
  void report_damagedRunRecord_isLeftOut() throws IOException {
    Path damaged = StoreContents.copy(store, folder.resolve("store"));
    Files.writeString(damaged.resolve("runs").resolve("9-garbled.json"), "{");

    Cli.Result again =
        Cli.run(
            "report", TinyExperiment.spec(), "--store", damaged, "-o", folder.resolve("report"));

    assertThat(again.exitCode()).isZero();
    assertThat(again.errLines())
        .singleElement()
        .asString()
        .startsWith("Run 9-garbled is left out: Cannot read run record");
    assertThat(folder.resolve("report").resolve("run.html"))
        .content()
        .contains("<h1>The last run of ");
  }

  @Test
  void report_strangersFileInItsPlace_writesNothingUnlessForced() throws IOException {
    Path out = Files.createDirectories(folder.resolve("site"));
    Files.writeString(out.resolve("index.html"), "mine");
    Object[] command = {"report", TinyExperiment.spec(), "--store", store, "-o", out};

    Cli.Result refused = Cli.run(command);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(refused.errLines())
        .containsExactly(
            "twintail: Cannot write "
                + out.resolve("index.html")
                + ": it holds something else; --force replaces it");
    assertThat(files(out)).containsOnlyKeys("index.html");
    assertThat(Cli.runWith(List.of(command), "--force").exitCode()).isZero();
    assertThat(files(out)).isEqualTo(files(report));
  }

  /** What a larger report left is removed; what somebody else put there, or changed, is kept. */
  @Test
  void report_overALargerOne_leavesOnlyItsOwnFilesAndThoseOfOthers() throws IOException {
    Path part = StoreContents.copy(store, folder.resolve("store"));
    Path out = folder.resolve("site");
    Path alone = folder.resolve("alone");
    Cli.runOn(TinyExperiment.spec(), part, "--only", "Pixels", "--rounds", 1);
    List<Object> few =
        List.of(
            "report", TinyExperiment.spec(), "--only", "Pixels", "--rounds", 1, "--store", part);
    assertThat(Cli.runWith(few, "-o", alone).exitCode()).isZero();
    Cli.run("report", TinyExperiment.spec(), "--store", part, "-o", out);
    Set<String> leftovers = new TreeSet<>(files(out).keySet());
    leftovers.removeAll(files(alone).keySet());
    assertThat(leftovers).isNotEmpty();
    String changed = leftovers.iterator().next();
    Files.writeString(out.resolve(changed), "edited");
    Files.writeString(out.resolve("CNAME"), "stranger");

    Cli.Result again = Cli.runWith(few, "-o", out);

    assertThat(again.exitCode()).as(again.err()).isZero();
    SortedMap<String, String> expected = files(alone);
    expected.put(changed, "edited");
    expected.put("CNAME", "stranger");
    assertThat(files(out)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void report_readOnlyStore_makesOrReusesTheSame(boolean kept) throws Exception {
    Path copy = StoreContents.copy(store, folder.resolve("store"));
    Report known = report(copy, new ArrayList<>());
    if (!kept) {
      Files.delete(copy.resolve(known.key().nameIn("ac")));
    }
    List<String> notes = new ArrayList<>();

    Report written = report(copy, notes);

    assertThat(written.reused()).isEqualTo(kept);
    assertThat(written.digest())
        .isEqualTo(Digest.of(Files.readAllBytes(report.resolve("index.html"))));
    assertThat(notes).hasSize(kept ? 0 : 1);
  }

  /** Writes the report of a store that cannot be written. */
  private Report report(Path readOnly, List<String> notes) throws Exception {
    try (Session session =
        Session.over(
            new ReadOnlyObjectStore(LocalObjectStore.open(readOnly)), folder, notes::add)) {
      return session.report(Study.read(TinyExperiment.spec()), Optional.empty());
    }
  }

  private static Cli.Result run(List<?> command, List<?> options) {
    return Cli.run(Stream.concat(command.stream(), options.stream()).toArray());
  }

  /** Returns the report's files by name, each as text of one letter a byte. */
  private static SortedMap<String, String> files(Path folder) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(path).toString().replace('\\', '/');
        // What the last run did is of the store, not of the report.
        if (!name.equals("run.html") && !name.equals("report.sha256")) {
          files.put(name, new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return files;
  }

  private static Document parse(String text) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    return builder.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document document, String name) {
    return elements(document.getDocumentElement(), name);
  }

  private static List<Element> elements(Element root, String name) {
    NodeList nodes = root.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static List<String> texts(Element root, String name) {
    return elements(root, name).stream().map(Element::getTextContent).toList();
  }

  /** Returns the rows of a table, cells joined. */
  private static List<String> rows(Document page, String id) {
    return rows(page, id, " ");
  }

  private static List<String> rows(Document page, String id, String between) {
    Element table =
        elements(page, "table").stream()
            .filter(t -> elements(t, "caption").get(0).getAttribute("id").equals(id + "-caption"))
            .findFirst()
            .orElseThrow();
    List<String> rows = new ArrayList<>();
    for (Element row : elements(elements(table, "tbody").get(0), "tr")) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.getChildNodes().getLength(); i++) {
        cells.add(row.getChildNodes().item(i).getTextContent());
      }
      rows.add(String.join(between, cells));
    }
    return rows;
  }
}
