package dev.twintail.record;

import dev.twintail.action.MalformedException;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
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
    if (!objects.create(FOLDER + run.id() + SUFFIX, run.toJson())) {
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
    Optional<InputStream> opened = objects.open(FOLDER + id + SUFFIX);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = opened.get()) {
      return Optional.of(RunRecord.parse(in.readAllBytes()));
    }
  }
}
