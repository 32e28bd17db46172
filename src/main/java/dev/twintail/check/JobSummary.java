package dev.twintail.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A report as Markdown, small enough for the summary page of a job: what failed comes first, and
 * rows that do not fit are counted instead of shown.
 */
public final class JobSummary {
  /** In bytes of UTF-8. Services cut or refuse what is longer. */
  static final int MOST_BYTES = 64_000;

  /** What the failures may take, so that something is left for the table. */
  private static final int MOST_FAILURE_BYTES = 40_000;

  /** What the lines below the table may take. */
  private static final int RESERVED_BYTES = 2_000;

  private final StringBuilder text = new StringBuilder();
  private int bytes;

  private JobSummary() {}

  /** Returns the page. */
  public static String of(CheckReport report) {
    JobSummary page = new JobSummary();
    page.head(report);
    page.failures(report);
    page.claims(report);
    page.foot(report);
    return page.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
    bytes += size(line);
  }

  private boolean lineWithin(String line, int limit) {
    if (bytes + size(line) > limit) {
      return false;
    }
    line(line);
    return true;
  }

  private static int size(String line) {
    return line.getBytes(StandardCharsets.UTF_8).length + 1;
  }

  private void head(CheckReport report) {
    int failed = report.failed();
    line(
        "## "
            + cell(report.title())
            + ": "
            + (failed == 0
                ? "as expected"
                : failed + (failed == 1 ? " check failed" : " checks failed")));
    line("");
    for (Suite suite : report.suites()) {
      line("- " + cell(suite.words()) + " by `" + suite.file() + "`");
    }
    if (!report.claims().isEmpty()) {
      line("- published numbers: " + report.verdictWords());
    }
    report.remarks().forEach(remark -> line("- " + cell(remark)));
    line("");
  }

  private void failures(CheckReport report) {
    if (report.failed() == 0) {
      return;
    }
    line("### Failed");
    line("");
    int left = report.failed();
    for (Suite suite : report.suites()) {
      for (Case one : suite.failures()) {
        String what = cell(one.name()) + "**: " + cell(one.failure().orElse(""));
        if (!lineWithin("- " + suite.name() + ": **" + what, MOST_FAILURE_BYTES)) {
          line("- and " + left + " more");
          line("");
          return;
        }
        left--;
      }
    }
    for (Suite suite : report.suites()) {
      for (Map.Entry<String, String> property : suite.properties().entrySet()) {
        lineWithin(
            "- " + cell(property.getKey()) + ": " + cell(property.getValue()), MOST_FAILURE_BYTES);
      }
    }
    line("");
  }

  private void claims(CheckReport report) {
    if (report.claims().isEmpty()) {
      return;
    }
    line("### Published numbers");
    line("");
    line("| model | where | published, % | measured, % | verdict | expected |");
    line("|---|---|---:|---:|---|---|");
    int left = report.claims().size();
    Set<String> skipped =
        report.suites().stream()
            .flatMap(suite -> suite.skipped().stream())
            .map(Case::name)
            .collect(Collectors.toSet());
    for (boolean asExpected : List.of(false, true)) {
      for (JudgedClaim claim : report.claims()) {
        Expectation found = claim.found();
        Optional<Expectation> expected = report.expected().at(found.place());
        boolean open = skipped.contains(found.place().toString());
        if ((open || expected.equals(Optional.of(found))) == asExpected) {
          String row =
              "| "
                  + String.join(
                      " | ",
                      cell(found.place().model()),
                      cell(found.place().withoutModel()),
                      number(found),
                      claim.measured(),
                      asExpected ? found.verdict() : "**" + found.verdict() + "**",
                      expected.map(e -> expected(e, found)).orElse("nothing")
                          + (open ? ", not checked" : ""))
                  + " |";
          if (!lineWithin(row, MOST_BYTES - RESERVED_BYTES)) {
            line("");
            line("And " + left + " more, as the files tell.");
            line("");
            return;
          }
          left--;
        }
      }
    }
    line("");
  }

  private static String number(Expectation claim) {
    return claim.mean() + claim.std().map(s -> " (" + s + ")").orElse("");
  }

  private static String expected(Expectation expected, Expectation found) {
    return expected.published().equals(found.published())
        ? expected.verdict()
        : expected.verdict() + " of " + number(expected);
  }

  private void foot(CheckReport report) {
    line("Means with standard deviations over all rounds, in %. SHA-256:");
    line("");
    for (Map.Entry<String, String> file : report.results().entrySet()) {
      lineWithin("- `" + file.getKey() + "` `" + file.getValue() + "`", MOST_BYTES);
    }
  }

  /** Escapes what would end a cell or begin markup. */
  private static String cell(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("`", "\\`")
        .replace('\n', ' ')
        .replace('\r', ' ');
  }
}
