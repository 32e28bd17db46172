package dev.twintail.store;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Another store, for those who want one operation to go otherwise. Every write is a create. */
public abstract class ForwardingObjectStore implements ObjectStore {
  private final ObjectStore objects;

  protected ForwardingObjectStore(ObjectStore objects) {
    this.objects = objects;
  }

  @Override
  public String location() {
    return objects.location();
  }

  @Override
  public Optional<StoredObject> stat(String name) throws IOException {
    return objects.stat(name);
  }

  @Override
  public Optional<InputStream> open(String name) throws IOException {
    return objects.open(name);
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    return objects.create(name, content);
  }

  @Override
  public boolean delete(String name) throws IOException {
    return objects.delete(name);
  }

  @Override
  public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
    objects.list(prefix, consumer);
  }

  @Override
  public void listForeign(String folder, Consumer<String> consumer) throws IOException {
    objects.listForeign(folder, consumer);
  }

  @Override
  public void close() throws IOException {
    objects.close();
  }
}
