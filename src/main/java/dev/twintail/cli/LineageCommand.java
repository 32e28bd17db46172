package dev.twintail.cli;

import dev.twintail.app.NoResultsException;
import dev.twintail.app.Patterns;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.blob.Digest;
import dev.twintail.json.JsonObject;
import dev.twintail.plan.Lineage;
import dev.twintail.record.Provenance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lineage}: where a blob comes from and what was made of it. */
@Command(
    name = "lineage",
    description = "Tells where a blob comes from, up to its sources, and what was made of it.",
    footer = {
      "twintail lineage vieli2021 results/summary.arrow",
      "twintail lineage 0a1b2c3d4e --depth 1         the digits that ls prints",
      "twintail lineage 0a1b2c3d4e --format dot | dot -Tsvg > lineage.svg",
    })
final class LineageCommand extends StoreCommand {
  /** The stage whose many files nobody asks for one by one. */
  private static final String REPORT = "report";

  /** The agent of W3C PROV. */
  private static final String PROGRAM = "twintail:program";

  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{6,64}");

  /** How a lineage is written. */
  enum GraphFormat {
    TEXT,
    DOT,
    JSON,
    /** W3C PROV-JSON. */
    PROV
  }

  @Parameters(
      paramLabel = "WHAT",
      arity = "1..*",
      description = {
        "The first six or more digits of a blob's SHA-256 or of an action's key; or an experiment"
            + " and then names, folders or globs, as 'ls' prints them."
      })
  private List<String> what = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "MODEL",
      description = "Where an experiment is named: of these models, as 'ls' has it.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Where an experiment is named: of so many rounds, as 'ls' has it.")
  private @Nullable Integer rounds;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Follow N actions in a row, up and down. Default: all.")
  private @Nullable Integer depth;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Words.LineageFormats.class,
      defaultValue = "text",
      description = "text (default), dot, json, or prov, which is W3C PROV-JSON.")
  private GraphFormat format = GraphFormat.TEXT;

  @Override
  public Integer call() throws Exception {
    if (depth != null && depth < 1) {
      throw new UsageException("Cannot follow " + depth + " actions: --depth needs 1 or more");
    }
    if (json().isGiven() && (format == GraphFormat.DOT || format == GraphFormat.PROV)) {
      throw new UsageException("Cannot print in two formats: leave --json or --format out");
    }
    PrintWriter out = out();
    try (Session session = session().open()) {
      Set<String> wanted = wanted(session);
      Lineage lineage =
          session
              .lineage(wanted, depth == null ? Integer.MAX_VALUE : depth)
              .orElseThrow(
                  () ->
                      new NoResultsException(
                          "Cannot find "
                              + String.join(", ", what)
                              + " in "
                              + session.location()
                              + ": no recorded action read it or put it out"));
      PrintWriter err = err();
      lineage
          .unreadable()
          .forEach(
              key ->
                  err.println(
                      "Passed over action "
                          + key.abbreviated()
                          + "…: its manifest or its preimage is missing or damaged"));
      if (json().isGiven()) {
        json().print(json(lineage));
        return ExitCode.OK;
      }
      switch (format) {
        case TEXT -> printText(lineage, out);
        case DOT -> printDot(lineage, out);
        case JSON -> JsonOption.print("lineage", json(lineage), out);
        case PROV -> out.println(prov(lineage, session).text());
      }
      out.flush();
    }
    return ExitCode.OK;
  }

  /** Returns the digests that are meant, or their first digits. */
  private Set<String> wanted(Session session) throws IOException, InterruptedException {
    String first = what.get(0).toLowerCase(Locale.ROOT);
    if (PREFIX.matcher(first).matches()) {
      if (!only.isEmpty() || rounds != null) {
        throw new UsageException(
            "Cannot look for '"
                + first
                + "' in a part of an experiment: name the experiment first, or leave --only and"
                + " --rounds out");
      }
      Set<String> digests = new TreeSet<>();
      for (String one : Patterns.split(what)) {
        digests.add(requireDigest(one));
      }
      return digests;
    }
    if (what.size() == 1) {
      throw new UsageException(
          "Cannot look for '"
              + first
              + "': expected six or more hexadecimal digits, as ls prints, or an experiment and"
              + " names");
    }
    Set<String> digests = new TreeSet<>();
    session
        .catalogue(ExperimentOptions.part(Study.read(Path.of(what.get(0))), only, rounds))
        .matching(what.subList(1, what.size()))
        .values()
        .forEach(digest -> digests.add(digest.sha256()));
    return digests;
  }

  private static String requireDigest(String text) {
    String digest = text.toLowerCase(Locale.ROOT);
    if (!PREFIX.matcher(digest).matches()) {
      throw new UsageException(
          "Cannot look for '" + text + "': expected six or more hexadecimal digits, as ls prints");
    }
    return digest;
  }

  private static void printText(Lineage lineage, PrintWriter out) {
    lineage.blobs().forEach(blob -> out.println("blob " + blob));
    print("made by", lineage.up().values(), input -> true, out);
    Set<Digest> traced = new TreeSet<>(lineage.blobs());
    lineage.down().values().forEach(action -> traced.addAll(action.outputs().values()));
    print("used by", lineage.down().values(), traced::contains, out);
  }

  /** Counts the inputs that are not {@code shown}: those of results may be thousands. */
  private static void print(
      String title, Collection<Lineage.Action> actions, Predicate<Digest> shown, PrintWriter out) {
    out.println(title + (actions.isEmpty() ? ": nothing" : ":"));
    for (Lineage.Action action : actions) {
      out.println("  " + action.stage() + " " + action.key().abbreviated() + "…");
      int others = 0;
      for (Map.Entry<String, Digest> input : action.inputs().entrySet()) {
        if (shown.test(input.getValue())) {
          out.println("    reads  " + input.getValue().abbreviated() + "  " + input.getKey());
        } else {
          others++;
        }
      }
      if (others > 0) {
        out.println("    reads  " + Counts.counted(others, "other blob"));
      }
      if (action.stage().equals(REPORT) && action.outputs().size() > 1) {
        out.println("    writes " + action.outputs().size() + " files of a report");
        continue;
      }
      action
          .outputs()
          .forEach((name, d) -> out.println("    writes " + d.abbreviated() + "  " + name));
    }
  }

  private static void printDot(Lineage lineage, PrintWriter out) {
    out.println("digraph lineage {");
    out.println("  rankdir=LR;");
    for (Map.Entry<Digest, String> blob : blobs(lineage).entrySet()) {
      String bold = lineage.blobs().contains(blob.getKey()) ? ", style=bold" : "";
      out.println(
          "  \"b%s\" [label=\"%s\", shape=note%s];"
              .formatted(blob.getKey(), blob.getValue(), bold));
    }
    for (Lineage.Action action : lineage.actions()) {
      String node = "\"a" + action.key() + "\"";
      out.println("  " + node + " [label=\"" + action.stage() + "\", shape=box];");
      new TreeSet<>(action.inputs().values())
          .forEach(d -> out.println("  \"b" + d + "\" -> " + node + ";"));
      new TreeSet<>(action.outputs().values())
          .forEach(d -> out.println("  " + node + " -> \"b" + d + "\";"));
    }
    out.println("}");
  }

  /** Returns every blob with a name for people. */
  private static SortedMap<Digest, String> blobs(Lineage lineage) {
    SortedMap<Digest, String> blobs = new TreeMap<>();
    for (Lineage.Action action : lineage.actions()) {
      action.inputs().forEach((role, digest) -> blobs.putIfAbsent(digest, role));
    }
    for (Lineage.Action action : lineage.actions()) {
      action.outputs().forEach((name, digest) -> blobs.put(digest, name));
    }
    return blobs;
  }

  private static JsonObject json(Lineage lineage) {
    return new JsonObject()
        .putEach("blobs", lineage.blobs(), Digest::sha256)
        .putEach("madeBy", lineage.up().values(), LineageCommand::json)
        .putEach("usedBy", lineage.down().values(), LineageCommand::json);
  }

  private static JsonObject json(Lineage.Action action) {
    return new JsonObject()
        .put("key", action.key().sha256())
        .put("stage", action.stage())
        .put("inputs", JsonObject.of(action.inputs(), Digest::sha256))
        .put("outputs", JsonObject.of(action.outputs(), Digest::sha256));
  }

  /** Entities are blobs, activities are actions, and the agent is this program. */
  private static JsonObject prov(Lineage lineage, Session session) throws IOException {
    JsonObject entities = new JsonObject();
    blobs(lineage)
        .forEach((blob, name) -> entities.put(id(blob), new JsonObject().put("prov:label", name)));
    JsonObject activities = new JsonObject();
    for (Lineage.Action action : lineage.actions()) {
      activities.put(id(action), activity(action, session.executions(action.key())));
    }
    JsonObject agent = new JsonObject().put("prov:type", "prov:SoftwareAgent");
    JsonObject prov =
        new JsonObject()
            .put(
                "prefix",
                new JsonObject().put("twintail", "urn:twintail:").put("sha256", "urn:sha256:"))
            .put("entity", entities)
            .put("agent", new JsonObject().put(PROGRAM, agent))
            .put("activity", activities);
    putRelations(lineage, prov);
    return prov;
  }

  private static String id(Digest blob) {
    return "sha256:" + blob;
  }

  private static String id(Lineage.Action action) {
    return "twintail:action/" + action.key();
  }

  private static JsonObject activity(Lineage.Action action, List<Provenance> made) {
    JsonObject activity = new JsonObject().put("prov:label", action.stage());
    if (!made.isEmpty()) {
      Provenance first = made.get(0);
      activity
          .put("prov:startTime", first.started().toString())
          .put("prov:endTime", first.started().plus(first.elapsed()).toString())
          .put("twintail:host", first.machine().host())
          .put("twintail:run", first.run())
          .put("twintail:programVersion", first.programVersion());
    }
    return activity;
  }

  private static void putRelations(Lineage lineage, JsonObject prov) {
    int number = 0;
    JsonObject used = new JsonObject();
    for (Lineage.Action action : lineage.actions()) {
      for (Map.Entry<String, Digest> input : action.inputs().entrySet()) {
        used.put(
            "_:u" + ++number,
            new JsonObject()
                .put("prov:activity", id(action))
                .put("prov:entity", id(input.getValue()))
                .put("prov:role", input.getKey()));
      }
    }
    JsonObject generated = new JsonObject();
    for (Lineage.Action action : lineage.actions()) {
      for (Map.Entry<String, Digest> output : action.outputs().entrySet()) {
        generated.put(
            "_:g" + ++number,
            new JsonObject()
                .put("prov:entity", id(output.getValue()))
                .put("prov:activity", id(action))
                .put("prov:role", output.getKey()));
      }
    }
    JsonObject associated = new JsonObject();
    for (Lineage.Action action : lineage.actions()) {
      associated.put(
          "_:w" + ++number,
          new JsonObject().put("prov:activity", id(action)).put("prov:agent", PROGRAM));
    }
    prov.put("used", used).put("wasGeneratedBy", generated).put("wasAssociatedWith", associated);
  }
}
