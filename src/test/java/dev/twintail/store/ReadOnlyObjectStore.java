package dev.twintail.store;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** A store that lets nobody write. An existing name is told as such before that. */
public record ReadOnlyObjectStore(ObjectStore objects) implements ObjectStore {
  public static final String MESSAGE = "Cannot write to the store: Read-only file system (nowhere)";

  @Override
  public String location() {
    return objects.location();
  }

  @Override
  public Optional<Entry> stat(String name) throws IOException {
    return objects.stat(name);
  }

  @Override
  public Optional<InputStream> open(String name) throws IOException {
    return objects.open(name);
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    if (stat(name).isPresent()) {
      return false;
    }
    throw new StoreException(MESSAGE);
  }

  @Override
  public boolean delete(String name) throws IOException {
    throw new StoreException(MESSAGE);
  }

  @Override
  public void list(String prefix, Consumer<Entry> consumer) throws IOException {
    objects.list(prefix, consumer);
  }

  @Override
  public void close() {}
}
