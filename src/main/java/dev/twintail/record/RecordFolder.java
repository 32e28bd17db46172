package dev.twintail.record;

import dev.twintail.action.MalformedException;
import dev.twintail.action.SmallObjects;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder of a store with one JSON file for each run: {@code <id>.json}. */
final class RecordFolder {
  private static final String SUFFIX = ".json";

  private final ObjectStore objects;
  private final String folder;
  private final int most;

  /**
   * @param folder ends with a slash
   * @param most bytes that a record may have
   */
  RecordFolder(ObjectStore objects, String folder, int most) {
    this.objects = objects;
    this.folder = folder;
    this.most = most;
  }

  /** Returns the name of the object. */
  String nameOf(String id) {
    return folder + id + SUFFIX;
  }

  /** Returns the ids of all records, oldest first. */
  List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    objects.list(
        folder,
        entry -> {
          String name = entry.name();
          if (isRecord(name)) {
            ids.add(name.substring(folder.length(), name.length() - SUFFIX.length()));
          }
        });
    return List.copyOf(ids);
  }

  /** Returns what else is in the folder, links and odd names included; none of it is read. */
  List<String> strays() throws IOException {
    List<String> strays = new ArrayList<>();
    objects.list(
        folder,
        entry -> {
          if (!isRecord(entry.name())) {
            strays.add(entry.name());
          }
        });
    objects.listForeign(folder, strays::add);
    return strays.stream().sorted().toList();
  }

  private boolean isRecord(String name) {
    return name.endsWith(SUFFIX) && name.indexOf('/', folder.length()) < 0;
  }

  /**
   * Returns what a record tells, or empty if there is none.
   *
   * @throws MalformedException if it is damaged, or larger than a record may be
   */
  <T> Optional<T> find(String id, SmallObjects.Parsing<T> parsing) throws IOException {
    return SmallObjects.parse(objects, nameOf(id), most, parsing);
  }

  /**
   * Returns the bytes of a record, or empty if there is none.
   *
   * @throws MalformedException if it is larger than a record may be
   */
  Optional<byte[]> read(String id) throws IOException {
    return SmallObjects.read(objects, nameOf(id), most);
  }
}
