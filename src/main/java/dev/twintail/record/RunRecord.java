package dev.twintail.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Outcome;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one run did: the way from a run to every blob that it used or made.
 *
 * @param id from {@link #newId}; names the record in the store
 * @param spec the experiment's name
 * @param programVersion the version of the program
 * @param started when the run began
 * @param ended when it ended
 * @param host the machine's name
 * @param workers how many actions could run at once
 * @param steps the actions, sorted by stage, label, round and key
 */
public record RunRecord(
    String id,
    String spec,
    String programVersion,
    Instant started,
    Instant ended,
    String host,
    int workers,
    List<Step> steps) {

  private static final int SCHEMA = 1;
  private static final Comparator<Step> ORDER =
      Comparator.comparing(Step::stage)
          .thenComparing(Step::label)
          .thenComparingInt(Step::round)
          .thenComparing(Step::key);

  /** Whether an action's work was done by the run. */
  public enum Status {
    EXECUTED,
    REUSED
  }

  /**
   * One action of the run.
   *
   * @param label whom the action is for, such as a model's name
   * @param manifest the digest of the manifest's bytes
   */
  public record Step(
      String stage, String label, int round, ActionKey key, Digest manifest, Status status) {

    /** Returns the step that an execution of the action {@code key} was. */
    public static Step of(String stage, String label, int round, ActionKey key, Outcome outcome) {
      return new Step(
          stage,
          label,
          round,
          key,
          outcome.manifest().blob().digest(),
          outcome.reused() ? Status.REUSED : Status.EXECUTED);
    }
  }

  /** How many actions of a stage were executed and how many were reused. */
  public record Counts(int executed, int reused) {
    private Counts plus(Status status) {
      return status == Status.EXECUTED
          ? new Counts(executed + 1, reused)
          : new Counts(executed, reused + 1);
    }
  }

  public RunRecord {
    steps = steps.stream().sorted(ORDER).toList();
  }

  /** Returns an id for a run that starts now: time in UTC, then random digits. */
  public static String newId(Instant started) {
    return Timestamps.unique(started);
  }

  /** Returns the counts by stage, sorted by its name. */
  public SortedMap<String, Counts> counts() {
    TreeMap<String, Counts> counts = new TreeMap<>();
    for (Step step : steps) {
      counts.put(
          step.stage(), counts.getOrDefault(step.stage(), new Counts(0, 0)).plus(step.status()));
    }
    return Collections.unmodifiableSortedMap(counts);
  }

  /** Returns the record as one JSON object, whose fields have a fixed order. */
  Blob toJson() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("schema", SCHEMA);
      json.writeStringField("id", id);
      json.writeStringField("spec", spec);
      json.writeStringField("programVersion", programVersion);
      json.writeStringField("started", started.toString());
      json.writeStringField("ended", ended.toString());
      json.writeStringField("host", host);
      json.writeNumberField("workers", workers);
      json.writeObjectFieldStart("counts");
      for (var stage : counts().entrySet()) {
        json.writeObjectFieldStart(stage.getKey());
        json.writeNumberField("executed", stage.getValue().executed());
        json.writeNumberField("reused", stage.getValue().reused());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeArrayFieldStart("steps");
      for (Step step : steps) {
        write(step, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return Blob.of(bytes.toByteArray());
  }

  private static void write(Step step, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("stage", step.stage());
    json.writeStringField("label", step.label());
    json.writeNumberField("round", step.round());
    json.writeStringField("key", step.key().sha256());
    json.writeStringField("manifest", step.manifest().sha256());
    json.writeNumberField("manifestBytes", step.manifest().size());
    json.writeStringField("status", step.status().name());
    json.writeEndObject();
  }

  /**
   * Reads what {@link #toJson} writes; fields it does not know are skipped.
   *
   * @throws MalformedException if a field is missing or has an impossible value
   */
  static RunRecord parse(byte[] bytes) throws MalformedException {
    return JsonFields.read(bytes, "run record", RunRecord::of);
  }

  private static RunRecord of(JsonFields fields) {
    fields.require("schema", Integer.toString(SCHEMA));
    return new RunRecord(
        fields.text("id"),
        fields.text("spec"),
        fields.text("programVersion"),
        fields.instant("started"),
        fields.instant("ended"),
        fields.text("host"),
        fields.integer("workers"),
        fields.objectList("steps").stream().map(RunRecord::step).toList());
  }

  private static Step step(JsonFields fields) {
    return new Step(
        fields.text("stage"),
        fields.text("label"),
        fields.integer("round"),
        new ActionKey(fields.text("key")),
        new Digest(fields.text("manifest"), fields.number("manifestBytes")),
        Status.valueOf(fields.text("status")));
  }
}
