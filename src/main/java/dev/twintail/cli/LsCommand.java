package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.blob.Digest;
import dev.twintail.spec.Experiment;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ls}: the artifacts of an experiment that the store holds. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Lists the artifacts of an experiment that the store holds: digest, size, name.")
final class LsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;

  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      description = "Only these: names, folders or globs, such as 'weights/*/round-01'.")
  private List<String> patterns = new ArrayList<>();

  @Mixin private StoreOption store;
  @Mixin private TrustOption trust;

  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  LsCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    TrustOption.Keys keys = trust.read();
    PrintWriter err = command.commandLine().getErr();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "ls", keys.in(objects));
      Catalogue catalogue =
          Catalogue.of(Results.survey(experiment, options, workspace), options.asNamed());
      TrustOption.warn(workspace.trust(), err::println);
      SortedMap<String, Digest> found =
          patterns.isEmpty() ? catalogue.all() : catalogue.matching(patterns);
      if (found.isEmpty()) {
        err.println("The store is " + objects.location() + "; " + catalogue.remedy());
      }
      PrintWriter out = command.commandLine().getOut();
      if (json) {
        out.println(json(found));
      } else {
        found.forEach(
            (name, digest) ->
                out.printf(
                    Locale.ROOT, "%s %10d  %s%n", digest.abbreviated(), digest.size(), name));
      }
      out.flush();
    }
    return ExitCode.OK;
  }

  private static String json(SortedMap<String, Digest> found) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartArray();
      for (Map.Entry<String, Digest> entry : found.entrySet()) {
        json.writeStartObject();
        json.writeStringField("name", entry.getKey());
        json.writeStringField("sha256", entry.getValue().sha256());
        json.writeNumberField("size", entry.getValue().size());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return text.toString();
  }
}
