package dev.twintail.upkeep;

import dev.twintail.action.Claims;
import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStore.StoredObject;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
 * <p>A lease is an object below {@code leases/} or {@code collections/} that is renewed while its
 * process works and removed at the end. It counts by its age alone, so that of a killed process
 * counts until its {@linkplain Terms#life life} is over, and nothing is ever guessed about other
 * processes. All ages are told by the times that the store gives its objects: the clocks of the
 * machines do not matter. A holder whose renewals came too late, since its machine slept or the
 * store was out of reach, learns it from the same times.
 *
 * <p>To a collection the {@linkplain Claims claim} of an action is as good as a lease: its holder
 * may outlive the run that began it.
 */
final class StoreLease implements AutoCloseable {
  private static final Duration FIRST_POLL = Duration.ofMillis(5);
  private static final Duration LAST_POLL = Duration.ofSeconds(1);
  private static final String USERS = "leases/";
  private static final String COLLECTIONS = "collections/";

  private final ObjectStore objects;
  private final String name;
  private final Terms terms;
  private final Consumer<String> note;
  private final ScheduledExecutorService renewals;
  private final ScheduledFuture<?> renewal;

  /** Of the newest object that was made, or -1. */
  private int number = -1;

  private Instant storeTime = Instant.MIN;
  private long nanos;
  private long millis;

  /** How often a collection may have begun while the lease did not count. */
  private int lapses;

  /** After how many of these it was made sure that none is under way. */
  private int looked;

  /** Held by who looks, so that all who would write meanwhile wait with him. */
  private final ReentrantLock looking = new ReentrantLock();

  private boolean removalRefused;
  private boolean closed;

  /**
   * How long leases count.
   *
   * @param renewal how often a lease is renewed
   * @param worn how old its own lease may be when the holder writes; it is renewed first else
   * @param life how old a lease gets that counts; of all who use a store the same, and several
   *     times the renewal
   */
  record Terms(Duration renewal, Duration worn, Duration life) {
    /** Earlier versions renew every ten minutes and must not be taken for dead. */
    static final Terms USUAL =
        new Terms(Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(20));

    /** Short of the life, since some stores tell the time in whole seconds. */
    private Duration over() {
      return life.multipliedBy(3).dividedBy(4);
    }
  }

  private StoreLease(ObjectStore objects, String name, Terms terms, Consumer<String> note)
      throws IOException {
    this.objects = objects;
    this.name = name;
    this.terms = terms;
    this.note = note;
    boolean announced = false;
    try {
      announce(0);
      announced = true;
    } finally {
      if (!announced && number == 0) {
        remove(current());
      }
    }
    renewals =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lease");
              thread.setDaemon(true);
              return thread;
            });
    long period = terms.renewal().toMillis();
    renewal =
        renewals.scheduleAtFixedRate(
            this::renewInBackground, period, period, TimeUnit.MILLISECONDS);
  }

  /**
   * Announces a user who may write, and returns when no collection is under way.
   *
   * @param id unique, such as a run's
   * @param note hears, in one line, if it has to wait or cannot clean up
   * @throws StoreException of the kind {@link StoreException.StoreFault#WRITE_DENIED} if nothing
   *     can be announced, since this user may not write
   */
  static StoreLease use(ObjectStore objects, String id, Terms terms, Consumer<String> note)
      throws IOException, InterruptedException {
    StoreLease lease = new StoreLease(objects, USERS + id, terms, note);
    boolean free = false;
    try {
      lease.awaitCollections();
      lease.sweep(USERS);
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
   * @param note hears who does, in one line each
   * @return empty if so
   */
  static Optional<StoreLease> collect(
      ObjectStore objects, String id, Terms terms, Consumer<String> note) throws IOException {
    StoreLease lease = new StoreLease(objects, COLLECTIONS + id, terms, note);
    boolean free = false;
    try {
      List<StoredObject> others = new ArrayList<>(lease.others(USERS));
      others.addAll(lease.others(Claims.FOLDER));
      others.addAll(lease.others(COLLECTIONS));
      free = others.isEmpty();
      others.forEach(other -> note.accept(lease.tell(other)));
      return free ? Optional.of(lease) : Optional.empty();
    } finally {
      if (!free) {
        lease.close();
      }
    }
  }

  /** Returns the time of the store. */
  synchronized Instant now() {
    return storeTime.plusNanos(System.nanoTime() - nanos);
  }

  /**
   * Makes sure, before a step of long work, that this lease counts; costs nothing but where the
   * last renewal is long ago. If the lease has lapsed, a user announces himself anew and waits for
   * the end of any collection, and {@link #lapsed} tells from then on.
   *
   * @throws IOException if the lease cannot be renewed
   */
  void keep() throws IOException, InterruptedException {
    renewIfWorn();
    if (!hasLooked()) {
      lookAgain();
    }
  }

  /** Waits until no collection is under way; a lease that lapses meanwhile is looked for again. */
  private void lookAgain() throws IOException, InterruptedException {
    looking.lockInterruptibly();
    try {
      while (!hasLooked()) {
        int seen = lapses();
        awaitCollections();
        looked(seen);
        renewIfWorn();
      }
    } finally {
      looking.unlock();
    }
  }

  private synchronized boolean hasLooked() {
    return looked == lapses;
  }

  private synchronized void looked(int seen) {
    looked = seen;
  }

  private synchronized int lapses() {
    return lapses;
  }

  /**
   * Makes sure, as {@link #keep} does, that a collection may go on.
   *
   * @throws StoreException if it may not, since its lease did not count for a while
   */
  void require() throws IOException {
    renewIfWorn();
    if (lapsed()) {
      throw new StoreException(
          "Cannot go on: the lease "
              + name
              + " was removed, or could not be renewed for long, in "
              + objects.location()
              + "; try again");
    }
  }

  /** Returns whether there was a time in which this lease did not count. */
  boolean lapsed() {
    return lapses() > 0;
  }

  private synchronized void renewIfWorn() throws IOException {
    if (age().compareTo(terms.worn()) >= 0) {
      renew();
    }
  }

  /**
   * Returns how long ago the last renewal was. While a machine sleeps one of its clocks may stand
   * still, so the longer of two counts.
   */
  private Duration age() {
    Duration running = Duration.ofNanos(System.nanoTime() - nanos);
    Duration wall = Duration.ofMillis(System.currentTimeMillis() - millis);
    return running.compareTo(wall) > 0 ? running : wall;
  }

  private void awaitCollections() throws IOException, InterruptedException {
    boolean told = false;
    long poll = FIRST_POLL.toMillis();
    for (List<StoredObject> live = others(COLLECTIONS);
        !live.isEmpty();
        live = others(COLLECTIONS)) {
      if (!told) {
        told = true;
        note.accept(
            "Waiting for a garbage collection in %s to end, %s minutes at most if it was killed: %s"
                .formatted(objects.location(), terms.life().toMinutes(), tell(live.get(0))));
      }
      Thread.sleep(poll);
      poll = Math.min(2 * poll, LAST_POLL.toMillis());
    }
  }

  /** Returns what is to be told of the lease of another. */
  private String tell(StoredObject lease) {
    String told = lease.name() + " of " + lease.modified().truncatedTo(ChronoUnit.SECONDS);
    return lease.modified().isAfter(now().plus(terms.life()))
        ? told + ", which is in the future: if nobody works here, delete it"
        : told;
  }

  private List<StoredObject> others(String folder) throws IOException {
    Instant limit = now().minus(terms.life());
    List<StoredObject> live = new ArrayList<>();
    objects.list(
        folder,
        entry -> {
          boolean mine = entry.name().startsWith(name + ".");
          if (!mine && entry.modified().isAfter(limit)) {
            live.add(entry);
          }
        });
    return live;
  }

  /** Removes the leases of processes that were killed long ago. */
  void sweep() throws IOException {
    sweep(USERS);
    sweep(COLLECTIONS);
    sweep(Claims.FOLDER);
  }

  private void sweep(String folder) throws IOException {
    Instant limit = now().minus(terms.life().multipliedBy(2));
    List<String> dead = new ArrayList<>();
    objects.list(
        folder,
        entry -> {
          if (entry.modified().isBefore(limit)) {
            dead.add(entry.name());
          }
        });
    for (String old : dead) {
      if (!remove(old)) {
        return;
      }
    }
  }

  /** Removes a lease that need not be there, which is no reason to fail. */
  private synchronized boolean remove(String lease) {
    try {
      objects.delete(lease);
      return true;
    } catch (IOException e) {
      if (!removalRefused) {
        removalRefused = true;
        note.accept(
            "Leases stay in %s and keep collections away for %s minutes: %s"
                .formatted(objects.location(), terms.life().toMinutes(), e.getMessage()));
      }
      return false;
    }
  }

  private synchronized void renewInBackground() {
    try {
      // Where nothing can be removed, each renewal adds an object.
      if (!closed && !(removalRefused && age().compareTo(terms.worn()) < 0)) {
        renew();
      }
    } catch (IOException | RuntimeException e) {
      // The next renewal comes long before the lease ends, and a task that throws is not repeated.
    }
  }

  private synchronized void renew() throws IOException {
    if (closed) {
      throw new StoreException("Cannot go on: the work in " + objects.location() + " has ended");
    }
    String old = current();
    int oldNumber = number;
    boolean there = objects.stat(old).isPresent();
    Instant before = storeTime;
    try {
      announce(number + 1);
    } finally {
      // A new one counts in place of the old one even where nobody could learn since when.
      if (number > oldNumber) {
        if (!there || Duration.between(before, storeTime).compareTo(terms.over()) >= 0) {
          lapses++;
        }
        if (there) {
          remove(old);
        }
      }
    }
  }

  private synchronized void announce(int next) throws IOException {
    String lease = name + "." + next;
    long startNanos = System.nanoTime();
    long startMillis = System.currentTimeMillis();
    objects.create(lease, Blob.of("In use.\n".getBytes(StandardCharsets.UTF_8)));
    number = next;
    storeTime =
        objects
            .stat(lease)
            .orElseThrow(
                () ->
                    new StoreException(
                        "Cannot go on: somebody removed " + lease + " from " + objects.location()))
            .modified();
    nanos = startNanos;
    millis = startMillis;
  }

  private String current() {
    return name + "." + number;
  }

  /** Removes the lease; a second call does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      renewal.cancel(false);
      renewals.shutdown();
      remove(current());
    }
  }

  /** Lets the lease end by its age: there may be a write under way. */
  synchronized void abandon() {
    closed = true;
    renewal.cancel(false);
    renewals.shutdown();
  }
}
