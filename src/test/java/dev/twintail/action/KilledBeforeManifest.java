package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.EmbeddedS3;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** A process that ends, as if killed, when all blobs of its first action are on S3. */
final class KilledBeforeManifest {
  static final int STATUS = 99;

  private KilledBeforeManifest() {}

  public static void main(String[] arguments) throws Exception {
    ObjectStore objects = EmbeddedS3.storeAt(arguments[0], URI.create(arguments[1]));
    new Workout(new Halting(objects), 1).run();
  }

  private record Halting(ObjectStore objects) implements ObjectStore {
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
      if (name.startsWith("ac/")) {
        Runtime.getRuntime().halt(STATUS);
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
    public void close() throws IOException {
      objects.close();
    }
  }
}
