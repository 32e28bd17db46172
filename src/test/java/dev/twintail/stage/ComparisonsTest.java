package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.result.Table;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.FactorialSpec;
import dev.twintail.stage.Comparisons.Measured;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The expected numbers are R's: {@code t.test(x, y, paired = TRUE)}, {@code p.adjust(p, "holm")},
 * {@code prop.test(k, n, correct = FALSE)}; the exact p-values by {@code expand.grid} of all signs;
 * the corrected t by {@code sd(d) * sqrt(1 / n + 50 / 40)}.
 */
class ComparisonsTest {
  private static final Offset<Double> ROUNDING = Offset.offset(1e-9);
  private static final DataSpec DATA = TinyExperiment.read().data();
  private static final List<Double> A = List.of(.80, .81, .79, .83, .82, .80, .84, .81);
  private static final List<Double> B = List.of(.78, .80, .80, .79, .81, .80, .80, .79);
  private static final List<Double> C = List.of(.70, .72, .74, .71, .69, .73, .75, .70);
  private static final List<Double> D = List.of(.74, .75, .76, .73, .75, .74, .78, .75);

  private static Measured measured(String name, List<Double> accuracies) {
    List<GenerateData> pairs =
        IntStream.rangeClosed(1, accuracies.size())
            .mapToObj(round -> new GenerateData(DATA, 7, round))
            .toList();
    return new Measured(name, pairs, accuracies);
  }

  private static Comparisons of(Measured... models) {
    FactorialSpec design = new FactorialSpec("Net", "C", "D", "B", "A");
    return new Comparisons(List.of(models), CollectResults.Tests.of(7, DATA, List.of(design)));
  }

