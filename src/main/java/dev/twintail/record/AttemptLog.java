package dev.twintail.record;

import dev.twintail.action.MalformedException;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs of a store that did not come to their end, as {@code attempts/<id>.json}. */
public final class AttemptLog {
  /** What the names of the records start with. */
  public static final String FOLDER = "attempts/";

  private static final String SUFFIX = ".json";

  private final ObjectStore objects;

  public AttemptLog(ObjectStore objects) {
    this.objects = objects;
  }

  /** Adds a record; one that is there stays. */
  public void append(Attempt attempt) throws IOException {
    objects.create(FOLDER + attempt.id() + SUFFIX, attempt.toJson());
  }

  /** Returns the ids of all of them, oldest first. */
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
   * Returns a record, or empty if there is none.
   *
   * @throws MalformedException if it is damaged
   */
  public Optional<Attempt> find(String id) throws IOException {
    Optional<InputStream> opened = objects.open(FOLDER + id + SUFFIX);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = opened.get()) {
      return Optional.of(Attempt.parse(in.readAllBytes()));
    }
  }
}
