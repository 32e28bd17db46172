package dev.twintail.action;

import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Appends the {@link Provenance} of executed actions, as {@code provenance/<first two
 * digits>/<key>/ <start>-<random>.json}. An action that was executed twice has two records.
 */
public final class ProvenanceLog {
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

  void append(ActionKey key, Instant started, Duration elapsed) throws IOException {
    Provenance record = new Provenance(key, started, elapsed, machine, programVersion, run);
    String name = key.nameIn("provenance") + "/" + Timestamps.unique(started) + ".json";
    objects.create(name, record.toJson());
  }
}
