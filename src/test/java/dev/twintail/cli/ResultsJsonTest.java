package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.result.Table;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultsJsonTest {
  private static final SummaryTable TABLE =
      SummaryTable.of(
          Table.builder("summary", 1)
              .strings("model", List.of("PreTrain"))
              .ints("parameters", new int[] {1748})
              .ints("n", new int[] {2})
              .ints("idle", new int[] {1})
              .doubles("mean", new double[] {0.51})
              .doubles("median", new double[] {0.5})
              .optionalDoubles("std", new Double[] {0.07})
              .optionalDoubles("ci95_low", new Double[] {-0.12})
              .optionalDoubles("ci95_high", new Double[] {1.14})
              .optionalDoubles("published_mean", new Double[] {null})
              .optionalDoubles("published_std", new Double[] {null})
              .optionalDoubles("published_n", new Double[] {null})
              .optionalDoubles("difference", new Double[] {null})
              .optionalDoubles("difference_ci95_low", new Double[] {null})
              .optionalDoubles("difference_ci95_high", new Double[] {null})
              .strings("verdict", List.of("unpublished"))
              .build());

  private static final ResultsJson JSON = new ResultsJson(TinyExperiment.read(), TABLE, Map.of());

  @Test
  void write_results_leavesOutWhatHasNoValue() {
    StringWriter out = new StringWriter();

    JsonOption.print("results", JSON.json(), new PrintWriter(out));

    assertThat(out.toString().lines())
        .containsExactly(
            "{",
            "  \"schema\" : 3,",
            "  \"command\" : \"results\",",
            "  \"experiment\" : \"tiny\",",
            "  \"rounds\" : 2,",
            "  \"results\" : [ {",
            "    \"model\" : \"PreTrain\",",
            "    \"parameters\" : 1748,",
            "    \"n\" : 2,",
            "    \"mean\" : 0.51,",
            "    \"median\" : 0.5,",
            "    \"idle\" : 1,",
            "    \"std\" : 0.07,",
            "    \"ci95_low\" : -0.12,",
            "    \"ci95_high\" : 1.14,",
            "    \"verdict\" : \"unpublished\"",
            "  } ]",
            "}");
  }

  @Test
  void writeRun_run_tellsWhatWasExecutedFirst() {
    RunRecord.Step step =
        new RunRecord.Step(
            ActionName.ofRound("evaluate", "PreTrain", 1),
            Set.of("PreTrain"),
            new ActionKey("0".repeat(64)),
            new Digest("1".repeat(64), 1),
            RunRecord.Status.EXECUTED);
    RunRecord run =
        new RunRecord(
            "20261121T093000.125Z-1f00d5e7",
            "tiny",
            "dev",
            Instant.EPOCH,
            Instant.EPOCH,
            "host",
            2,
            List.of(step));
    StringWriter out = new StringWriter();

    JsonOption.print("run", JSON.json(run), new PrintWriter(out));

    assertThat(out.toString())
        .startsWith(
            """
            {
              "schema" : 3,
              "command" : "run",
              "run" : "20261121T093000.125Z-1f00d5e7",
              "actions" : {
                "evaluate" : {
                  "executed" : 1,
                  "reused" : 0
                }
              },
              "experiment" : "tiny",
            """);
  }
}
