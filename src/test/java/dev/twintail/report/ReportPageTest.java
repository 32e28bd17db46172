package dev.twintail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.report.chart.Diagram;
import dev.twintail.report.chart.GreyImage;
import dev.twintail.result.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  /**
   * SHA-256 over names and bytes of all files. If it changes and the change is meant, raise {@link
   * ReportPage#VERSION} and pin it anew.
   */
  private static final String PINNED =
      "e8254cf7131242e71efe29fdaa6ed2ddcd7e57bda0654c0c6bafca419be03d98";

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
    ErrorRates rates = ErrorRates.byModel(predictions()).get("Two");

    assertThat(rates.cells()[3][5].wrong()).isEqualTo(1);
    assertThat(rates.cells()[3][5].count()).isEqualTo(1);
    assertThat(rates.cells()[0][0].count()).isZero();
    assertThat(rates.worst()).isEqualTo("Worst: 2 then 2, wrong 1 of 1 times.");
  }

  @Test
  void page_ofTablesWithEffects_tellsThem() throws IOException {
    String page = text(files(), "index.html");

    assertThat(page)
        .contains("<th scope=\"row\">Net-1: sharing</th><td>+1.50</td><td>[0.50, 2.50]</td>")
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
    return ReportPage.files(
        outline(), new Evidence(results(), Optional.of(results()), predictions(), d -> pairs()));
  }

  private static Outline outline() {
    Diagram.Box box =
        new Diagram.Box("Body", "10", List.of(new Diagram.Line("linear 4 -> 2", "2 features")));
    Outline.Drawing network =
        new Outline.Drawing(List.of(box, box, box), List.of(new Diagram.Arrow(0, 2)));
    ClaimsPage.Model one =
        new ClaimsPage.Model("One", 10, "a remark", Map.of("Table 1", "of the claim"));
    ClaimsPage.Model two = new ClaimsPage.Model("Two", 20_000, "", Map.of());
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
        List.of(new Outline.Model(one, network), new Outline.Model(two, network)),
        Optional.of(
            new Outline.AsRun(
                "study-as-run",
                "study-as-run",
                List.of(one, two),
                new TreeMap<>(Map.of("results/summary.arrow", "ab")))),
        "",
        List.of("training.shuffle: true → false"),
        new Outline.Workflow(
            actions,
            List.of(new Diagram.Arrow(0, 1)),
            Map.of("One", Map.of("data-gen", 2, "evaluate", 2))),
        Map.of("blas", "0.3"),
        new TreeMap<>(Map.of("results/summary.arrow", "cd", "datasets/round-01/test.arrow", "ef")));
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
  private static List<Evidence.Prediction> predictions() {
    return List.of(
        new Evidence.Prediction(
            "One", 1, "datasets/round-01/test.arrow", predictions(new int[] {1, 0, 0, 1}, 0.4)),
        new Evidence.Prediction(
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
