package dev.twintail.cli;

import dev.twintail.app.Session;
import dev.twintail.json.JsonObject;
import dev.twintail.upkeep.StoreUsage;
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
    try (Session session = session().open()) {
      SortedMap<String, StoreUsage> usage;
      try (ObjectProgress progress = new ObjectProgress(err(), "Counting")) {
        usage = session.usage(progress);
      }
      StoreUsage all = usage.values().stream().reduce(new StoreUsage(0, 0), StoreUsage::plus);
      if (json().isGiven()) {
        json().print(json(all).putEach("folders", usage.entrySet(), DuCommand::json));
        return ExitCode.OK;
      }
      usage.forEach((folder, used) -> out().println(line(folder, used)));
      out().println(line("total", all));
      out().flush();
    }
    return ExitCode.OK;
  }

  private static JsonObject json(Map.Entry<String, StoreUsage> folder) {
    return new JsonObject().put("folder", folder.getKey()).putAll(json(folder.getValue()));
  }

  private static JsonObject json(StoreUsage used) {
    return new JsonObject().put("objects", used.objects()).put("bytes", used.bytes());
  }

  private static String line(String folder, StoreUsage used) {
    return String.format(
        Locale.ROOT, "%-12s %8d %12s", folder, used.objects(), ByteSizes.text(used.bytes()));
  }
}
