package dev.twintail.archive;

import dev.twintail.blob.Digest;
import dev.twintail.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The metadata of a deposit as an RO-Crate 1.1 of the Workflow Run profile: the spec is the
 * workflow, the run an action that reads the pinned digits and puts out the files that are kept.
 * Their digests are given as {@code sha256}.
 */
public final class RoCrate {
  /** The name of the metadata in a crate. */
  public static final String FILE = "ro-crate-metadata.json";

  private static final String PROCESS = "https://w3id.org/ro/wfrun/process/0.5";
  private static final String WORKFLOW = "https://w3id.org/ro/wfrun/workflow/0.5";
  private static final String WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0";
  private static final String LICENSE = "https://www.apache.org/licenses/LICENSE-2.0";

  /** With an offset in digits, since readers of the profile know no Z. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String LANGUAGE = "#spec-language";
  private static final String PROGRAM = "#twintail";
  private static final String RUN = "#run";

  private final Deposit deposit;
  private final List<JsonObject> graph = new ArrayList<>();

  private RoCrate(Deposit deposit) {
    this.deposit = deposit;
  }

  /** Returns the whole document. */
  public static String of(Deposit deposit) {
    RoCrate crate = new RoCrate(deposit);
    crate.describe();
    return new JsonObject()
            .put(
                "@context",
                List.of(
                    "https://w3id.org/ro/crate/1.1/context",
                    "https://w3id.org/ro/terms/workflow-run/context"))
            .put("@graph", crate.graph)
            .text()
        + "\n";
  }

  private void describe() {
    addRoot();
    addProfile(PROCESS, "Process Run Crate", "0.5");
    addProfile(WORKFLOW, "Workflow Run Crate", "0.5");
    addProfile(WORKFLOW_CRATE, "Workflow RO-Crate", "1.0");
    add(LICENSE, "CreativeWork")
        .put("name", "Apache License 2.0")
        .put("description", "Use, change and pass on, with this licence and notices");
    addWorkflow();
    for (Deposit.DepositedFile spec : deposit.specs().subList(1, deposit.specs().size())) {
      addFile(spec, "application/yaml", "A file that the spec refers to");
    }
    addFile(
        deposit.lock(), "text/plain", "Every action with its key, and the digests of its outputs");
    deposit.files().forEach(this::addOutput);
    deposit.sources().forEach(this::addInput);
    add(PROGRAM, "SoftwareApplication")
        .put("name", "Twintail")
        .put("softwareVersion", deposit.run().programVersion())
        .put(
            "description", "Reruns studies of paired MNIST digits, reproducibly and incrementally");
    addRun();
  }

  private void addRoot() {
    add(FILE, "CreativeWork")
        .put("about", reference("./"))
        .put("conformsTo", references(List.of("https://w3id.org/ro/crate/1.1", WORKFLOW_CRATE)));
    List<String> parts = new ArrayList<>();
    deposit.specs().forEach(spec -> parts.add(id(spec)));
    parts.add(id(deposit.lock()));
    deposit.files().forEach(file -> parts.add(id(file)));
    deposit.sources().forEach(source -> parts.add(id(source)));
    add("./", "Dataset")
        .put("name", deposit.title())
        .put(
            "description",
            ("Results of the experiment %s, %s rounds, root seed %s, by Twintail. Source: %s. The"
                    + " licence is that of the specs and results; the digits are not in the crate.")
                .formatted(
                    deposit.experiment(), deposit.rounds(), deposit.seed(), deposit.source()))
        .put("datePublished", TIME.format(deposit.run().ended()))
        .put("license", reference(LICENSE))
        .put("conformsTo", references(List.of(PROCESS, WORKFLOW, WORKFLOW_CRATE)))
        .put("hasPart", references(parts))
        .put("mainEntity", reference(id(deposit.specs().get(0))))
        .put("mentions", reference(RUN));
  }

  private void addProfile(String id, String name, String version) {
    add(id, "CreativeWork").put("name", name).put("version", version);
  }

