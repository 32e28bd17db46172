package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose user dies instead of making the write after the last one it is allowed. */
public final class DyingObjectStore extends ForwardingObjectStore {
  /** The death. */
  public static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final AtomicInteger left;

  public DyingObjectStore(ObjectStore objects, int writes) {
    super(objects);
    this.left = new AtomicInteger(writes);
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    if (left.getAndDecrement() <= 0) {
      throw new Died();
    }
    return super.create(name, content);
  }
}
