package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.EmbeddedS3;
import java.io.IOException;
import java.net.URI;

/** A process that ends, as if killed, when all blobs of its first action are on S3. */
final class KilledBeforeManifest {
  static final int STATUS = 99;

  private KilledBeforeManifest() {}

  public static void main(String[] arguments) throws Exception {
    ObjectStore objects = EmbeddedS3.storeAt(arguments[0], URI.create(arguments[1]));
    new Workout(new Halting(objects), 1).run();
  }

  private static final class Halting extends ForwardingObjectStore {
    private Halting(ObjectStore objects) {
      super(objects);
    }

    @Override
    public boolean create(String name, Blob content) throws IOException {
      if (name.startsWith("ac/")) {
        Runtime.getRuntime().halt(STATUS);
      }
      return super.create(name, content);
    }
  }
}
