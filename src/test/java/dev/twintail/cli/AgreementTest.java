package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever tells a number of the results tells the same one, under the same name. */
class AgreementTest {
  private static final String AS_RUN =
      """
      extends: tiny.yaml
      name: tiny-as-run
      conditions: as-run
      rounds: 2
      protocol: {training-pairs: first-round, test-pairs: first-round, tables: 3}
      """;

  @TempDir private static Path folder;
  private static Path spec;
  private static Path store;
  private static String alone;
  private static String run;
  private static Map<String, Table> common;
  private static Map<String, Table> asRun;

  @BeforeAll
  static void fill() throws IOException {
    store = folder.resolve("store");
    String text =
        TinyExperiment.edited("rounds: 2\n", "rounds: 4\n")
            // So that rounds learn, and few tables show that they are not as claimed.
            .replace("epochs: 2\n", "epochs: 12\n")
            .replace("train-pairs: 60", "train-pairs: 140")
            .replace("test-pairs: 50", "test-pairs: 90")
            .replace("accuracy: 55.0, std", "accuracy: 20.0, std")
            .replace("rounds: 10, where", "rounds: 10, rounds-share: draw, where")
            .replace("std: 0.5, rounds", "std: 0.5, printed-by: a plain ArgMax, rounds");
    spec = TinyExperiment.write(folder, "tiny.yaml", text);
    Path other = TinyExperiment.write(folder, "tiny-as-run.yaml", AS_RUN);
    Cli.Result ran = Cli.runOn(spec, store);
    assertThat(ran.exitCode()).isZero();
    alone = ran.out();
    assertThat(Cli.runOn(other, store).exitCode()).isZero();
    run = Cli.runOn(spec, store).out();
    common = tables(spec);
    Path claims = folder.resolve("claims.arrow");
    Cli.run("results", spec, "--store", store, "--claims", claims);
    common.put("claims", ArrowFiles.decode(Files.readAllBytes(claims)));
    asRun = tables(other);
  }

  private static Map<String, Table> tables(Path of) throws IOException {
    Path out = folder.resolve("out").resolve(of.getFileName());
    assertThat(Cli.run("get", of, "results", "--store", store, "-o", out).exitCode()).isZero();
    Map<String, Table> tables = new LinkedHashMap<>();
    for (String name : List.of("summary", "published", "comparisons", "evaluations")) {
      Path file = out.resolve("results").resolve(name + ".arrow");
      tables.put(name, ArrowFiles.decode(Files.readAllBytes(file)));
    }
    return tables;
  }