  private static void assertColumn(Table table, String column, Double... expected) {
    Double[] actual =
        table.type(column) == Table.Type.FLOAT64
            ? box(table.doubles(column))
            : table.optionalDoubles(column);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] == null) {
        assertThat(actual[i]).as(column + " " + i).isNull();
      } else {
        assertThat(actual[i]).as(column + " " + i).isCloseTo(expected[i], ROUNDING);
      }
    }
  }

  private static Double[] box(double[] values) {
    return Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  @Test
  void pairs_threeModels_areThoseOfR() {
    Table table = of(measured("A", A), measured("B", B), measured("C", C)).pairs();

    assertThat(table.strings("model_a")).containsExactly("A", "A", "B");
    assertThat(table.strings("model_b")).containsExactly("B", "C", "C");
    assertThat(table.ints("n")).containsExactly(8, 8, 8);
    assertColumn(table, "difference", 0.01625, 0.095, 0.07875);
    assertColumn(
        table, "ci95_low", 0.0014710984275450878, 0.07310783339465779, 0.061192138899055212);
    assertColumn(
        table, "ci95_high", 0.0310289015724548554, 0.11689216660534231, 0.096307861100944928);
    assertColumn(
        table,
        "corrected_ci95_low",
        -0.0327660713294262995,
        0.022391897522131304,
        0.020517162606989617);
    assertColumn(
        table,
        "corrected_ci95_high",
        0.0652660713294262451,
        0.167608102477868781,
        0.136982837393010537);
    assertColumn(
        table,
        "paired_t_p",
        3.5425164005432379e-02,
        1.8045659906454935e-05,
        1.4499923854502229e-05);
    assertColumn(
        table,
        "paired_t_p_holm",
        3.5425164005432379e-02,
        4.3499771563506687e-05,
        4.3499771563506687e-05);
    assertColumn(table, "wilcoxon_p", 0.0625, 0.0078125, 0.0078125);
    assertColumn(table, "wilcoxon_p_holm", 0.0625, 0.0234375, 0.0234375);
    assertColumn(table, "sign_flip_p", 0.0625, 0.0078125, 0.0078125);
    assertColumn(table, "sign_flip_p_holm", 0.0625, 0.0234375, 0.0234375);
    assertColumn(
        table, "corrected_t_p", 0.458781586753792658, 0.017472104507110519, 0.015112940197232123);
    assertColumn(
        table,
        "corrected_t_p_holm",
        0.458781586753792658,
        0.045338820591696367,
        0.045338820591696367);
    assertThat(table.ints("wins")).containsExactly(6, 8, 8);
    assertThat(table.ints("ties")).containsExactly(1, 0, 0);
    assertThat(table.ints("losses")).containsExactly(1, 0, 0);
    assertColumn(table, "superiority", 0.8125, 1.0, 1.0);
    assertColumn(
        table,
        "superiority_ci95_low",
        0.46678918574709033,
        0.67559243511611977,
        0.67559243511611977);
    assertColumn(table, "superiority_ci95_high", 0.95545608620048439, 1.0, 1.0);
    assertThat(table.metadata())
        .containsEntry("family", "3")
        .containsEntry("test_to_train", "1.25");
  }

  @Test
  void pairs_smallestPAboveTheLevel_isRefusedInWords() {
    Table table = of(measured("A", A), measured("B", B), measured("C", C)).pairs();

    // Seven rounds with a difference: 2 / 2⁷ · 3 < 0.05; in a family of three five do not do.
    assertThat(table.optionalStrings("refusal")).containsOnlyNulls();
    Table five =
        of(
                measured("A", A.subList(0, 5)),
                measured("B", B.subList(0, 5)),
                measured("C", C.subList(0, 5)))
            .pairs();
    assertThat(five.optionalStrings("refusal").get(1))
        .isEqualTo(
            "The exact Wilcoxon signed-rank test cannot reach 0.05 with 5 rounds that have a"
                + " difference: its smallest p is 0.0625; 6 such rounds could. The exact sign-flip"
                + " test cannot reach 0.05 with 5 rounds that have a difference: its smallest p is"
                + " 0.0625; 6 such rounds could.");
  }

  @Test
  void pairs_oneRound_hasNoIntervalAndSaysWhy() {
    Table table = of(measured("A", List.of(.8)), measured("B", List.of(.7))).pairs();

    assertThat(table.ints("n")).containsExactly(1);
    assertColumn(table, "difference", 0.1);
    assertColumn(table, "ci95_low", (Double) null);
    assertColumn(table, "corrected_ci95_high", (Double) null);
    assertColumn(table, "paired_t_p", (Double) null);
    assertColumn(table, "paired_t_p_holm", (Double) null);
    assertColumn(table, "wilcoxon_p", 1.0);
    assertColumn(table, "sign_flip_p", 1.0);
    assertThat(table.optionalStrings("refusal").get(0))
        .contains("cannot reach 0.05 with 1 round that has a difference: its smallest p is 1;");
  }

  @Test
  void pairs_twoRounds_haveAnIntervalAndARefusalOfTheExactTests() {
    // R: t.test(c(.8, .84) - c(.7, .75)): p = 0.033475416713146, (0.031468976631 , 0.158531023369)
    Table table = of(measured("A", List.of(.8, .84)), measured("B", List.of(.7, .75))).pairs();

    assertColumn(table, "paired_t_p", 0.0334754167131);
    assertColumn(table, "ci95_low", 0.0314689763191);
    assertColumn(table, "wilcoxon_p", 0.5);
    assertThat(table.optionalStrings("refusal").get(0))
        .contains("cannot reach 0.05 with 2 rounds that have a difference");
  }

  @Test
  void pairs_equalModels_differByNothing() {
    Table table = of(measured("A", A), measured("B", A)).pairs();

    assertColumn(table, "difference", 0.0);
    assertColumn(table, "paired_t_p", (Double) null);
    assertColumn(table, "wilcoxon_p", 1.0);
    assertThat(table.ints("ties")).containsExactly(8);
    assertColumn(table, "superiority", 0.5);
    assertThat(table.optionalStrings("refusal").get(0))
        .startsWith("The difference is 0 in all 8 rounds: without spread there is no t.");
  }

  @Test
  void pairs_differenceWithoutSpread_hasNoTAndExactTestsAllTheSame() {
    List<Double> less = A.stream().map(a -> a - 0.02).toList();

    Table table = of(measured("A", A), measured("B", less)).pairs();

    assertColumn(table, "paired_t_p", (Double) null);
    assertColumn(table, "corrected_t_p", (Double) null);
    assertColumn(table, "wilcoxon_p", Math.pow(2, -7));
    assertColumn(table, "sign_flip_p", Math.pow(2, -7));
  }

  @Test
  void pairs_modelsOfOtherTestPairs_areNotCompared() {
    Measured b = measured("B", B);
    GenerateData first = b.pairs().get(0);
    Measured still = new Measured("Still", b.pairs().stream().map(p -> first).toList(), C);

    Table table = of(measured("A", A), still, b).pairs();

    assertThat(table.strings("model_a")).containsExactly("A");
    assertThat(table.strings("model_b")).containsExactly("B");
  }

  @Test
  void pairs_oneModel_isATableWithoutRows() {
    Table table = of(measured("A", A)).pairs();

    assertThat(table.rows()).isZero();
    assertThat(table.columnNames()).contains("model_a", "wilcoxon_p_holm", "refusal");
  }

  @Test
  void effects_ofFourModels_areThoseOfRInPoints() {
    Table table =
        of(measured("A", A), measured("B", B), measured("C", C), measured("D", D)).effects();

    assertThat(table.strings("design")).containsExactly("Net", "Net", "Net");
    assertThat(table.strings("effect")).containsExactly("sharing", "auxiliary", "interaction");
    assertThat(table.strings("neither")).containsOnly("C");
    assertThat(table.strings("both")).containsOnly("A");
    assertColumn(table, "estimate", 2.4375, 7.0625, -1.625);
    assertColumn(table, "ci95_low", 1.3557951658006553, 5.677241911677978, -3.51762285722440859);
    assertColumn(table, "ci95_high", 3.5192048341993449, 8.447758088322022, 0.26762285722440837);
    assertColumn(
        table, "corrected_ci95_low", -1.1501090689528248, 2.4681186832308546, -7.90211988706374235);
    assertColumn(
        table, "paired_t_p", 1.0893075816156069e-03, 6.163941464893054e-06, 8.1881488928421189e-02);
    assertColumn(
        table,
        "paired_t_p_holm",
        2.1786151632312138e-03,
        1.8491824394679163e-05,
        8.1881488928421189e-02);
    assertColumn(table, "wilcoxon_p", 0.0078125, 0.0078125, 0.1015625);
    assertColumn(table, "sign_flip_p", 0.0078125, 0.0078125, 0.1171875);
    assertColumn(
        table,
        "corrected_t_p",
        0.1521823250381754977,
        0.0083432760564315714,
        0.5597914931548182427);
    assertColumn(table, "sign_flip_p_holm", 0.0234375, 0.0234375, 0.1171875);
  }

  @Test
  void effects_modelsOfOtherTestPairs_areNone() {
    Measured d = measured("D", D);
    Measured still = new Measured("D", d.pairs().stream().map(p -> d.pairs().get(0)).toList(), D);

    Table table = of(measured("A", A), measured("B", B), measured("C", C), still).effects();

    assertThat(table.rows()).isZero();
  }

  /** A second or so; the results stage is run again by every edit. */
  @Test
  @Timeout(20)
  void pairs_manyModelsAndRounds_areComparedInSeconds() {
    Random random = new Random(1);
    List<Measured> twenty = new ArrayList<>();
    List<Measured> ten = new ArrayList<>();
    for (int model = 0; model < 74; model++) {
      List<Double> accuracies =
          IntStream.range(0, 20).mapToObj(i -> random.nextInt(700, 999) / 1000.0).toList();
      twenty.add(measured("M" + model, accuracies));
      ten.add(measured("M" + model, accuracies.subList(0, 10)));
    }

    Table many = of(twenty.toArray(new Measured[0])).pairs();
    Table few = of(ten.toArray(new Measured[0])).pairs();

    assertThat(many.rows()).isEqualTo(74 * 73 / 2);
    assertThat(many.metadata()).containsEntry("family", "2701");
    assertThat(many.optionalStrings("refusal")).containsOnlyNulls();
    assertThat(few.optionalStrings("refusal"))
        .allMatch(r -> r != null && r.contains("cannot reach 0.05 in a family of 2701"));
  }
}