  private void addWorkflow() {
    Deposit.DepositedFile spec = deposit.specs().get(0);
    add(id(spec), "File", "SoftwareSourceCode", "ComputationalWorkflow")
        .put("name", deposit.experiment())
        .put("description", deposit.title())
        .put("version", spec.digest().abbreviated())
        .put("encodingFormat", "application/yaml")
        .putAll(content(spec.digest()))
        .put(
            "conformsTo",
            reference("https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"))
        .put("programmingLanguage", reference(LANGUAGE))
        .put("license", reference(LICENSE))
        .put("input", references(deposit.sources().stream().map(RoCrate::parameter).toList()))
        .put("output", references(deposit.files().stream().map(RoCrate::parameter).toList()));
    add(LANGUAGE, "ComputerLanguage")
        .put("name", "Twintail experiment spec")
        .put("description", "YAML 1.2 that describes models, data and training");
  }

  private void addFile(Deposit.DepositedFile item, String format, String description) {
    add(id(item), "File")
        .put("name", item.name())
        .put("description", description)
        .put("encodingFormat", format)
        .putAll(content(item.digest()));
  }

  private void addOutput(Deposit.DepositedFile item) {
    add(id(item), "File")
        .put("name", item.name())
        .put("encodingFormat", format(item.name()))
        .putAll(content(item.digest()))
        .put("exampleOfWork", reference(parameter(item)));
    addParameter(parameter(item), item.name());
  }

  private static String format(String name) {
    return name.endsWith(".arrow")
        ? "application/vnd.apache.arrow.file"
        : "application/octet-stream";
  }

  private void addInput(Deposit.DepositedSource source) {
    JsonObject file = add(id(source), "File");
    file.put("name", source.name())
        .put("encodingFormat", "application/octet-stream")
        .putAll(content(source.digest()))
        .put("exampleOfWork", reference(parameter(source)));
    if (!source.places().isEmpty()) {
      file.put("encoding", references(source.places().stream().map(URI::toString).toList()));
    }
    for (URI place : source.places()) {
      // What is there is gzipped: size and digest above are of what comes out of it.
      add(place.toString(), "DataDownload")
          .put("name", source.name() + ".gz")
          .put("contentUrl", place.toString())
          .put("encodingFormat", "application/gzip");
    }
    addParameter(parameter(source), source.name());
  }

  private void addParameter(String id, String name) {
    add(id, "FormalParameter")
        .put("name", name)
        .put("additionalType", "File")
        .put(
            "conformsTo", reference("https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"));
  }

  private void addRun() {
    Deposit.DepositedRun run = deposit.run();
    add(RUN, "CreateAction")
        .put("name", "Run " + run.id() + " of " + deposit.experiment())
        .put("identifier", run.id())
        .put(
            "description",
            "The run that gathered the results; what the store held already it did not compute"
                + " again")
        .put("startTime", TIME.format(run.started()))
        .put("endTime", TIME.format(run.ended()))
        .put("actionStatus", "http://schema.org/CompletedActionStatus")
        .put("instrument", reference(id(deposit.specs().get(0))))
        .put("object", references(deposit.sources().stream().map(RoCrate::id).toList()))
        .put("result", references(deposit.files().stream().map(RoCrate::id).toList()));
    add("#execution", "OrganizeAction")
        .put("name", "Twintail executes the run")
        .put("instrument", reference(PROGRAM))
        .put("result", reference(RUN));
  }

  /** Adds an entity, whose fields are still to come. */
  private JsonObject add(String id, String... types) {
    JsonObject entity = new JsonObject().put("@id", id);
    graph.add(entity);
    return entity.put("@type", types.length == 1 ? types[0] : List.of(types));
  }

  private static JsonObject content(Digest digest) {
    return new JsonObject()
        .put("contentSize", Long.toString(digest.size()))
        .put("sha256", digest.sha256());
  }

  private static Map<String, String> reference(String id) {
    return Map.of("@id", id);
  }

  /** One stands alone, as the specification wants lists of one. */
  private static Object references(List<String> ids) {
    return ids.size() == 1 ? reference(ids.get(0)) : ids.stream().map(RoCrate::reference).toList();
  }

  private static String id(Deposit.DepositedFile item) {
    try {
      return new URI(null, null, item.name(), null).getRawPath();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("Cannot name a file '" + item.name() + "'", e);
    }
  }

  /** Names a file that is not in the crate by its content, after RFC 6920. */
  private static String id(Deposit.DepositedSource source) {
    byte[] hash = HexFormat.of().parseHex(source.digest().sha256());
    return "ni:///sha-256;" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private static String parameter(Deposit.DepositedFile item) {
    return "#output/" + id(item);
  }

  private static String parameter(Deposit.DepositedSource source) {
    return "#input/" + source.name();
  }
}