  private static String percent(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Returns the cells of a table of Markdown whose first cells match. */
  private static List<List<String>> rows(String page, String first) {
    List<List<String>> rows = new ArrayList<>();
    Matcher row = Pattern.compile("^\\| (" + first + ") \\|.*$", Pattern.MULTILINE).matcher(page);
    while (row.find()) {
      List<String> cells = new ArrayList<>(List.of(row.group().split("\\|", -1)));
      rows.add(cells.subList(1, cells.size()).stream().map(String::strip).toList());
    }
    return rows;
  }

  @Test
  void league_numbers_areThoseOfSummaryAndComparisons() {
    String page = Cli.run("league", spec, "--store", store).out();
    Table summary = common.get("summary");
    Table comparisons = common.get("comparisons");
    List<List<String>> rows = rows(page, "\\d+");
    String best = rows.get(0).get(1);

    assertThat(rows).hasSize(summary.rows());
    assertThat(page).doesNotContain("| p |");
    for (List<String> row : rows) {
      int i = summary.strings("model").indexOf(row.get(1));
      assertThat(row.get(3))
          .isEqualTo(
              percent(
                  "%.2f (%.2f)",
                  100 * summary.doubles("mean")[i], 100 * summary.optionalDoubles("std")[i]));
      assertThat(row.get(4)).isEqualTo(percent("%.2f", 100 * summary.doubles("median")[i]));
      for (int j = 0; j < comparisons.rows(); j++) {
        String a = comparisons.strings("model_a").get(j);
        String b = comparisons.strings("model_b").get(j);
        if (List.of(best, row.get(1)).containsAll(List.of(a, b))) {
          double sign = a.equals(best) ? 100 : -100;
          double behind = sign * comparisons.doubles("difference")[j];
          assertThat(row.get(5)).startsWith(percent("%.2f", behind + 0.0).replace("-0.00", "0.00"));
        }
      }
    }
    long candidates = rows.stream().filter(row -> row.get(7).equals("yes")).count();
    assertThat(page)
        .contains(
            candidates == 1
                ? "**" + best + "** is the best."
                : "**" + candidates + " models within ");
  }

  @Test
  void claims_numbers_areThoseOfBothResults() {
    String page = Cli.run("claims", spec, "--store", store).out();
    Table published = common.get("claims");
    Table procedure = asRun.get("published");
    List<List<String>> rows = rows(page, "Pixels|PreTrain");

    assertThat(rows).hasSizeGreaterThanOrEqualTo(2);
    for (int i = 0; i < published.rows(); i++) {
      List<String> row = rows.get(i);
      assertThat(row.get(0)).isEqualTo(published.strings("model").get(i));
      assertThat(row.get(3))
          .startsWith(percent("%.2f", 100 * published.doubles("published_mean")[i]));
      assertThat(row.get(4)).startsWith(percent("%.2f", 100 * procedure.doubles("mean")[i]));
      assertThat(row.get(6)).isEqualTo(procedure.strings("verdict").get(i));
      assertThat(row.get(7)).startsWith(percent("%.2f", 100 * published.doubles("mean")[i]));
      assertThat(row.get(8)).isEqualTo(published.strings("verdict").get(i));
    }
    assertThat(page).contains("## Claim by claim").containsPattern("  - (Their|Whether) ");
  }

  @Test
  void report_claims_areThoseOfTheClaimsPage() throws IOException {
    Path out = folder.resolve("report");
    assertThat(Cli.run("report", spec, "--store", store, "-o", out).exitCode()).isZero();
    String claims = Cli.run("claims", spec, "--store", store).out();
    String league = Cli.run("league", spec, "--store", store).out();

    assertThat(Files.readString(out.resolve("claims.md"))).isEqualTo(claims);
    assertThat(Files.readString(out.resolve("league.md"))).isEqualTo(league);
    List<List<String>> told = rows(claims, "Pixels|PreTrain");
    List<List<String>> shown =
        rows(Files.readString(out.resolve("report.md")), "Pixels|PreTrain").subList(0, 2);
    for (int i = 0; i < shown.size(); i++) {
      // Model, place, published, as run, one more, verdict, common, difference, verdict.
      List<String> cells = shown.get(i);
      List<String> row = told.get(i);
      assertThat(cells.get(0)).isEqualTo(row.get(0));
      assertThat(cells.subList(1, 5)).isEqualTo(row.subList(2, 6));
      assertThat(cells.get(5)).endsWith(row.get(6));
      assertThat(cells.get(6)).isEqualTo(row.get(7));
      assertThat(cells.get(8)).endsWith(row.get(8));
    }
  }

  @Test
  void claimWhoseRoundsShared_byTablesAsRun_hasOneVerdictEverywhere() throws IOException {
    Table alone = common.get("published");
    Table judged = common.get("claims");
    int row = judged.strings("model").indexOf("Pixels");
    String verdict = judged.strings("verdict").get(row);
    String csv = Cli.run("results", spec, "--store", store, "--csv").out();
    String json = Cli.run("results", spec, "--store", store, "--json").out();
    String claims = Cli.run("claims", spec, "--store", store, "--json").out();

    assertThat(alone.strings("verdict").get(row)).isEqualTo("inconclusive");
    assertThat(alone.strings("reason").get(row)).contains("there is one table");
    assertThat(verdict).isNotEqualTo("inconclusive");
    assertThat(judged.strings("reason").get(row)).contains("as the means of our 3 tables do");
    assertThat(judged.optionalDoubles("difference_ci95_low")[row]).isNotNull();
    String part = Cli.run("results", spec, "--store", store, "--only", "Pixels").out();
    Path page = folder.resolve("part");
    Cli.run("report", spec, "--store", store, "--only", "Pixels", "-o", page);
    String ofPart = Cli.run("claims", spec, "--store", store, "--only", "Pixels").out();

    assertThat(rows(Files.readString(page.resolve("report.md")), "Pixels").get(0).get(8))
        .endsWith(verdict);
    assertThat(rows(ofPart, "Pixels").get(0).get(8)).isEqualTo(verdict);
    for (String told : List.of(run, Cli.run("results", spec, "--store", store).out(), part)) {
      assertThat(told).containsPattern("(?m)^Pixels .* " + verdict + "$");
      assertThat(told).doesNotContain("which the store lacks");
    }
    assertThat(csv.lines().filter(l -> l.startsWith("Pixels,"))).allMatch(l -> l.endsWith(verdict));
    assertThat(json).contains("\"verdict\" : \"" + verdict + "\"");
    assertThat(claims).contains("\"verdict\" : \"" + verdict + "\"");
  }

  @Test
  void claimWhoseRoundsShared_withoutTables_isOpenAndSaysWhatClosesIt() throws IOException {
    Path other = folder.resolve("other");
    Path verdicts = folder.resolve("tiny.verdicts.tsv");
    Cli.run("check", spec, "--store", store, "--accept");
    String accepted = Files.readString(verdicts);
    assertThat(Cli.runOn(spec, other).exitCode()).isZero();
    Cli.Result check = Cli.run("check", spec, "--store", other);
    Cli.Result accept = Cli.run("check", spec, "--store", other, "--accept");

    assertThat(alone)
        .contains("1 verdict rests on the tables of tiny-as-run, which the store lacks; ")
        .contains("twintail run ");
    assertThat(check.exitCode()).isZero();
    assertThat(check.out()).contains("1 not checked");
    assertThat(check.err()).contains("1 verdict rests on the tables of tiny-as-run");
    assertThat(accept.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(accept.err()).contains("still open");
    assertThat(Files.readString(verdicts)).isEqualTo(accepted);
  }

  @Test
  void claimWhoseRoundsShared_whoseTablesCannotBeRead_isOpen() throws IOException {
    Path faulty = Files.createDirectory(folder.resolve("a folder"));
    Path same = TinyExperiment.write(faulty, "tiny.yaml", Files.readString(spec));
    TinyExperiment.write(faulty, "tiny-as-run.yaml", AS_RUN + "bogus: 3\n");
    Cli.Result results = Cli.run("results", same, "--store", store);
    Cli.Result accept = Cli.run("check", same, "--store", store, "--accept");

    assertThat(results.exitCode()).isZero();
    assertThat(results.err()).contains("Verdicts are left open: ", "bogus");
    assertThat(results.out())
        .contains("1 verdict rests on the tables of tiny-as-run.yaml, which cannot be read;");
    assertThat(accept.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(faulty.resolve("tiny.verdicts.tsv")).doesNotExist();
  }

  @Test
  void claimWhoseRoundsShared_whoseTablesAreTooFew_isNotOpen() throws IOException {
    Path few = Files.createDirectory(folder.resolve("two tables"));
    Path same = TinyExperiment.write(few, "tiny.yaml", Files.readString(spec));
    Path two =
        TinyExperiment.write(few, "tiny-as-run.yaml", AS_RUN.replace("tables: 3", "tables: 2"));

    assertThat(Cli.run("results", same, "--store", store).out()).doesNotContain("rests on");
    Files.writeString(two, AS_RUN.replace("tables: 3", "tables: 4"));
    assertThat(Cli.run("results", same, "--store", store).out())
        .contains("make them with: twintail run '" + two + "'");
  }

  @Test
  void rowOfAnotherModel_whereverItStands_isToldBesideItsVerdict() throws IOException {
    String told = "printed by another model: a plain ArgMax";
    Path out = folder.resolve("told");
    assertThat(Cli.run("report", spec, "--store", store, "-o", out).exitCode()).isZero();
    List<String> row = rows(Files.readString(out.resolve("report.md")), "PreTrain").get(0);

    assertThat(common.get("published").strings("verdict").get(1)).isEqualTo("other conditions");
    assertThat(row.get(8)).endsWith("other conditions");
    assertThat(row.get(9)).contains(told);
    assertThat(Files.readString(out.resolve("index.html"))).contains(told);
    assertThat(Cli.run("claims", spec, "--store", store).out()).contains(told);
    assertThat(run).contains("PreTrain (Table 1): No verdict: " + told + ".");
  }

  @Test
  void counts_ofRunCheckClaimsAndReport_areOfTheSameClaims() throws IOException {
    List<String> verdicts = common.get("claims").strings("verdict");
    Cli.Result check = Cli.run("check", spec, "--store", store, "--accept");

    assertThat(check.exitCode()).isZero();
    List<String> accepted = Files.readAllLines(folder.resolve("tiny.verdicts.tsv"));
    assertThat(
            accepted.subList(1, accepted.size()).stream()
                .map(l -> List.of(l.split("\t", -1)).get(6)))
        .containsExactlyInAnyOrderElementsOf(verdicts);
    assertThat(check.out()).contains(verdicts.size() + " ");
    Map<String, Integer> counts = new LinkedHashMap<>();
    verdicts.forEach(v -> counts.merge(v, 1, Integer::sum));
    List<String> counted = new ArrayList<>();
    counts.forEach((verdict, count) -> counted.add(count + " " + verdict));
    String words = String.join(", ", counted);
    assertThat(run).contains(verdicts.size() + " published numbers: " + words + ".");
    Path out = folder.resolve("counted");
    assertThat(Cli.run("report", spec, "--store", store, "-o", out).exitCode()).isZero();
    String procedure = asRun.get("published").strings("verdict").get(0);
    assertThat(Files.readString(out.resolve("report.md")))
        .contains("Of " + verdicts.size() + " published numbers, ")
        .contains("1 other conditions in the common protocol")
        .contains(" in the common protocol; as run, ")
        .contains(procedure);
  }
}
