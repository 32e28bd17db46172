package dev.twintail.upkeep;

import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStore.StoredObject;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store as someone sees it who has announced that he works in it, for as long as this object is
 * open. Nothing is written without the announcement: who may not make it can only read. Before each
 * write it is made sure that the announcement still counts, and closing waits for the writes under
 * way and lets no more begin before it takes the announcement back.
 */
public final class LeasedStore implements ObjectStore {
  /** How long closing waits for writes under way. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ObjectStore objects;
  private final @Nullable StoreLease lease;
  private final String refusal;
  private final LeaseCheck check;
  private final Duration patience;

  /** Held for reading by each write. */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private volatile boolean closed;

  /** What is made sure before a write. */
  @FunctionalInterface
  private interface LeaseCheck {
    void run() throws IOException, InterruptedException;
  }

  private LeasedStore(
      ObjectStore objects,
      @Nullable StoreLease lease,
      String refusal,
      LeaseCheck check,
      Duration patience) {
    this.objects = objects;
    this.lease = lease;
    this.refusal = refusal;
    this.check = check;
    this.patience = patience;
  }

  /**
   * Announces a user, and returns when no collection is under way. Who may not write here can only
   * read what is returned.
   *
   * @param id unique, such as a run's
   * @param note hears, in one line each, if it has to wait or cannot clean up
   * @throws IOException if the announcement fails for another reason than want of rights
   */
  public static LeasedStore use(ObjectStore objects, String id, Consumer<String> note)
      throws IOException, InterruptedException {
    return use(objects, id, StoreLease.Terms.USUAL, PATIENCE, note);
  }

  static LeasedStore use(
      ObjectStore objects,
      String id,
      StoreLease.Terms terms,
      Duration patience,
      Consumer<String> note)
      throws IOException, InterruptedException {
    StoreLease lease;
    try {
      lease = StoreLease.use(objects, id, terms, note);
    } catch (StoreException e) {
      if (e.kind() != StoreException.StoreFault.WRITE_DENIED) {
        throw e;
      }
      return reading(objects, String.valueOf(e.getMessage()));
    }
    return new LeasedStore(objects, lease, "", lease::keep, patience);
  }

  /**
   * Returns the store of someone who only reads.
   *
   * @param refusal what who writes nevertheless is told
   */
  public static LeasedStore reading(ObjectStore objects, String refusal) {
    return new LeasedStore(objects, null, refusal, () -> {}, Duration.ZERO);
  }

  /** Announces a collection, unless somebody uses the store or collects already. */
  static Optional<LeasedStore> collect(
      ObjectStore objects, String id, StoreLease.Terms terms, Consumer<String> note)
      throws IOException {
    return StoreLease.collect(objects, id, terms, note)
        .map(lease -> new LeasedStore(objects, lease, "", lease::require, PATIENCE));
  }

  /** Returns whether this user may write. */
  public boolean isWritable() {
    return lease != null;
  }

  /** Returns the lease, unless this user only reads. */
  Optional<StoreLease> lease() {
    return Optional.ofNullable(lease);
  }

  /**
   * Returns whether there was a time in which a collection may have removed what this user reuses,
   * since the machine slept or the store was out of reach.
   */
  public boolean lapsed() {
    return lease != null && lease.lapsed();
  }

  @Override
  public void requireWritable() throws IOException {
    if (lease == null) {
      throw new StoreException(StoreException.StoreFault.WRITE_DENIED, refusal, null);
    }
  }

  @Override
  public String location() {
    return objects.location();
  }

  @Override
  public int parallelism() {
    return objects.parallelism();
  }

  @Override
  public boolean isDistant() {
    return objects.isDistant();
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
  public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
    objects.list(prefix, consumer);
  }

  @Override
  public void listForeign(String folder, Consumer<String> consumer) throws IOException {
    objects.listForeign(folder, consumer);
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    if (lease == null && stat(name).isPresent()) {
      return false; // What is there is told of whether or not one may write.
    }
    return write(() -> objects.create(name, content));
  }

  @Override
  public boolean createCopy(String name, Blob content) throws IOException {
    return lease == null ? create(name, content) : write(() -> objects.createCopy(name, content));
  }

  @Override
  public boolean delete(String name) throws IOException {
    return write(() -> objects.delete(name));
  }

  @FunctionalInterface
  private interface Write {
    boolean run() throws IOException;
  }

  private boolean write(Write write) throws IOException {
    requireWritable();
    requireOpen(); // Not only behind the gate, which may be held by who closes and waits.
    gate.readLock().lock();
    try {
      check.run();
      requireOpen(); // It may have waited for long, and who closes does not.
      return write.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted");
    } finally {
      gate.readLock().unlock();
    }
  }

  private void requireOpen() throws StoreException {
    if (closed) {
      throw new StoreException("Cannot write to the store: it is closed (" + location() + ")");
    }
  }

  /**
   * Ends writing and takes the announcement back. Where a write does not end in time, the
   * announcement is left to end by its age. The store below stays open.
   */
  @Override
  public void close() {
    closed = true;
    if (lease == null) {
      return;
    }
    boolean quiet = false;
    try {
      // An interrupted thread may not wait, not even for nothing.
      quiet =
          gate.writeLock().tryLock()
              || gate.writeLock().tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!quiet) {
      lease.abandon();
      return;
    }
    boolean interrupted = Thread.interrupted(); // Else nothing is removed in a distant store.
    try {
      lease.close();
    } finally {
      gate.writeLock().unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
