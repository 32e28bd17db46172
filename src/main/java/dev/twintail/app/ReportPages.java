package dev.twintail.app;

import dev.twintail.report.ClaimsPage;
import dev.twintail.report.LeaguePage;
import dev.twintail.report.SecondEngine;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.SpecDifferences;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Pages of Markdown that tell of results. */
final class ReportPages {
  private ReportPages() {}

  /** Returns all models from best to worst. */
  static String league(Results results) throws IOException {
    return LeaguePage.of(
        results.study().experiment().title(), results.league(), name -> digest(results, name));
  }

  /** Returns what a report claims beside what comes out, in both protocols. */
  static String claims(Results corrected, Results asRun) throws IOException, InterruptedException {
    Experiment experiment = corrected.study().experiment();
    return ClaimsPage.of(
        experiment.title(),
        experiment.source(),
        experiment.claimsRemark(),
        protocol(corrected),
        protocol(asRun),
        opinions(corrected, asRun),
        SpecDifferences.between(experiment, asRun.study().experiment()));
  }

  private static List<SecondEngine> opinions(Results... all)
      throws IOException, InterruptedException {
    List<SecondEngine> opinions = new ArrayList<>();
    for (Results results : all) {
      results.secondEngine().ifPresent(opinions::add);
    }
    return opinions;
  }

  private static ClaimsPage.Protocol protocol(Results results) throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>();
    for (String name : ClaimsPage.TABLES) {
      if (results.digests().containsKey(name)) {
        tables.put(name, results.table(name));
      }
    }
    return ClaimsPage.Protocol.of(
        results.study().experiment().name(),
        results.words(),
        tables,
        table -> digest(results, table));
  }

  private static String digest(Results results, String table) {
    return Objects.requireNonNull(results.digests().get(table)).sha256();
  }
}
