package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.BlobStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Executes actions whose results are not known, and only those.
 *
 * <p>Threads may call it at will: within the process an action is computed once, other actions in
 * parallel with it. Two processes may compute the same action at the same time, unless they {@link
 * Claims claim} it; the results are equal, and the store keeps one. Killed at any instant, it
 * leaves a store in which every recorded action is whole.
 */
public final class CachingExecutor {
  private final ActionCache cache;
  private final BlobStore blobs;
  private final ExecutionLog executions;
  private final KeyMutexes running = new KeyMutexes();

  public CachingExecutor(ActionCache cache, BlobStore blobs, ExecutionLog executions) {
    this.cache = cache;
    this.blobs = blobs;
    this.executions = executions;
  }

  /**
   * Returns the recorded result if all of it is intact, or else runs the work and records what it
   * puts out.
   *
   * @throws E if the work fails; nothing is recorded
   * @throws NonReproducibleException if the action was recorded before with other bytes
   * @throws IOException if the store cannot be read or written
   */
  public <E extends Exception> Outcome execute(Preimage preimage, Work<E> work)
      throws IOException, InterruptedException, NonReproducibleException, E {
    ActionKey key = preimage.key();
    running.acquire(key);
    try {
      Optional<Outcome> known = known(key);
      return known.isPresent() ? known.get() : compute(key, preimage, work);
    } finally {
      running.release(key);
    }
  }

  /**
   * Does the same, unless another process has claimed the action.
   *
   * @return empty if one has, and the result is not known
   */
  public <E extends Exception> Optional<Outcome> executeUnclaimed(
      Preimage preimage, Work<E> work, Claims claims)
      throws IOException, InterruptedException, NonReproducibleException, E {
    ActionKey key = preimage.key();
    running.acquire(key);
    try {
      Optional<Outcome> known = known(key);
      if (known.isPresent()) {
        return known;
      }
      Optional<Claims.Claim> taken = claims.take(key);
      if (taken.isEmpty()) {
        return Optional.empty();
      }
      try (Claims.Claim claim = taken.get()) {
        // Whoever had claimed it may have finished after it was looked up.
        known = claim.isHeld() ? known(key) : known;
        return known.isPresent() ? known : Optional.of(compute(key, preimage, work));
      }
    } finally {
      running.release(key);
    }
  }

  private Optional<Outcome> known(ActionKey key) throws IOException {
    long start = System.nanoTime();
    return cache.lookupVerified(key).map(manifest -> new Outcome(manifest, true, since(start)));
  }

  private <E extends Exception> Outcome compute(ActionKey key, Preimage preimage, Work<E> work)
      throws IOException, InterruptedException, NonReproducibleException, E {
    Instant started = Instant.now();
    long start = System.nanoTime();
    Map<String, Blob> outputs = work.run();
    Duration elapsed = since(start);
    TreeMap<String, Digest> digests = new TreeMap<>();
    outputs.forEach((name, blob) -> digests.put(name, blob.digest()));
    Manifest manifest = Manifest.of(digests);
    blobs.put(preimage.blob());
    for (Blob blob : outputs.values()) {
      blobs.put(blob);
    }
    cache.record(key, preimage, manifest);
    executions.append(key, started, elapsed);
    return new Outcome(manifest, false, elapsed);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
