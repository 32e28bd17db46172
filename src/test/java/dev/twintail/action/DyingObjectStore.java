package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A store whose user dies instead of making the write after the last one it is allowed. */
final class DyingObjectStore implements ObjectStore {
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final ObjectStore objects;
  private final AtomicInteger left;

  DyingObjectStore(ObjectStore objects, int writes) {
    this.objects = objects;
    this.left = new AtomicInteger(writes);
  }

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
    if (left.getAndDecrement() <= 0) {
      throw new Died();
    }
    return objects.create(name, content);
  }

  @Override
  public boolean delete(String name) throws IOException {
    return objects.delete(name);
  }

  @Override
  public void list(String prefix, Consumer<Entry> consumer) throws IOException {
    objects.list(prefix, consumer);
  }

  @Override
  public void close() {}
}
