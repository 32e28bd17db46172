package dev.twintail.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.report.chart.Diagram;
import dev.twintail.report.chart.GreyImage;
import dev.twintail.result.Table;
import dev.twintail.stats.Power;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportPageTest {
  /**
   * SHA-256 over names and bytes of all files. If it changes and the change is meant, raise {@link
   * ReportPage#VERSION} and pin it anew.
   */
  private static final String PINNED =
      "761d4d25354d7d20639de16f367d49a28cb788544f2cd2a834cce51e3c5f5c6c";

  private static final ClaimsPage.ClaimedModel ONE =
      new ClaimsPage.ClaimedModel(
          "One",
          10,
          "a remark",
          Map.of(
              new ClaimsPage.ClaimedPlace("test", "Table 1"),
              "of the claim",
              new ClaimsPage.ClaimedPlace("train", "Table 1"),
              "of training"));
  private static final ClaimsPage.ClaimedModel TWO =
      new ClaimsPage.ClaimedModel("Two", 20_000, "", Map.of());

  @Test
  void files_ofFixedTables_areThePinnedBytes() throws Exception {
    assertThat(digest(files())).isEqualTo(PINNED);
  }

  @Test
  void files_inAnotherLocaleAndTimeZone_areTheSame() throws Exception {
    String expected = digest(files());
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));

      assertThat(digest(files())).isEqualTo(expected);
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void hardestPairs_areThoseMostAnsweredWrong_thenTheLeastBelieved() throws IOException {
    List<HardPair> pairs = HardPair.of(predictions(), d -> pairs(), 12);

    assertThat(pairs.stream().map(p -> p.pair() + ": " + p.wrong() + " of " + p.asked()))
        .containsExactly("2: 2 of 2", "1: 2 of 2", "3: 1 of 2");
    assertThat(pairs.get(0).image2().png()).isEqualTo(image(pairs.get(0)));
  }

  @Test
  void hardestPairs_areCutAtTheNumberAskedFor() throws IOException {
    assertThat(HardPair.of(predictions(), d -> pairs(), 1)).hasSize(1);
  }

  @Test
  void errorRates_countByPairOfDigits() {
    ErrorRates rates = ErrorRates.byModel(predictions(), 10).get("Two");

    assertThat(rates.cells()[3][5].wrong()).isEqualTo(1);
    assertThat(rates.cells()[3][5].count()).isEqualTo(1);
    assertThat(rates.cells()[0][0].count()).isZero();
    assertThat(rates.worst()).isEqualTo("Worst: 2 then 2, wrong 1 of 1 times.");
  }

  @Test
  void errorRates_ofMoreThanTenClasses_haveACellForEachPair() {
    Table table =
        Table.builder("predictions", 1)
            .ints("digit1", new int[] {11})
            .ints("digit2", new int[] {10})
            .ints("target", new int[] {0})
            .ints("predicted", new int[] {1})
            .build();

    ErrorRates rates =
        ErrorRates.byModel(List.of(new Evidence.PredictedPairs("One", 1, "pairs", table)), 12)
            .get("One");

    assertThat(rates.cells()).hasDimensions(12, 12);
    assertThat(rates.worst()).isEqualTo("Worst: 11 then 10, wrong 1 of 1 times.");
  }

  @Test
  void page_ofTablesWithEffects_tellsThem() throws IOException {
    String page = text(files(), "index.html");

    assertThat(page)
        .contains(
            "<th scope=\"row\">Net-1: sharing</th><td class=\"k-number\">+1.50</td>"
                + "<td class=\"k-number\">[0.50, 2.50]</td>")
        .contains("<title id=\"effects-Net-1-title\">Effects of Net-1</title>")
        .contains("No test of 2 rounds can reach the level.");
    assertThat(files()).containsKey("svg/effects-Net-1.svg");
  }

  @Test
  void page_escapesWhatSpecsSay() throws IOException {
    assertThat(text(files(), "index.html"))
        .contains("<h1>A &lt;b&gt; title &amp; more</h1>")
        .doesNotContain("<b>");
    for (String name : List.of("report.md", "claims.md", "league.md")) {
      assertThat(text(files(), name)).startsWith("# A &lt;b> title & more\n").doesNotContain("<b>");
    }
  }

  @Test
  void page_tellsTheStoryBeforeAnyNumber() throws IOException {
    String page = text(files(), "index.html");

    assertThat(page)
        .containsSubsequence(
            "<figcaption>Class 2, then class 4: yes</figcaption>",
            "Two images of mnist, which has 10 classes: is the class of the first at most",
            "learns from 800 pairs, is watched on 200 more, and is tested on 500 others",
            "1 mean accuracy over 10 rounds: 76.00 % (One).",
            "Best of 2 models here: Two, 90.00 %; last: One, 75.00 % [70.00, 80.00].",
            "Of all published numbers: divided by n.",
            "Two: 1 of 2 rounds did not learn",
            "None of 6 actions was recomputed yet",
            "<a href=\"https://example.org/code\" rel=\"noreferrer\">Authors’ code</a>",
            "<svg role=\"img\"",
            "<table id=\"results-table\">");
  }

  @Test
  void table_hasTheVerdictSecondAndSignsForMinus() throws IOException {
    String page = text(files(), "index.html");

    assertThat(page)
        .contains(
            "<th scope=\"row\">One <small class=\"below-it\">Table 1</small></th><td class=\"k-text\""
                + " data-label=\"Verdict\"><span class=\"verdict inconclusive\">")
        .contains("data-label=\"Difference\">\u22121.00")
        .contains("<th scope=\"row\">Two</th>")
        .contains(
            "<li id=\"note-1\">One (Table 1): Of the claim: of the claim. Of the model: a remark.");
    assertThat(page.substring(page.indexOf("<main"), page.indexOf("<footer")))
        .doesNotContainPattern("<td[^>]*>-[0-9]");
  }

  @Test
  void remark_onATrainingAccuracy_isNotOnTheTestAccuracyOfItsPlace() throws IOException {
    String test = text(files(), "claims.md");
    String training = text(files(ofTraining()), "claims.md");

    assertThat(test).contains("Of the claim: of the claim.").doesNotContain("of training");
    assertThat(training).contains("Of the claim: of training.").doesNotContain("of the claim.");
    assertThat(notes(results())).contains("One (Table 1): Of the claim: of the claim.");
    assertThat(notes(ofTraining()))
        .contains("One (Table 1, training pairs): Of the claim: of training.");
  }

  private static List<String> notes(Map<String, Table> tables) {
    return ResultNotes.of(
        Evidence.table(tables, "summary.arrow"),
        Evidence.table(tables, "evaluations.arrow"),
        Evidence.table(tables, "published.arrow"),
        Optional.empty(),
        Map.of("One", ONE.claimRemarks()));
  }

  @Test
  void table_ofATrainingAccuracy_hasItsOwnMedian() throws IOException {
    assertThat(text(files(), "index.html")).contains("data-label=\"Median\">75.00");
    assertThat(text(files(ofTraining()), "index.html"))
        .contains("data-label=\"Median\">95.50")
        .doesNotContain("data-label=\"Median\">75.00");
  }

  @Test
  void story_tellsTestAndTrainingAccuraciesApart() throws IOException {
    Map<String, Table> asRun = new LinkedHashMap<>(results());
    asRun.computeIfPresent(
        "published.arrow", (name, table) -> table.replacing("where", List.of("Table 2")));

    String page =
        text(
            ReportPage.files(
                outline(new Proof(6, 0, 0, 0, List.of())),
                new Evidence(
                    ofTraining(), Optional.of(asRun), predictions(), d -> pairs(), List.of())),
            "index.html");

    assertThat(page)
        .contains(
            "2 mean accuracies over 10 rounds: 1 on test pairs: 76.00 % (One); 1 on training pairs:"
                + " 76.00 % (One).");
  }

  @Test
  void refusals_whereModelsHaveTables_areOfTables() throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>(results());
    tables.put(
        "evaluations.arrow",
        Table.builder("evaluations", 3)
            .strings("model", List.of("One", "One", "Two", "Two"))
            .ints("table", new int[] {1, 2, 1, 2})
            .strings("learnt", List.of("learnt", "learnt", "learnt", "learnt"))
            .ints("round", new int[] {1, 2, 1, 2})
            .doubles("accuracy", new double[] {0.74, 0.76, 0.88, 0.92})
            .build());

    assertThat(text(files(tables), "index.html"))
        .contains("What these tables cannot show", "No test of 2 tables can reach the level.")
        .contains("Of models with several tables, the means of tables stand for rounds.")
        .doesNotContain("No test of 2 rounds");
    assertThat(text(files(), "index.html"))
        .contains("What these rounds cannot show", "No test of 2 rounds can reach the level.");
  }

  @Test
  void page_withoutPublishedNumbers_tellsOfNone() throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>(results());
    tables.put("published.arrow", noClaims());

    String page =
        text(
            ReportPage.files(
                outline(new Proof(6, 0, 0, 0, List.of()), Optional.empty()),
                new Evidence(tables, Optional.empty(), predictions(), d -> pairs(), List.of())),
            "index.html");

    assertThat(page)
        .contains("<h2 id=\"results-heading\">What comes out</h2>", "data-label=\"Accuracy\">75.00")
        .doesNotContain("What they claim", ">Published<", "Common protocol", "margin\"");
  }

  @Test
  void page_ofClaimsAsRun_tellsOfNoCommonProtocol() throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>(results());
    tables.computeIfPresent(
        "published.arrow",
        (name, table) ->
            table
                .replacing("conditions", List.of("as run"))
                .replacing("verdict", List.of("consistent"))
                .replacing("reason", List.of("10 rounds more would be there."))
                .replacing("prediction_ci95_low", new Double[] {0.72})
                .replacing("prediction_ci95_high", new Double[] {0.78}));

    SortedMap<String, byte[]> files =
        ReportPage.files(
            outline(new Proof(6, 0, 0, 0, List.of()), Optional.empty()),
            new Evidence(tables, Optional.empty(), predictions(), d -> pairs(), List.of()));

    assertThat(text(files, "index.html"))
        .contains("<p>As run: <span class=\"verdict consistent\">")
        .contains(
            "data-label=\"As run\">75.00 <small class=\"beside-it\">(1.00)</small>"
                + " <small class=\"below-it\">one more: [72.00, 78.00]</small>",
            "data-label=\"As run\">90.00")
        .contains("as run: consistent", "as its authors ran it, each a mean")
        .contains("Of the claim: of the claim. Of the model: a remark.")
        .doesNotContainIgnoringCase("common protocol", "data-label=\"Difference\"");
    assertThat(text(files, "report.md"))
        .contains("Of 1 published number, 1 consistent, as run.")
        .contains(
            "| Model | Claim | Published | As run | As run: one more would be in | As run: verdict"
                + " | To know of it |")
        .contains("- One (Table 1): As run, consistent. 10 rounds more would be there.")
        .doesNotContainIgnoringCase("common");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 | 0 | 0 | 0 | '' | None of 6 actions was recomputed yet, by the records of this store.",
        "231 | 30 | 0 | 1 | AuthenticAMD"
            + " | 30 of 231 actions recomputed on 1 machine: the same bits.",
        "231 | 30 | 0 | 3 | AuthenticAMD GenuineIntel"
            + " | 30 of 231 actions recomputed on 3 machines of 2 processor makes (AMD, Intel):"
            + " the same bits.",
        "231 | 30 | 1 | 3 | AuthenticAMD"
            + " | For 1 of 231 actions other bits came out somewhere; 30 had the same.",
      })
  void proof_isToldInASentence(
      int actions, int verified, int disputed, int machines, String makers, String words) {
    List<String> names = makers.isEmpty() ? List.of() : List.of(makers.split(" "));

    assertThat(new Proof(actions, verified, disputed, machines, names).words()).isEqualTo(words);
  }

  @Test
  void page_ofAnotherProof_showsIt() throws IOException {
    String page =
        text(
            ReportPage.files(
                outline(new Proof(6, 2, 0, 1, List.of())),
                new Evidence(
                    results(), Optional.of(results()), predictions(), d -> pairs(), List.of())),
            "index.html");

    assertThat(page)
        .contains("class=\"proof same\"")
        .contains("2 of 6 actions recomputed on 1 machine: the same bits.");
  }

  @Test
  void scripts_areThoseThatThePolicyNames() throws Exception {
    String page = text(files(), "index.html");
    String policy = page.substring(page.indexOf("default-src"), page.indexOf("base-uri"));

    for (String element : List.of("style", "script")) {
      int start = page.lastIndexOf("<" + element + ">") + element.length() + 2;
      String content = page.substring(start, page.indexOf("</" + element + ">", start));
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      assertThat(policy)
          .contains(element + "-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }
    assertThat(page).doesNotContain(" style=\"", " onclick");
  }

  @Test
  void curvesData_areTheMeansOfTheTable() throws IOException {
    assertThat(text(files(), "index.html"))
        .contains(
            "{\"model\":\"One\",\"metric\":\"accuracy\",\"split\":\"train\",\"epoch\":[1,2],"
                + "\"mean\":[55.00,75.00],\"std\":[7.07,7.07]}");
  }

  @Test
  void spread_tellsRoundsForOnePoint_asPowerHasThem() {
    Map<String, Spread> spreads =
        Spread.ofRounds(
            Objects.requireNonNull(results().get("evaluations.arrow")), Optional.empty());

    double std = Math.sqrt(2);
    assertThat(Objects.requireNonNull(spreads.get("One")).std()).isCloseTo(std, within(1e-9));
    assertThat(Objects.requireNonNull(spreads.get("One")).forOnePoint())
        .isEqualTo(new Power(1, std).eachFor(0.8).value())
        .contains(33);
  }

  /** 886 − 885 and 857 − 856 of 1,000 differ in their last bits. */
  @Test
  void pairedRounds_equalDifferences_areNone() {
    Table evaluations =
        Table.builder("evaluations", 3)
            .strings("model", List.of("One", "One", "Two", "Two"))
            .doubles("accuracy", new double[] {0.886, 0.857, 0.885, 0.856})
            .build();

    assertThat(Spread.pairedRounds(evaluations, "One", "Two")).isEmpty();
  }

  /** Three tables of four rounds: the deviation of one is √(2.25 + 1 / 4). */
  @Test
  void spread_whereRoundsShareADraw_isTakenFromTables() throws IOException {
    Table variance =
        Table.builder("variance", 1)
            .strings("model", List.of("One", "One"))
            .ints("rounds", new int[] {4, 4})
            .strings("source", List.of("pairs", "rest"))
            .doubles("variance", new double[] {2.25, 1})
            .build();

    Spread spread = Objects.requireNonNull(Spread.ofTables(variance).get("One"));

    assertThat(spread.std()).isCloseTo(Math.sqrt(3.25), within(1e-12));
    assertThat(spread.ofPairs().orElseThrow()).isCloseTo(2.25 / 3.25, within(1e-12));
    assertThat(spread.forOnePoint()).isEqualTo(new Power(1, Math.sqrt(2.5)).eachFor(0.8).value());
    Map<String, Table> asRun = new LinkedHashMap<>(results());
    asRun.put("variance.arrow", variance);
    String page =
        text(
            ReportPage.files(
                outline(new Proof(6, 0, 0, 0, List.of())),
                new Evidence(
                    results(), Optional.of(asRun), predictions(), d -> pairs(), List.of())),
            "index.html");
    assertThat(page)
        .contains(
            "<title id=\"variance-as-run-title\">Where the variance comes from, as run</title>")
        .contains("as run, more rounds do not help beyond the draw: it takes 41 tables of each.");
  }

  @Test
  void authorsRounds_ofTheProtocolAsRun_standOnPageAndClaims() throws IOException {
    Map<String, Table> asRun = new LinkedHashMap<>(results());
    asRun.put(
        "records.arrow",
        Table.builder("records", 1)
            .metadata("where", "their log")
            .strings("model", List.of("One", "Two"))
            .strings("conditions", List.of("as run", "as run"))
            .ints("authors_n", new int[] {10, 10})
            .doubles("authors_mean", new double[] {0.7, 0.8})
            .optionalDoubles("authors_std", new Double[] {0.02, 0.01})
            .ints("n", new int[] {30, 30})
            .doubles("mean", new double[] {0.71, 0.795})
            .optionalDoubles("std", new Double[] {0.01, 0.01})
            .doubles("difference", new double[] {0.01, -0.005})
            .optionalDoubles("difference_ci95_low", new Double[] {0.001, -0.02})
            .optionalDoubles("difference_ci95_high", new Double[] {0.019, 0.01})
            .optionalDoubles("mann_whitney_p", new Double[] {0.01, 0.5})
            .optionalDoubles("mann_whitney_p_holm", new Double[] {0.02, 0.5})
            .build());
    asRun.put(
        "correlations.arrow",
        Table.builder("correlations", 1)
            .strings("whose", List.of("authors", "ours"))
            .ints("models", new int[] {2, 2})
            .ints("n", new int[] {10, 30})
            .doubles("mean_correlation", new double[] {0.3, 0.25})
            .doubles("ci95_low", new double[] {-0.1, 0.05})
            .doubles("ci95_high", new double[] {0.7, 0.5})
            .build());

    SortedMap<String, byte[]> files =
        ReportPage.files(
            outline(new Proof(6, 0, 0, 0, List.of())),
            new Evidence(results(), Optional.of(asRun), predictions(), d -> pairs(), List.of()));

    String words =
        "Over 2 models ours differ from theirs by +0.25 points on average, the largest by +1.00;"
            + " 1 of 2 differ at 5 %. From round to round models go up and down together, since they"
            + " share its pairs: the mean correlation of two is 0.30 [-0.10, 0.70] over 10 rounds of"
            + " theirs, and 0.25 [0.05, 0.50] over 30 rounds of ours.";
    assertThat(text(files, "index.html")).contains("The authors’ own rounds", "their log");
    assertThat(text(files, "report.md")).contains(words);
    assertThat(text(files, "claims.md"))
        .contains("## The authors’ own rounds, and those of study-as-run", words)
        .contains(
            "| One | as run | 10 | 70.00 (2.00) | 30 | 71.00 (1.00) | +1.00 [+0.10, +1.90] | 0.0100"
                + " | 0.0200 |");
  }

  private static Table noClaims() {
    Table whole = Objects.requireNonNull(results().get("published.arrow"));
    Table.Builder none = Table.builder("published", 2).metadata("margin", "0.02");
    for (String column : whole.columnNames()) {
      switch (whole.type(column)) {
        case UTF8 -> none.strings(column, List.of());
        case INT32 -> none.ints(column, new int[0]);
        case FLOAT64 -> none.doubles(column, new double[0]);
        default -> none.optionalDoubles(column, new Double[0]);
      }
    }
    return none.build();
  }

  private static byte[] image(HardPair pair) {
    return GreyImage.of(2, 1, new float[] {10 * pair.pair() + 2, 255}).png();
  }

  private static String text(SortedMap<String, byte[]> files, String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  private static String digest(SortedMap<String, byte[]> files) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      digest.update((file.getKey() + "\n" + file.getValue().length + "\n").getBytes("UTF-8"));
      digest.update(file.getValue());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static SortedMap<String, byte[]> files() throws IOException {
    return files(results());
  }

  private static SortedMap<String, byte[]> files(Map<String, Table> tables) throws IOException {
    return ReportPage.files(
        outline(new Proof(6, 0, 0, 0, List.of())),
        new Evidence(tables, Optional.of(tables), predictions(), d -> pairs(), List.of()));
  }

  /** The same, but that the claim is of the accuracy on training pairs. */
  private static Map<String, Table> ofTraining() {
    Map<String, Table> tables = new LinkedHashMap<>(results());
    tables.computeIfPresent(
        "published.arrow", (name, table) -> table.replacing("split", List.of("train")));
    return tables;
  }

  private static Outline outline(Proof proof) {
    return outline(
        proof,
        Optional.of(
            new Outline.AsRun(
                "study-as-run",
                "study-as-run",
                List.of(ONE, TWO),
                new TreeMap<>(Map.of("results/summary.arrow", "ab")))));
  }

  private static Outline outline(Proof proof, Optional<Outline.AsRun> asRun) {
    Diagram.Block box =
        new Diagram.Block(
            "Body", "10", List.of(new Diagram.DiagramLine("linear 4 -> 2", "2 features")));
    Outline.Drawing network =
        new Outline.Drawing(List.of(box, box, box), List.of(new Diagram.Arrow(0, 2)));
    Map<String, Integer> actions = new LinkedHashMap<>();
    actions.put("data-gen", 2);
    actions.put("evaluate", 4);
    return new Outline(
        "study",
        "A <b> title & more",
        "a \"report\"",
        Optional.of("divided by n"),
        "study",
        2,
        List.of(new Outline.OutlinedModel(ONE, network), new Outline.OutlinedModel(TWO, network)),
        asRun,
        "",
        List.of("training.shuffle: true → false"),
        new Outline.Workflow(
            actions,
            List.of(new Diagram.Arrow(0, 1)),
            Map.of("One", Map.of("data-gen", 2, "evaluate", 2))),
        Map.of("blas", "0.3"),
        new TreeMap<>(Map.of("results/summary.arrow", "cd", "datasets/round-01/test.arrow", "ef")),
        new Outline.Data("mnist", 10, 1000, 500, 200),
        Map.of("code", "https://example.org/code"),
        proof);
  }

  private static Map<String, Table> results() {
    Map<String, Table> tables = new LinkedHashMap<>();
    tables.put(
        "summary.arrow",
        Table.builder("summary", 1)
            .strings("model", List.of("One", "Two"))
            .ints("parameters", new int[] {10, 20_000})
            .ints("n", new int[] {2, 2})
            .ints("idle", new int[] {0, 1})
            .doubles("mean", new double[] {0.75, 0.9})
            .doubles("median", new double[] {0.75, 0.9})
            .optionalDoubles("std", new Double[] {0.01, null})
            .optionalDoubles("ci95_low", new Double[] {0.7, null})
            .optionalDoubles("ci95_high", new Double[] {0.8, null})
            .optionalDoubles("published_mean", new Double[] {0.76, null})
            .optionalDoubles("published_std", new Double[] {0.02, null})
            .build());
    tables.put(
        "published.arrow",
        Table.builder("published", 2)
            .metadata("margin", "0.02")
            .strings("model", List.of("One"))
            .strings("split", List.of("test"))
            .strings("where", List.of("Table 1"))
            .strings("conditions", List.of("common protocol"))
            .ints("published_n", new int[] {10})
            .strings("published_rounds_share", List.of("nothing"))
            .doubles("published_mean", new double[] {0.76})
            .optionalDoubles("published_std", new Double[] {0.02})
            .strings("published_deviation", List.of("sample"))
            .ints("tables", new int[] {1})
            .strings("rounds_share", List.of("nothing"))
            .ints("idle", new int[] {0})
            .optionalDoubles("prediction_ci95_low", new Double[] {null})
            .optionalDoubles("prediction_ci95_high", new Double[] {null})
            .doubles("mean", new double[] {0.75})
            .doubles("median", new double[] {0.955})
            .optionalDoubles("std", new Double[] {0.01})
            .doubles("difference", new double[] {-0.01})
            .optionalDoubles("difference_ci95_low", new Double[] {-0.03})
            .optionalDoubles("difference_ci95_high", new Double[] {0.01})
            .strings("verdict", List.of("inconclusive"))
            .strings("reason", List.of("Too few rounds."))
            .build());
    tables.put(
        "evaluations.arrow",
        Table.builder("evaluations", 3)
            .strings("model", List.of("One", "One", "Two", "Two"))
            .ints("table", new int[] {1, 1, 1, 1})
            .strings(
                "learnt",
                List.of("learnt", "learnt", "learnt", "no better than always the same answer"))
            .ints("round", new int[] {1, 2, 1, 2})
            .doubles("accuracy", new double[] {0.74, 0.76, 0.88, 0.92})
            .doubles("train_accuracy", new double[] {0.94, 0.96, 0.98, 1})
            .build());
    tables.put(
        "curves.arrow",
        Table.builder("curves", 1)
            .strings("model", List.of("One", "One", "One", "One"))
            .ints("round", new int[] {1, 2, 1, 2})
            .ints("epoch", new int[] {1, 1, 2, 2})
            .strings("split", List.of("train", "train", "train", "train"))
            .strings("metric", List.of("accuracy", "accuracy", "accuracy", "accuracy"))
            .doubles("value", new double[] {0.5, 0.6, 0.7, 0.8})
            .build());
    tables.put(
        "comparisons.arrow",
        tested(
            Table.builder("comparisons", 1)
                .strings("model_a", List.of("One"))
                .strings("model_b", List.of("Two"))
                .doubles("difference", new double[] {-0.15}),
            0.01));
    tables.put(
        "effects.arrow",
        tested(
            Table.builder("effects", 1)
                .strings("design", List.of("Net-1"))
                .strings("effect", List.of("sharing"))
                .strings("neither", List.of("One"))
                .doubles("estimate", new double[] {1.5}),
            1));
    return tables;
  }

  private static Table tested(Table.Builder table, double unit) {
    return table
        .optionalDoubles("ci95_low", new Double[] {0.5 * unit})
        .optionalDoubles("ci95_high", new Double[] {2.5 * unit})
        .optionalDoubles("corrected_ci95_low", new Double[] {-1 * unit})
        .optionalDoubles("corrected_ci95_high", new Double[] {4 * unit})
        .optionalDoubles("paired_t_p_holm", new Double[] {0.00001})
        .optionalDoubles("wilcoxon_p_holm", new Double[] {null})
        .optionalDoubles("sign_flip_p_holm", new Double[] {0.5})
        .optionalDoubles("corrected_t_p_holm", new Double[] {0.0625})
        .optionalStrings("refusal", List.of("No test of 2 rounds can reach the level."))
        .build();
  }

  /** Pair 0 is right by both, 1 and 2 wrong by both, 3 wrong by Two. */
  private static List<Evidence.PredictedPairs> predictions() {
    return List.of(
        new Evidence.PredictedPairs(
            "One", 1, "datasets/round-01/test.arrow", predictions(new int[] {1, 0, 0, 1}, 0.4)),
        new Evidence.PredictedPairs(
            "Two", 1, "datasets/round-01/test.arrow", predictions(new int[] {1, 0, 0, 0}, 0.1)));
  }

  private static Table predictions(int[] predicted, double belief) {
    return Table.builder("predictions", 1)
        .ints("pair", new int[] {0, 1, 2, 3})
        .ints("digit1", new int[] {1, 2, 2, 3})
        .ints("digit2", new int[] {1, 2, 4, 5})
        .ints("target", new int[] {1, 1, 1, 1})
        .ints("predicted", predicted)
        .optionalDoubles("probability", new Double[] {0.9, 0.45, belief, 0.5})
        .build();
  }

  private static Table pairs() {
    return Table.builder("pairs", 1)
        .metadata("width", "2")
        .metadata("height", "1")
        .floats("image1", 2, new float[] {1, 0, 11, 0, 21, 0, 31, 0})
        .floats("image2", 2, new float[] {2, 255, 12, 255, 22, 255, 32, 255})
        .build();
  }
}
