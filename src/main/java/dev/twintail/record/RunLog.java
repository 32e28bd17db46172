package dev.twintail.record;

import dev.twintail.action.MalformedException;
import dev.twintail.action.SmallObjects;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs of a store, as {@code runs/<id>.json}. */
public final class RunLog {
  private static final String FOLDER = "runs/";
  private static final String SUFFIX = ".json";

  private final ObjectStore objects;

  public RunLog(ObjectStore objects) {
    this.objects = objects;
  }

  /** Adds the record of a run; ids are unique, so nothing is ever replaced. */
  public void append(RunRecord run) throws IOException {
    String name = FOLDER + run.id() + SUFFIX;
    Blob json = run.toJson();
    // A request that was sent twice on its way finds its own record.
    if (!objects.create(name, json)
        && !SmallObjects.read(objects, name, SmallObjects.RUN)
            .filter(there -> Digest.of(there).equals(json.digest()))
            .isPresent()) {
      throw new IllegalStateException("Cannot record run " + run.id() + ": it is recorded");
    }
  }

  /** Returns the ids of all runs, oldest first. */
  public List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    objects.list(
        FOLDER,
        entry -> {
          String name = entry.name();
          if (name.endsWith(SUFFIX)) {
            ids.add(name.substring(FOLDER.length(), name.length() - SUFFIX.length()));
          }
        });
    return List.copyOf(ids);
  }

  /**
   * Returns the record of a run, or empty if there is none.
   *
   * @throws MalformedException if it is damaged
   */
  public Optional<RunRecord> find(String id) throws IOException {
    Optional<byte[]> bytes = SmallObjects.read(objects, FOLDER + id + SUFFIX, SmallObjects.RUN);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(RunRecord.parse(bytes.get()));
  }
}
