package dev.twintail.plan;

import dev.twintail.blob.Digest;
import dev.twintail.store.BlobStore;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Blobs that are hashed in the background, each once. */
final class BlobChecks implements AutoCloseable {
  private final BlobStore blobs;
  private final ExecutorService pool;
  private final Map<Digest, Future<Boolean>> started = new ConcurrentHashMap<>();

  BlobChecks(BlobStore blobs, int threads) {
    this.blobs = blobs;
    this.pool = Executors.newFixedThreadPool(threads);
  }

  void start(Collection<Digest> digests) {
    for (Digest digest : digests) {
      started.computeIfAbsent(digest, d -> pool.submit(() -> blobs.verify(d)));
    }
  }

  /** Waits, and returns what is missing or damaged. */
  SortedSet<Digest> damaged() throws IOException, InterruptedException {
    SortedSet<Digest> damaged = new TreeSet<>();
    for (Map.Entry<Digest, Future<Boolean>> entry : started.entrySet()) {
      try {
        if (!entry.getValue().get()) {
          damaged.add(entry.getKey());
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        throw new IllegalStateException("Cannot verify blobs: " + e.getCause(), e);
      }
    }
    return damaged;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
