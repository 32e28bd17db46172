package dev.twintail.store;

import dev.twintail.blob.Blob;
import java.io.IOException;

/** A store that lets nobody write. An existing name is told as such before that. */
public final class ReadOnlyObjectStore extends ForwardingObjectStore {
  public static final String MESSAGE = "Cannot write to the store: Read-only file system (nowhere)";

  public ReadOnlyObjectStore(ObjectStore objects) {
    super(objects);
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    if (stat(name).isPresent()) {
      return false;
    }
    throw new StoreException(StoreException.StoreFault.WRITE_DENIED, MESSAGE, null);
  }

  @Override
  public boolean delete(String name) throws IOException {
    throw new StoreException(StoreException.StoreFault.DELETE_DENIED, MESSAGE, null);
  }
}
