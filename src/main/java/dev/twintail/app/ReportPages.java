package dev.twintail.app;

import dev.twintail.report.ClaimsPage;
import dev.twintail.report.LeaguePage;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.SpecDifferences;
import dev.twintail.stage.CollectResults;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Pages of Markdown that tell of results. */
final class ReportPages {
  private ReportPages() {}

  /** Returns all models from best to worst. */
  static String league(Results results) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name :
        List.of(CollectResults.SUMMARY, CollectResults.EVALUATIONS, CollectResults.COMPARISONS)) {
      digests.put(name, digest(results, name));
    }
    return LeaguePage.of(results.study().experiment().title(), results.league(), digests);
  }

  /** Returns what a report claims beside what comes out, in both protocols. */
  static String claims(Results corrected, Results asRun) throws IOException {
    Experiment experiment = corrected.study().experiment();
    return ClaimsPage.of(
        experiment.title(),
        experiment.source(),
        experiment.claimsRemark(),
        protocol(corrected),
        protocol(asRun),
        SpecDifferences.between(experiment, asRun.study().experiment()));
  }

  private static ClaimsPage.Protocol protocol(Results results) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name :
        List.of(CollectResults.EVALUATIONS, CollectResults.SUMMARY, CollectResults.PUBLISHED)) {
      digests.put(name, digest(results, name));
    }
    return new ClaimsPage.Protocol(
        results.study().experiment().name(),
        results.words(),
        results.table(CollectResults.SUMMARY),
        results.table(CollectResults.PUBLISHED),
        results.table(CollectResults.EVALUATIONS),
        digests);
  }

  private static String digest(Results results, String table) {
    return Objects.requireNonNull(results.digests().get(table)).sha256();
  }
}
