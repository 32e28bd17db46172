package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.action.MalformedException;
import dev.twintail.app.Session;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code log}: the runs of a store. */
@Command(
    name = "log",
    description = "Lists the runs that the store has on record, the newest first.")
final class LogCommand extends StoreCommand {

  @Option(
      names = {"-n", "--number"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many, 20 by default; 0 for all.")
  private int number = 20;

  @Option(names = "--json", description = "Print them as a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    try (Session session = store().session().telling(err()::println).open()) {
      List<RunRecord> runs = runs(session.runs(), err());
      if (json) {
        out().println(json(runs));
      } else if (runs.isEmpty()) {
        err().println("No run is on record in " + session.location());
      } else {
        runs.forEach(run -> print(run, out()));
      }
      out().flush();
    }
    return ExitCode.OK;
  }

  private List<RunRecord> runs(RunLog log, PrintWriter err) throws IOException {
    List<String> ids = log.ids();
    int first = number > 0 ? Math.max(0, ids.size() - number) : 0;
    List<RunRecord> runs = new ArrayList<>();
    for (int i = ids.size() - 1; i >= first; i--) {
      try {
        log.find(ids.get(i)).ifPresent(runs::add);
      } catch (MalformedException e) {
        err.println("Run " + ids.get(i) + " is left out: " + e.getMessage());
      }
    }
    return runs;
  }

  private static int executed(RunRecord run) {
    return run.counts().values().stream().mapToInt(RunRecord.Counts::executed).sum();
  }

  private static void print(RunRecord run, PrintWriter out) {
    int executed = executed(run);
    out.printf(
        Locale.ROOT,
        "%s  %s  %s  %d executed, %d reused, %s, %d workers on %s, twintail %s%n",
        run.id(),
        run.started().truncatedTo(ChronoUnit.SECONDS),
        run.spec(),
        executed,
        run.steps().size() - executed,
        RunProgress.seconds(Duration.between(run.started(), run.ended())),
        run.workers(),
        run.host(),
        run.programVersion());
  }

  private static String json(List<RunRecord> runs) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartArray();
      for (RunRecord run : runs) {
        json.writeStartObject();
        json.writeStringField("run", run.id());
        json.writeStringField("experiment", run.spec());
        json.writeStringField("started", run.started().toString());
        json.writeStringField("ended", run.ended().toString());
        json.writeStringField("host", run.host());
        json.writeNumberField("workers", run.workers());
        json.writeStringField("programVersion", run.programVersion());
        json.writeObjectFieldStart("actions");
        for (Map.Entry<String, RunRecord.Counts> stage : run.counts().entrySet()) {
          json.writeObjectFieldStart(stage.getKey());
          json.writeNumberField("executed", stage.getValue().executed());
          json.writeNumberField("reused", stage.getValue().reused());
          json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return text.toString();
  }
}
