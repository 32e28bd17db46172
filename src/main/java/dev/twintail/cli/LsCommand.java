package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.app.Catalogue;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ls}: the artifacts of an experiment that the store holds. */
@Command(
    name = "ls",
    description = "Lists the artifacts of an experiment that the store holds: digest, size, name.",
    footer = {
      "twintail ls vieli2021",
      "twintail ls vieli2021 'weights/*/round-01'",
      "twintail ls vieli2021 --only ConvTail",
    })
final class LsCommand extends StudyCommand {

  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      description = "Only these: names, folders or globs, such as 'weights/*/round-01'.")
  private List<String> patterns = new ArrayList<>();

  @Override
  int call(Study study, Session session) throws Exception {
    Catalogue catalogue = session.catalogue(study);
    SortedMap<String, Digest> found =
        patterns.isEmpty() ? catalogue.all() : catalogue.matching(patterns);
    if (found.isEmpty()) {
      err()
          .println(
              "The store is " + session.location() + "; " + Advice.of(catalogue.remedy(), given()));
    }
    if (json().isGiven()) {
      json().print(json -> write(found, json));
    } else {
      found.forEach(
          (name, digest) ->
              out()
                  .printf(Locale.ROOT, "%s %10d  %s%n", digest.abbreviated(), digest.size(), name));
    }
    return ExitCode.OK;
  }

  private static void write(SortedMap<String, Digest> found, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart("artifacts");
    for (Map.Entry<String, Digest> entry : found.entrySet()) {
      json.writeStartObject();
      json.writeStringField("name", entry.getKey());
      json.writeStringField("sha256", entry.getValue().sha256());
      json.writeNumberField("size", entry.getValue().size());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
