package dev.twintail.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

class CheckReportTest {
  @TempDir private Path folder;

  private static JudgedClaim claim(String model, String where, String mean, String verdict) {
    return new JudgedClaim(
        new Expectation(
            new ClaimPlace(model, "test", where, 1), mean, Optional.of("1.5"), 10, verdict),
        0.875,
        Optional.of(0.0125),
        10,
        "Because of the interval.");
  }

  private static CheckReport report(List<JudgedClaim> now, Verdicts expected, Suite... more) {
    List<Suite> suites = new ArrayList<>();
    suites.add(Suite.of("claims", "x.verdicts.tsv", expected.compare(now, Map.of())));
    Collections.addAll(suites, more);
    return new CheckReport(
        "x",
        "x, 10 rounds in each of 2 tables",
        10,
        now,
        expected,
        suites,
        List.of("Somebody agrees|."),
        new TreeMap<>(Map.of("summary.arrow", "0".repeat(64))));
  }

  @Test
  void compare_sameVerdictsAndNumbers_allHold() {
    List<JudgedClaim> claims = List.of(claim("A", "Table 1", "80", "below"));

    assertThat(Verdicts.of(claims).compare(claims, Map.of()))
        .allMatch(one -> one.failure().isEmpty())
        .hasSize(1);
  }

  @Test
  void compare_verdictWaitingForTables_isSkippedUnlessItIsKnownOrTheNumberChanged() {
    List<JudgedClaim> now =
        List.of(
            claim("A", "Table 1", "80", "inconclusive"),
            claim("B", "Table 1", "81", "inconclusive"),
            claim("C", "Table 1", "82", "inconclusive"),
            claim("D", "Table 1", "83", "inconclusive"));
    Verdicts expected =
        Verdicts.of(
            List.of(
                claim("A", "Table 1", "80", "above"),
                claim("B", "Table 1", "81", "inconclusive"),
                claim("C", "Table 1", "99", "above"),
                claim("D", "Table 1", "83", "above")));
    Suite suite =
        Suite.of(
            "claims",
            "x.verdicts.tsv",
            expected.compare(now, Map.of(0, "x-as-run", 1, "x-as-run", 2, "x-as-run")));
    CheckReport report =
        new CheckReport(
            "x", "x, 10 rounds", 10, now, expected, List.of(suite), List.of(), new TreeMap<>());

    assertThat(suite.words()).isEqualTo("claims: 1 of 4 as expected, 1 not checked");
    assertThat(suite.skipped().stream().map(Case::name)).containsExactly("A, Table 1");
    assertThat(suite.failures().stream().map(Case::name))
        .containsExactly("C, Table 1", "D, Table 1");
    assertThat(JunitXml.of(report))
        .contains("failures=\"2\"", "skipped=\"1\"")
        .contains("<skipped message=\"expected: above, by tables of x-as-run\"");
    String summary = JobSummary.of(report);
    assertThat(summary)
        .contains("1 of 4 as expected, 1 not checked")
        .contains("| inconclusive | above, not checked |");
    assertThat(summary.split("\\*\\*inconclusive\\*\\*", -1)).as("bold: C and D").hasSize(3);
  }

  @Test
  void compare_otherNumberOrVerdict_tellsWhichAndHow() {
    Verdicts expected =
        Verdicts.of(
            List.of(
                claim("A", "Table 1", "80", "below"),
                claim("B", "Table 1", "81", "reproduced"),
                claim("Gone", "text", "82", "above")));

    List<Case> cases =
        expected.compare(
            List.of(
                claim("B", "Table 1", "81", "above"),
                claim("A", "Table 1", "90", "below"),
                claim("New", "Table 2", "83", "above")),
            Map.of());

    assertThat(cases.stream().map(c -> c.name() + ": " + c.failure().orElse("")))
        .containsExactly(
            "B, Table 1: verdict: reproduced → above",
            "A, Table 1: published: 80 (1.5) of 10 rounds → 90 (1.5) of 10 rounds",
            "New, Table 2: a claim without an expected verdict: 83 (1.5) of 10 rounds; the verdict"
                + " is above",
            "Gone, text: is expected, and no more claimed by the spec");
  }

