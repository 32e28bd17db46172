package dev.twintail.store;

import dev.twintail.blob.Blob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Objects in the memory of this process, gone with it: for tests and trial runs. */
public final class MemoryObjectStore implements ObjectStore {
  private static final class Content {
    private final byte[] bytes;
    private final Instant modified = Instant.now();

    private Content(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final ConcurrentSkipListMap<String, Content> objects = new ConcurrentSkipListMap<>();

  @Override
  public String location() {
    return "memory:";
  }

  @Override
  public Optional<StoredObject> stat(String name) {
    return Optional.ofNullable(objects.get(ObjectStore.requireName(name)))
        .map(content -> entry(name, content));
  }

  @Override
  public Optional<InputStream> open(String name) {
    return Optional.ofNullable(objects.get(ObjectStore.requireName(name)))
        .map(content -> new ByteArrayInputStream(content.bytes));
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    ObjectStore.requireName(name);
    if (objects.containsKey(name)) {
      return false;
    }
    byte[] bytes;
    try (InputStream in = content.open()) {
      bytes = in.readAllBytes();
    }
    return objects.putIfAbsent(name, new Content(bytes)) == null;
  }

  @Override
  public boolean delete(String name) {
    return objects.remove(ObjectStore.requireName(name)) != null;
  }

  @Override
  public void list(String prefix, Consumer<StoredObject> consumer) {
    for (Map.Entry<String, Content> object : objects.tailMap(prefix, true).entrySet()) {
      if (!object.getKey().startsWith(prefix)) {
        return;
      }
      consumer.accept(entry(object.getKey(), object.getValue()));
    }
  }

  @Override
  public void listForeign(String folder, Consumer<String> consumer) {}

  @Override
  public void close() {}

  private static StoredObject entry(String name, Content content) {
    return new StoredObject(name, content.bytes.length, content.modified);
  }
}
