package dev.twintail.cli;

import dev.twintail.app.Catalogue;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.blob.Digest;
import dev.twintail.json.JsonObject;
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
      json().print(new JsonObject().putEach("artifacts", found.entrySet(), LsCommand::json));
    } else {
      found.forEach(
          (name, digest) ->
              out()
                  .printf(Locale.ROOT, "%s %10d  %s%n", digest.abbreviated(), digest.size(), name));
    }
    return patterns.isEmpty()
        ? ExitCode.OK
        : PendingArtifacts.tell(catalogue.pending(patterns), study, given(), err());
  }

  private static JsonObject json(Map.Entry<String, Digest> artifact) {
    return new JsonObject()
        .put("name", artifact.getKey())
        .put("sha256", artifact.getValue().sha256())
        .put("size", artifact.getValue().size());
  }
}