  @Test
  void verdicts_writtenAndRead_areTheSameText() throws IOException {
    JudgedClaim tabs = claim("A", "Table\t1\\t \n of 2", "80", "below");
    JudgedClaim second =
        new JudgedClaim(
            new Expectation(
                new ClaimPlace("A", "train", "Table 1", 2), "81.5", Optional.empty(), 1, "above"),
            0.5,
            Optional.empty(),
            1,
            "");
    JudgedClaim first =
        new JudgedClaim(
            new Expectation(
                new ClaimPlace("A", "train", "Table 1", 1), "80.5", Optional.empty(), 1, "above"),
            0.5,
            Optional.empty(),
            1,
            "");
    Verdicts verdicts = Verdicts.of(List.of(second, tabs, first));
    Path file = folder.resolve("x.verdicts.tsv");

    Files.writeString(file, verdicts.text());

    assertThat(Verdicts.read(file).text()).isEqualTo(verdicts.text());
    assertThat(Verdicts.read(file).compare(List.of(tabs, first, second), Map.of()))
        .allMatch(one -> one.failure().isEmpty());
    assertThat(verdicts.text().lines().skip(1)).isSorted().hasSize(3);
  }

  @Test
  void read_garbledLine_isTold() throws IOException {
    Path file = folder.resolve("x.verdicts.tsv");
    String text = Verdicts.of(List.of(claim("A", "Table 1", "80", "below"))).text();
    Files.writeString(file, text.replace("\tbelow", ""));

    assertThatThrownBy(() -> Verdicts.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x.verdicts.tsv: line 2 is garbled");

    Files.writeString(file, "model,verdict\n");
    assertThatThrownBy(() -> Verdicts.read(file)).hasMessageContaining("its first line is not");
  }

  @Test
  void junit_ofFailuresAndHostileNames_isOfTheSchema() throws IOException, SAXException {
    List<JudgedClaim> claims = List.of(claim("A", "<Table> & \"1\" \u0001 \uD800 ]]>", "80", "x"));
    Suite lock =
        new Suite(
            "lock",
            "x.lock",
            List.of(Case.of("train/A/1", "", List.of("bytes differ"))),
            new TreeMap<>(Map.of("numeric environment, kernels", "Haswell → Zen")));

    Document xml =
        JunitSchema.validated(
            JunitXml.of(
                report(claims, Verdicts.of(List.of(claim("A", "Table 1", "80", "below"))), lock)));

    Element root = xml.getDocumentElement();
    assertThat(root.getAttribute("tests")).isEqualTo("3");
    assertThat(root.getAttribute("failures")).isEqualTo("3");
    assertThat(((Element) xml.getElementsByTagName("testcase").item(0)).getAttribute("name"))
        .isEqualTo("A, <Table> & \"1\" \uFFFD \uFFFD ]]>");
    assertThat(((Element) xml.getElementsByTagName("failure").item(2)).getAttribute("message"))
        .isEqualTo("train/A/1: bytes differ");
  }

  @Test
  void summary_ofManyFailures_isBelowTheLimitAndShowsFailuresFirst() {
    List<JudgedClaim> expected = new ArrayList<>();
    List<JudgedClaim> now = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      String model = String.format(Locale.ROOT, "Modell_%04d_ü|", i);
      expected.add(claim(model, "Table 1", "80", "below"));
      now.add(claim(model, "Table 1", i % 2 == 0 ? "80" : "81", "below"));
    }

    String page = JobSummary.of(report(now, Verdicts.of(expected)));

    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(JobSummary.MOST_BYTES);
    assertThat(page)
        .startsWith("## x, 10 rounds in each of 2 tables: 1500 checks failed\n")
        .contains("**Modell\\_0001\\_ü\\|, Table 1**: published: 80 (1.5) of 10 rounds → 81 (1.5)")
        .containsPattern("\n- and \\d+ more\n")
        .containsPattern("\nAnd \\d+ more, as the files tell.\n")
        .contains("- `summary.arrow` `000");
    assertThat(page.indexOf("| Modell\\_0001"))
        .isPositive()
        .isLessThan(page.indexOf("| Modell\\_0003"));
  }

  @Test
  void verdictJson_ofAChange_saysSo() throws IOException {
    CheckReport report =
        report(
            List.of(claim("A", "Table 1", "80.25", "below")),
            Verdicts.of(List.of(claim("A", "Table 1", "80.25", "above"))));

    JsonNode json = new ObjectMapper().readTree(VerdictJson.of(report));

    assertThat(json.get("asExpected").asBoolean()).isFalse();
    assertThat(json.at("/claims/0/published/mean").asDouble()).isEqualTo(0.8025);
    assertThat(json.at("/claims/0/expected").asText()).isEqualTo("above");
    assertThat(json.at("/suites/0/failures/0/failure").asText())
        .isEqualTo("verdict: above → below");
  }
}
