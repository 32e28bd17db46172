package dev.twintail.store;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A store of which nothing is changed: what is written stays in the memory of this process, in
 * front of what is there, and is gone with it. For trial runs and views.
 */
public final class OverlayObjectStore implements ObjectStore {
  private final ObjectStore base;
  private final MemoryObjectStore written = new MemoryObjectStore();

  /**
   * @param base only read, and not closed
   */
  public OverlayObjectStore(ObjectStore base) {
    this.base = base;
  }

  @Override
  public String location() {
    return base.location();
  }

  @Override
  public int parallelism() {
    return base.parallelism();
  }

  @Override
  public boolean isDistant() {
    return base.isDistant();
  }

  @Override
  public Optional<StoredObject> stat(String name) throws IOException {
    Optional<StoredObject> found = written.stat(name);
    return found.isPresent() ? found : base.stat(name);
  }

  @Override
  public Optional<InputStream> open(String name) throws IOException {
    Optional<InputStream> found = written.open(name);
    return found.isPresent() ? found : base.open(name);
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    return base.stat(name).isEmpty() && written.create(name, content);
  }

  /** Removes what was written here; what is there stays. */
  @Override
  public boolean delete(String name) {
    return written.delete(name);
  }

  @Override
  public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
    TreeMap<String, StoredObject> found = new TreeMap<>();
    base.list(prefix, entry -> found.put(entry.name(), entry));
    written.list(prefix, entry -> found.put(entry.name(), entry));
    found.values().forEach(consumer);
  }

  @Override
  public void listForeign(String folder, Consumer<String> consumer) throws IOException {
    base.listForeign(folder, consumer);
  }

  @Override
  public void close() {}
}
