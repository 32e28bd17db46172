package dev.twintail.record;

import dev.twintail.action.MalformedException;
import dev.twintail.action.SmallObjects;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The runs of a store that did not come to their end, as {@code attempts/<id>.json}. */
public final class AttemptLog {
  /** What the names of the records start with. */
  public static final String FOLDER = "attempts/";

  private final ObjectStore objects;
  private final RecordFolder records;

  public AttemptLog(ObjectStore objects) {
    this.objects = objects;
    records = new RecordFolder(objects, FOLDER, SmallObjects.RECORD);
  }

  /** Adds a record; one that is there stays. */
  public void append(Attempt attempt) throws IOException {
    objects.create(records.nameOf(attempt.id()), attempt.toJson());
  }

  /** Returns the ids of all of them, oldest first. */
  public List<String> ids() throws IOException {
    return records.ids();
  }

  /**
   * Returns a record, or empty if there is none.
   *
   * @throws MalformedException if it is damaged
   */
  public Optional<Attempt> find(String id) throws IOException {
    return records.find(id, Attempt::parse);
  }
}
