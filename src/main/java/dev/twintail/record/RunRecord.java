package dev.twintail.record;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Outcome;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one run did: the way from a run to every blob that it used or made.
 *
 * <p>One JSON object of schema 2. In records of schema 1, which are read too, a step has a label
 * for people instead of its models, such as {@code Digits} or {@code 10 models}, and round 0 if it
 * is of all rounds.
 *
 * @param id from {@link #newId}; names the record in the store
 * @param spec the experiment's name
 * @param programVersion the version of the program
 * @param started when the run began
 * @param ended when it ended
 * @param host the machine's name
 * @param workers how many actions could run at once
 * @param steps the actions, sorted by name and key
 */
public record RunRecord(
    String id,
    String spec,
    String programVersion,
    Instant started,
    Instant ended,
    String host,
    int workers,
    List<Step> steps)
    implements RunEntry {

  private static final int SCHEMA = 2;
  private static final int SCHEMA_WITH_LABELS = 1;
  private static final Comparator<Step> ORDER =
      Comparator.comparing(Step::action).thenComparing(Step::key);

  /** Whether an action's work was done by the run. */
  public enum Status {
    EXECUTED("EXECUTED"),
    REUSED("REUSED");

    /** What it is called in records; stays whatever the constant is called. */
    private final String word;

    Status(String word) {
      this.word = word;
    }

    private static Status of(String word) {
      return Arrays.stream(values())
          .filter(status -> status.word.equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no status"));
    }
  }

  /**
   * One action of the run.
   *
   * @param action its name
   * @param models whom the action is for, in the order of the spec; of a record of schema 1, its
   *     label
   * @param manifest the digest of the manifest's bytes
   */
  public record Step(
      ActionName action, Set<String> models, ActionKey key, Digest manifest, Status status) {
    public Step {
      models = Collections.unmodifiableSet(new LinkedHashSet<>(models));
    }

    /** Returns the step that an execution of the action {@code key} was. */
    public static Step of(ActionName action, Set<String> models, ActionKey key, Outcome outcome) {
      return new Step(
          action,
          models,
          key,
          outcome.manifest().blob().digest(),
          outcome.reused() ? Status.REUSED : Status.EXECUTED);
    }

    /** Returns the stage's name. */
    public String stage() {
      return action.stage();
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
  Blob toJson() {
    return JsonFields.blob(
        JsonFields.head(SCHEMA, this)
            .put(
                "counts",
                JsonObject.of(
                    counts(),
                    stage ->
                        new JsonObject()
                            .put("executed", stage.executed())
                            .put("reused", stage.reused())))
            .putEach("steps", steps, RunRecord::json));
  }

  private static JsonObject json(Step step) {
    return new JsonObject()
        .put("action", step.action().toString())
        .put("models", step.models())
        .put("key", step.key().sha256())
        .put("manifest", step.manifest().sha256())
        .put("manifestBytes", step.manifest().size())
        .put("status", step.status().word);
  }

  /**
   * Reads what {@link #toJson} writes; fields it does not know are skipped.
   *
   * @throws MalformedException if a field is missing or has an impossible value
   */
  public static RunRecord parse(byte[] bytes) throws MalformedException {
    return JsonFields.read(bytes, "run record", RunRecord::of);
  }

  private static RunRecord of(JsonFields fields) {
    int schema = fields.integer("schema");
    if (schema != SCHEMA && schema != SCHEMA_WITH_LABELS) {
      throw new IllegalArgumentException("its schema is unknown");
    }
    return new RunRecord(
        fields.text("id"),
        fields.text("spec"),
        fields.text("programVersion"),
        fields.instant("started"),
        fields.instant("ended"),
        fields.text("host"),
        fields.integer("workers"),
        fields.objectList("steps").stream()
            .map(schema == SCHEMA ? RunRecord::step : RunRecord::labelledStep)
            .toList());
  }

  private static Step step(JsonFields fields) {
    return step(
        ActionName.parse(fields.text("action")),
        new LinkedHashSet<>(fields.textList("models")),
        fields);
  }

  private static Step labelledStep(JsonFields fields) {
    String label = fields.text("label");
    int round = fields.integer("round");
    return step(
        round == 0
            ? ActionName.ofAll(fields.text("stage"))
            : ActionName.ofRound(fields.text("stage"), label, round),
        Set.of(label),
        fields);
  }

  private static Step step(ActionName action, Set<String> models, JsonFields fields) {
    return new Step(
        action,
        models,
        new ActionKey(fields.text("key")),
        new Digest(fields.text("manifest"), fields.number("manifestBytes")),
        Status.of(fields.text("status")));
  }
}
