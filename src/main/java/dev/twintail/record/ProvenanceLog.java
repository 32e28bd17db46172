package dev.twintail.record;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ExecutionLog;
import dev.twintail.action.MalformedException;
import dev.twintail.action.SmallObjects;
import dev.twintail.concurrent.Parallel;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Appends the {@link Provenance} of executed actions, as {@code provenance/<first two
 * digits>/<key>/ <start>-<random>.json}. An action that was executed twice has two records.
 */
public final class ProvenanceLog implements ExecutionLog {
  private final ObjectStore objects;
  private final String programVersion;
  private final String run;
  private final Machine machine = Machine.current();

  /**
   * @param run the {@linkplain RunRecord#newId id} of the run that executes
   */
  public ProvenanceLog(ObjectStore objects, String programVersion, String run) {
    this.objects = objects;
    this.programVersion = programVersion;
    this.run = run;
  }

  /**
   * Returns who executed the action, oldest first; a record that is damaged, or of another action
   * than its name says, is left out.
   *
   * @param objects the store
   */
  public static List<Provenance> of(ActionKey key, ObjectStore objects) throws IOException {
    List<String> names = new ArrayList<>();
    objects.list(key.nameIn("provenance") + "/", entry -> names.add(entry.name()));
    List<Provenance> records = new ArrayList<>();
    for (String name : names) {
      try {
        SmallObjects.parse(objects, name, SmallObjects.RECORD, Provenance::parse)
            .filter(record -> record.key().equals(key))
            .ifPresent(records::add);
      } catch (MalformedException e) {
        // It tells nothing.
      }
    }
    return List.copyOf(records);
  }

  /**
   * Returns where and when a run executed its actions, as far as that is on record.
   *
   * @param objects the store
   */
  public static Map<ActionKey, Provenance> of(RunRecord run, ObjectStore objects)
      throws IOException, InterruptedException {
    List<ActionKey> keys =
        run.steps().stream()
            .filter(step -> step.status() == RunRecord.Status.EXECUTED)
            .map(RunRecord.Step::key)
            .toList();
    Map<ActionKey, Provenance> executions = new ConcurrentHashMap<>();
    Parallel.forEach(
        keys,
        objects.parallelism(),
        key ->
            of(key, objects).stream()
                .filter(execution -> execution.run().equals(run.id()))
                .findFirst()
                .ifPresent(execution -> executions.put(key, execution)));
    return executions;
  }

  @Override
  public void append(ActionKey key, Instant started, Duration elapsed) throws IOException {
    Provenance record = new Provenance(key, started, elapsed, machine, programVersion, run);
    String name = key.nameIn("provenance") + "/" + Timestamps.unique(started) + ".json";
    objects.create(name, record.toJson());
  }
}
