package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.pipeline.Untrainable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanReportTest {
  private static final List<Untrainable> REFUSED =
      List.of(
          new Untrainable(List.of("SoftMax"), "it has no softmax"),
          new Untrainable(List.of("ArgMax", "PreTrain"), "it takes no maxima"));

  @TempDir private Path folder;

  @Test
  void print_whatTheEngineRefuses_allModelsAtOnce() throws Exception {
    assertThat(printed(false).lines())
        .endsWith(
            "  the engine cannot train SoftMax: it has no softmax",
            "  the engine cannot train ArgMax, PreTrain: it takes no maxima");
    assertThat(printed(true).replaceAll("\\s+", " "))
        .contains(
            "\"untrainable\" : [ { \"models\" : [ \"SoftMax\" ], \"reason\" : \"it has no softmax\""
                + " }, { \"models\" : [ \"ArgMax\", \"PreTrain\" ], \"reason\" : \"it takes no"
                + " maxima\" } ]");
  }

  private String printed(boolean json) throws Exception {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Study study = Study.read(TinyExperiment.spec());
    try (Session session =
        Session.at(Cli.emptyStore(folder.resolve("store" + json)).toString()).open()) {
      PlanReport report =
          new PlanReport(study, session.estimate(session.survey(study)), REFUSED, 1);
      if (json) {
        JsonOption.print("plan", report.json(Optional.empty()), out);
      } else {
        report.print(out);
      }
    }
    return text.toString();
  }
}
