package dev.twintail.upkeep;

import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says in a store that someone works in it, so that users who write and a {@link GarbageCollector}
 * do not meet. Users do not wait for each other.
 *
 * <p>Each side first says that it is there and then looks for the other: a user who finds a
 * collection waits for its end, and a collection that finds users does nothing. So whichever order
 * their steps take, at least one of them notices. Without it a run could reuse an old blob, which
 * no earlier run has on record, in the moment of its deletion.
 *
 * <p>A lease is an object below {@code leases/} or {@code collections/} that is renewed every ten
 * minutes and removed at the end. That of a killed process counts until the next user on the same
 * machine removes it, or for an hour. All times are those that the store gives its objects, so the
 * clocks of the machines do not matter.
 */
public final class StoreLease implements AutoCloseable {
  private static final Duration RENEWAL = Duration.ofMinutes(10);
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration FIRST_POLL = Duration.ofMillis(5);
  private static final Duration LAST_POLL = Duration.ofSeconds(1);
  private static final String USERS = "leases/";
  private static final String COLLECTIONS = "collections/";

  private final ObjectStore objects;
  private final String name;
  private final ScheduledExecutorService renewals;
  private final ScheduledFuture<?> renewal;
  private final Instant storeTime;
  private final long localTime;
  private int number;
  private boolean closed;

  private StoreLease(ObjectStore objects, String name) throws IOException {
    this.objects = objects;
    this.name = name;
    create(0);
    localTime = System.nanoTime();
    storeTime = objects.stat(current()).map(ObjectStore.Entry::modified).orElseGet(Instant::now);
    renewals =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lease");
              thread.setDaemon(true);
              return thread;
            });
    renewal =
        renewals.scheduleAtFixedRate(
            this::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Announces a user who may write, and returns when no collection is under way.
   *
   * @param id unique, such as a run's
   * @param waiting hears, in one line, if it has to wait
   */
  public static StoreLease use(ObjectStore objects, String id, Consumer<String> waiting)
      throws IOException, InterruptedException {
    StoreLease lease = new StoreLease(objects, USERS + id);
    boolean free = false;
    try {
      lease.removeDead();
      boolean told = false;
      long poll = FIRST_POLL.toMillis();
      while (!lease.others(COLLECTIONS).isEmpty()) {
        if (!told) {
          told = true;
          waiting.accept(
              "Waiting for a garbage collection in "
                  + objects.location()
                  + " to end; if it was killed, for an hour at most");
        }
        Thread.sleep(poll);
        poll = Math.min(2 * poll, LAST_POLL.toMillis());
      }
      free = true;
      return lease;
    } finally {
      if (!free) {
        lease.close();
      }
    }
  }

  /**
   * Announces a collection, unless somebody uses the store or collects already.
   *
   * @return empty if so
   */
  static Optional<StoreLease> collect(ObjectStore objects, String id) throws IOException {
    StoreLease lease = new StoreLease(objects, COLLECTIONS + id);
    boolean free = false;
    try {
      lease.removeDead();
      free = lease.others(USERS).isEmpty() && lease.others(COLLECTIONS).isEmpty();
      return free ? Optional.of(lease) : Optional.empty();
    } finally {
      if (!free) {
        lease.close();
      }
    }
  }

  /** Returns the time of the store. */
  Instant now() {
    return storeTime.plusNanos(System.nanoTime() - localTime);
  }

  /**
   * Makes sure, before another step of long work, that this lease still counts.
   *
   * @throws StoreException if it was removed
   */
  public synchronized void require() throws IOException {
    if (objects.stat(current()).isEmpty()) {
      throw new StoreException(
          "Cannot go on: somebody removed " + current() + " from " + objects.location());
    }
  }

  private List<String> others(String folder) throws IOException {
    Instant now = now();
    List<String> live = new ArrayList<>();
    objects.list(
        folder,
        entry -> {
          boolean mine = entry.name().startsWith(name + ".");
          if (!mine && entry.modified().isAfter(now.minus(LIFE))) {
            live.add(entry.name());
          }
        });
    return live;
  }

  /** Removes the leases of processes that were killed long ago. */
  void sweep() throws IOException {
    Instant now = now();
    List<String> dead = new ArrayList<>();
    for (String folder : List.of(USERS, COLLECTIONS)) {
      objects.list(
          folder,
          entry -> {
            if (entry.modified().isBefore(now.minus(LIFE))) {
              dead.add(entry.name());
            }
          });
    }
    for (String old : dead) {
      objects.delete(old);
    }
  }

  /** Removes the leases of processes of this machine that no longer run. */
  private void removeDead() throws IOException {
    List<String> names = new ArrayList<>();
    for (String folder : List.of(USERS, COLLECTIONS)) {
      objects.list(folder, entry -> names.add(entry.name()));
    }
    for (String lease : names) {
      Optional<InputStream> opened = objects.open(lease);
      if (opened.isPresent()) {
        try (InputStream in = opened.get()) {
          String text = new String(in.readNBytes(LeaseHolder.LONGEST), StandardCharsets.UTF_8);
          if (LeaseHolder.isKnownDead(text)) {
            objects.delete(lease);
          }
        }
      }
    }
  }

  private synchronized void renew() {
    try {
      if (!closed) {
        create(number + 1);
        objects.delete(name + "." + (number - 1));
      }
    } catch (IOException e) {
      // The next renewal comes long before the lease ends.
    }
  }

  private void create(int next) throws IOException {
    objects.create(
        name + "." + next, Blob.of(LeaseHolder.current().text().getBytes(StandardCharsets.UTF_8)));
    number = next;
  }

  private String current() {
    return name + "." + number;
  }

  /** Removes the lease; a second call does nothing. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      renewal.cancel(false);
      renewals.shutdown();
      objects.delete(current());
    }
  }
}
