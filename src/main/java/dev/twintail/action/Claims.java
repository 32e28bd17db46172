package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says in a store which actions are being computed, so that no other process begins them. It spares
 * work and decides nothing: results are right without it, and who cannot claim computes anyway.
 *
 * <p>A claim is an object {@code claims/<first two digits>/<key>.<number>}. Its holder renews it by
 * the next number while it computes, and removes it at the end. Who finds a claim leaves the action
 * alone and asks again later; if the number has stayed the same for a {@linkplain Terms#life life},
 * by the clock of who asks, the holder counts as dead, and who creates the next number is the next
 * holder. So the clocks of other machines do not matter, nor the times that a store tells.
 *
 * <p>What is over before the {@linkplain Terms#patience patience} is claimed only once others have
 * been met that work on the same actions: alone, a short action costs one listing.
 */
public final class Claims {
  /** Where claims are. */
  public static final String FOLDER = "claims/";

  private static final Duration THREAD_LIFE = Duration.ofSeconds(10);

  private final ObjectStore objects;
  private final Blob holder;
  private final Terms terms;
  private final LongSupplier nanos;
  private final Map<ActionKey, Sighting> sightings = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor renewals;
  private volatile boolean met;

  /**
   * How long claims count.
   *
   * @param patience how long an action is computed before it is claimed
   * @param renewal how often a claim is renewed
   * @param life how long a claim counts that is not renewed; several times the renewal
   */
  record Terms(Duration patience, Duration renewal, Duration life) {
    static final Terms USUAL =
        new Terms(Duration.ofSeconds(1), Duration.ofSeconds(7), Duration.ofSeconds(30));
  }

  /** A claim of another process, and when it was first seen. */
  private record Sighting(long number, long nanos) {}

  /**
   * @param holder tells people who claims, in one line
   */
  public Claims(ObjectStore objects, String holder) {
    this(objects, holder, Terms.USUAL, System::nanoTime);
  }

  /**
   * @param nanos the clock by which claims of others grow old, in nanoseconds
   */
  Claims(ObjectStore objects, String holder, Terms terms, LongSupplier nanos) {
    this.objects = objects;
    this.holder = Blob.of((holder + "\n").getBytes(StandardCharsets.UTF_8));
    this.terms = terms;
    this.nanos = nanos;
    renewals =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "claims");
              thread.setDaemon(true);
              return thread;
            });
    renewals.setRemoveOnCancelPolicy(true);
    // A thread that outlives the work of a job holds all its classes.
    renewals.setKeepAliveTime(THREAD_LIFE.toMillis(), TimeUnit.MILLISECONDS);
    renewals.allowCoreThreadTimeOut(true);
  }

  /**
   * Claims an action, which is to be released when it is computed.
   *
   * @return empty if another process computes it
   * @throws IOException if the store does not tell
   */
  Optional<Claim> take(ActionKey key) throws IOException {
    OptionalLong newest = newest(key);
    if (newest.isPresent()) {
      met = true;
      if (isAlive(key, newest.getAsLong())) {
        return Optional.empty();
      }
    }
    Claim claim = new Claim(key, newest.orElse(-1));
    if (met && !claim.begin()) {
      return Optional.empty();
    }
    sightings.remove(key);
    claim.renewRegularly();
    return Optional.of(claim);
  }

  private OptionalLong newest(ActionKey key) throws IOException {
    String prefix = prefix(key);
    AtomicLong newest = new AtomicLong(-1);
    objects.list(
        prefix,
        entry -> {
          String number = entry.name().substring(prefix.length());
          if (number.matches("\\d{1,18}")) {
            newest.accumulateAndGet(Long.parseLong(number), Math::max);
          }
        });
    return newest.get() < 0 ? OptionalLong.empty() : OptionalLong.of(newest.get());
  }

  private boolean isAlive(ActionKey key, long number) {
    long now = nanos.getAsLong();
    Sighting first =
        sightings.compute(
            key,
            (k, seen) ->
                seen != null && seen.number() == number ? seen : new Sighting(number, now));
    return now - first.nanos() < terms.life().toNanos();
  }

  private static String prefix(ActionKey key) {
    return key.nameIn("claims") + ".";
  }

  /** That this process computes an action. */
  final class Claim implements AutoCloseable {
    private final ActionKey key;
    private long number;
    private boolean held;
    private boolean over;
    private @Nullable Future<?> renewal;

    /**
     * @param number of the claim that this one follows, or -1
     */
    private Claim(ActionKey key, long number) {
      this.key = key;
      this.number = number;
    }

    /** Returns whether others know of it, and were kept from the action since this was taken. */
    synchronized boolean isHeld() {
      return held;
    }

    /** Returns false if another process was faster. */
    private synchronized boolean begin() {
      try {
        return advance();
      } catch (IOException e) {
        return true; // Without a claim the work may be done twice, which is better than not at all.
      }
    }

    private synchronized void renewRegularly() {
      Duration first = held ? terms.renewal() : terms.patience();
      renewal =
          renewals.scheduleWithFixedDelay(
              this::renew, first.toMillis(), terms.renewal().toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void renew() {
      try {
        if (!over && !advance()) {
          // Somebody began in the same moment, or took this process for dead; it goes on alone.
          met = true;
          end();
        }
      } catch (StoreException e) {
        if (e.kind() == StoreException.StoreFault.DELETE_DENIED) {
          end(); // Each renewal would leave an object.
        }
      } catch (IOException | RuntimeException e) {
        // The next renewal comes long before the claim ends, and a task that throws is not
        // repeated.
      }
    }

    private boolean advance() throws IOException {
      if (!objects.create(name(number + 1), holder)) {
        return false;
      }
      long old = number;
      boolean renewed = held;
      number++;
      held = true;
      if (old >= 0 && !objects.delete(name(old)) && renewed) {
        objects.delete(name(number)); // Who removed it has claimed the action.
        return false;
      }
      return true;
    }

    private String name(long of) {
      return prefix(key) + of;
    }

    private void end() {
      over = true;
      held = false;
      if (renewal != null) {
        renewal.cancel(false);
      }
    }

    /** Releases the action; a claim that cannot be removed ends by its age. */
    @Override
    public synchronized void close() {
      boolean remove = held;
      end();
      if (remove) {
        try {
          objects.delete(name(number));
        } catch (IOException e) {
          // Where the result is recorded nobody asks for claims.
        }
      }
    }
  }
}
