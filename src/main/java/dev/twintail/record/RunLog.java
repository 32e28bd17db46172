package dev.twintail.record;

import dev.twintail.action.MalformedException;
import dev.twintail.action.SmallObjects;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The runs of a store, as {@code runs/<id>.json}. */
public final class RunLog {
  /** What the names of the records start with. */
  public static final String FOLDER = "runs/";

  private final ObjectStore objects;
  private final RecordFolder records;

  public RunLog(ObjectStore objects) {
    this.objects = objects;
    records = new RecordFolder(objects, FOLDER, SmallObjects.RUN);
  }

  /** Adds the record of a run; ids are unique, so nothing is ever replaced. */
  public void append(RunRecord run) throws IOException {
    Blob json = run.toJson();
    // A request that was sent twice on its way finds its own record.
    if (!objects.create(records.nameOf(run.id()), json)
        && !records
            .read(run.id())
            .filter(there -> Digest.of(there).equals(json.digest()))
            .isPresent()) {
      throw new IllegalStateException("Cannot record run " + run.id() + ": it is recorded");
    }
  }

  /** Returns the ids of all runs, oldest first. */
  public List<String> ids() throws IOException {
    return records.ids();
  }

  /**
   * Returns the names of what is in the place of records and is none by its name or kind, such as a
   * link, a folder or a copy with another name: it may have been the record of a run.
   */
  public List<String> strays() throws IOException {
    return records.strays();
  }

  /** Passes the last runs, newest first; of them those whose record is damaged are left out. */
  public void newest(int most, Consumer<RunRecord> consumer) throws IOException {
    List<String> ids = ids();
    for (int i = ids.size() - 1; i >= Math.max(0, ids.size() - most); i--) {
      try {
        find(ids.get(i)).ifPresent(consumer);
      } catch (MalformedException e) {
        // It tells nothing.
      }
    }
  }

  /**
   * Returns the record of a run, or empty if there is none.
   *
   * @throws MalformedException if it is damaged
   */
  public Optional<RunRecord> find(String id) throws IOException {
    return records.find(id, RunRecord::parse);
  }
}
