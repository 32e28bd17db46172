package dev.twintail.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

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
  private final JsonGenerator json;

  private RoCrate(Deposit deposit, JsonGenerator json) {
    this.deposit = deposit;
    this.json = json;
  }

  /** Returns the whole document. */
  public static String of(Deposit deposit) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      new RoCrate(deposit, json).write();
    }
    return text.append('\n').toString();
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("@context");
    json.writeString("https://w3id.org/ro/crate/1.1/context");
    json.writeString("https://w3id.org/ro/terms/workflow-run/context");
    json.writeEndArray();
    json.writeArrayFieldStart("@graph");
    descriptor();
    root();
    profile(PROCESS, "Process Run Crate", "0.5");
    profile(WORKFLOW, "Workflow Run Crate", "0.5");
    profile(WORKFLOW_CRATE, "Workflow RO-Crate", "1.0");
    license();
    workflow();
    for (Deposit.DepositedFile spec : deposit.specs().subList(1, deposit.specs().size())) {
      file(spec, "application/yaml", "A file that the spec refers to");
    }
    file(deposit.lock(), "text/plain", "Every action with its key, and the digests of its outputs");
    for (Deposit.DepositedFile item : deposit.files()) {
      output(item);
    }
    for (Deposit.DepositedSource source : deposit.sources()) {
      input(source);
    }
    program();
    run();
    json.writeEndArray();
    json.writeEndObject();
  }

  private void descriptor() throws IOException {
    start(FILE, "CreativeWork");
    reference("about", "./");
    references("conformsTo", List.of("https://w3id.org/ro/crate/1.1", WORKFLOW_CRATE));
    json.writeEndObject();
  }

  private void root() throws IOException {
    start("./", "Dataset");
    json.writeStringField("name", deposit.title());
    json.writeStringField(
        "description",
        "Results of the experiment "
            + deposit.experiment()
            + ", "
            + deposit.rounds()
            + " rounds, root seed "
            + deposit.seed()
            + ", by Twintail. Source: "
            + deposit.source());
    json.writeStringField("datePublished", TIME.format(deposit.run().ended()));
    reference("license", LICENSE);
    references("conformsTo", List.of(PROCESS, WORKFLOW, WORKFLOW_CRATE));
    List<String> parts = new ArrayList<>();
    deposit.specs().forEach(spec -> parts.add(id(spec)));
    parts.add(id(deposit.lock()));
    deposit.files().forEach(file -> parts.add(id(file)));
    deposit.sources().forEach(source -> parts.add(id(source)));
    references("hasPart", parts);
    reference("mainEntity", id(deposit.specs().get(0)));
    reference("mentions", RUN);
    json.writeEndObject();
  }

  private void profile(String id, String name, String version) throws IOException {
    start(id, "CreativeWork");
    json.writeStringField("name", name);
    json.writeStringField("version", version);
    json.writeEndObject();
  }

  private void license() throws IOException {
    start(LICENSE, "CreativeWork");
    json.writeStringField("name", "Apache License 2.0");
    json.writeStringField("description", "Use, change and pass on, with this licence and notices");
    json.writeEndObject();
  }

  private void workflow() throws IOException {
    Deposit.DepositedFile spec = deposit.specs().get(0);
    start(id(spec), "File", "SoftwareSourceCode", "ComputationalWorkflow");
    json.writeStringField("name", deposit.experiment());
    json.writeStringField("description", deposit.title());
    json.writeStringField("version", spec.digest().abbreviated());
    json.writeStringField("encodingFormat", "application/yaml");
    digest(spec.digest());
    reference("conformsTo", "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE");
    reference("programmingLanguage", LANGUAGE);
    reference("license", LICENSE);
    references("input", deposit.sources().stream().map(RoCrate::parameter).toList());
    references("output", deposit.files().stream().map(RoCrate::parameter).toList());
    json.writeEndObject();
    start(LANGUAGE, "ComputerLanguage");
    json.writeStringField("name", "Twintail experiment spec");
    json.writeStringField("description", "YAML 1.2 that describes models, data and training");
    json.writeEndObject();
  }

  private void file(Deposit.DepositedFile item, String format, String description)
      throws IOException {
    start(id(item), "File");
    json.writeStringField("name", item.name());
    json.writeStringField("description", description);
    json.writeStringField("encodingFormat", format);
    digest(item.digest());
    json.writeEndObject();
  }

  private void output(Deposit.DepositedFile item) throws IOException {
    start(id(item), "File");
    json.writeStringField("name", item.name());
    json.writeStringField("encodingFormat", format(item.name()));
    digest(item.digest());
    reference("exampleOfWork", parameter(item));
    json.writeEndObject();
    parameter(parameter(item), item.name());
  }

  private static String format(String name) {
    return name.endsWith(".arrow")
        ? "application/vnd.apache.arrow.file"
        : "application/octet-stream";
  }

  private void input(Deposit.DepositedSource source) throws IOException {
    start(id(source), "File");
    json.writeStringField("name", source.name());
    json.writeStringField("encodingFormat", "application/octet-stream");
    digest(source.digest());
    reference("exampleOfWork", parameter(source));
    json.writeArrayFieldStart("url");
    for (URI place : source.places()) {
      json.writeString(place.toString());
    }
    json.writeEndArray();
    json.writeEndObject();
    parameter(parameter(source), source.name());
  }

  private void parameter(String id, String name) throws IOException {
    start(id, "FormalParameter");
    json.writeStringField("name", name);
    json.writeStringField("additionalType", "File");
    reference("conformsTo", "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE");
    json.writeEndObject();
  }

  private void program() throws IOException {
    start(PROGRAM, "SoftwareApplication");
    json.writeStringField("name", "Twintail");
    json.writeStringField("softwareVersion", deposit.run().programVersion());
    json.writeStringField(
        "description", "Reruns studies of paired MNIST digits, reproducibly and incrementally");
    json.writeEndObject();
  }

  private void run() throws IOException {
    Deposit.DepositedRun run = deposit.run();
    start(RUN, "CreateAction");
    json.writeStringField("name", "Run " + run.id() + " of " + deposit.experiment());
    json.writeStringField("identifier", run.id());
    json.writeStringField(
        "description",
        "The run that gathered the results; what the store held already it did not compute again");
    json.writeStringField("startTime", TIME.format(run.started()));
    json.writeStringField("endTime", TIME.format(run.ended()));
    json.writeStringField("actionStatus", "http://schema.org/CompletedActionStatus");
    reference("instrument", id(deposit.specs().get(0)));
    references("object", deposit.sources().stream().map(RoCrate::id).toList());
    references("result", deposit.files().stream().map(RoCrate::id).toList());
    json.writeEndObject();
    start("#execution", "OrganizeAction");
    json.writeStringField("name", "Twintail executes the run");
    reference("instrument", PROGRAM);
    reference("result", RUN);
    json.writeEndObject();
  }

  private void digest(Digest digest) throws IOException {
    json.writeStringField("contentSize", Long.toString(digest.size()));
    json.writeStringField("sha256", digest.sha256());
  }

  private void start(String id, String... types) throws IOException {
    json.writeStartObject();
    json.writeStringField("@id", id);
    if (types.length == 1) {
      json.writeStringField("@type", types[0]);
    } else {
      json.writeArrayFieldStart("@type");
      for (String type : types) {
        json.writeString(type);
      }
      json.writeEndArray();
    }
  }

  private void reference(String field, String id) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("@id", id);
    json.writeEndObject();
  }

  private void references(String field, List<String> ids) throws IOException {
    if (ids.size() == 1) { // As the specification wants lists of one.
      reference(field, ids.get(0));
      return;
    }
    json.writeArrayFieldStart(field);
    for (String id : ids) {
      json.writeStartObject();
      json.writeStringField("@id", id);
      json.writeEndObject();
    }
    json.writeEndArray();
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
