package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.app.Session;
import dev.twintail.upkeep.StoreUsage;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import picocli.CommandLine.Command;

/** {@code du}: how much the store holds. */
@Command(
    name = "du",
    description = "Tells how many objects the store holds, and how large they are, by kind.",
    footer = {
      "twintail du",
      "twintail du --store s3://team/twintail",
    })
final class DuCommand extends StoreCommand {

  @Override
  public Integer call() throws Exception {
    try (Session session = store().session().telling(err()::println).open()) {
      SortedMap<String, StoreUsage> usage;
      try (ObjectProgress progress = new ObjectProgress(err(), "Counting")) {
        usage = session.usage(progress);
      }
      StoreUsage all = usage.values().stream().reduce(new StoreUsage(0, 0), StoreUsage::plus);
      if (json().isGiven()) {
        json().print(json -> write(usage, all, json));
        return ExitCode.OK;
      }
      usage.forEach((folder, used) -> out().println(line(folder, used)));
      out().println(line("total", all));
      out().flush();
    }
    return ExitCode.OK;
  }

  private static void write(SortedMap<String, StoreUsage> usage, StoreUsage all, JsonGenerator json)
      throws IOException {
    json.writeNumberField("objects", all.objects());
    json.writeNumberField("bytes", all.bytes());
    json.writeArrayFieldStart("folders");
    for (Map.Entry<String, StoreUsage> used : usage.entrySet()) {
      json.writeStartObject();
      json.writeStringField("folder", used.getKey());
      json.writeNumberField("objects", used.getValue().objects());
      json.writeNumberField("bytes", used.getValue().bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String line(String folder, StoreUsage used) {
    return String.format(
        Locale.ROOT, "%-12s %8d %12s", folder, used.objects(), ByteSizes.text(used.bytes()));
  }
}
