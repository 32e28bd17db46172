package dev.twintail.concurrent;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does the same to many things, several at once. However a call ends, nothing of it goes on: after
 * the first failure, or when the caller is interrupted, tasks that have not started are left out,
 * and those under way are interrupted and waited for.
 */
public final class Parallel {
  private Parallel() {}

  /** What is done to one thing. */
  @FunctionalInterface
  public interface ItemTask<T> {
    void run(T item) throws IOException;
  }

  /**
   * Returns when the task was run on every item, started in the order of the list.
   *
   * @param width how many tasks run at once, at most
   * @throws IOException the first failure, if it is one; unchecked ones are thrown as they are
   * @throws InterruptedException if the caller is interrupted
   */
  public static <T> void forEach(List<T> items, int width, ItemTask<T> task)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    Share share =
        () -> {
          for (int n = next.getAndIncrement(); n < items.size(); n = next.getAndIncrement()) {
            task.run(items.get(n));
          }
        };
    try (Pool pool = new Pool(Math.min(width, items.size()), share, () -> next.set(items.size()))) {
      pool.await();
    }
  }

  /** Finds things, one after the other; may pass them on from several threads. */
  @FunctionalInterface
  public interface Finder<T> {
    void find(Consumer<T> found) throws IOException, InterruptedException;
  }

  /**
   * Returns when the task was run on everything that is found, on the first of them while others
   * are still looked for. Of those that wait, the first in order is taken first.
   *
   * @param finder called once, in the thread of the caller
   * @param width how many tasks run at once, at most
   * @throws IOException the first failure, if it is one; unchecked ones are thrown as they are
   * @throws InterruptedException if the caller is interrupted
   */
  public static <T> void forEachFound(
      Finder<T> finder, Comparator<T> order, int width, ItemTask<T> task)
      throws IOException, InterruptedException {
    Feed<T> feed = new Feed<>(order);
    Share share =
        () -> {
          for (T item = feed.take(); item != null; item = feed.take()) {
            task.run(item);
          }
        };
    try (Pool pool = new Pool(width, share, feed::stop)) {
      finder.find(feed::add);
      feed.end();
      pool.await();
    }
  }

  /** What each thread of a pool does: one task after the other. */
  @FunctionalInterface
  private interface Share {
    void run() throws IOException, InterruptedException;
  }

  /** Threads that share the tasks of one call. */
  private static final class Pool implements AutoCloseable {
    private final int width;
    private final Runnable stop;
    private final ExecutorService threads;
    private final CompletionService<Void> shares;

    /**
     * @param stop keeps tasks that have not started from starting
     */
    Pool(int width, Share share, Runnable stop) {
      this.width = Math.max(1, width);
      this.stop = stop;
      threads = Executors.newFixedThreadPool(this.width);
      shares = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < this.width; i++) {
        shares.submit(() -> run(share));
      }
    }

    private @Nullable Void run(Share share) throws IOException, InterruptedException {
      boolean done = false;
      try {
        share.run();
        done = true;
      } finally {
        if (!done) {
          stop.run();
        }
      }
      return null;
    }

    /** Waits until all is done, or the first failure. */
    void await() throws IOException, InterruptedException {
      try {
        for (int i = 0; i < width; i++) {
          shares.take().get();
        }
      } catch (ExecutionException e) {
        Throwable failure = e.getCause();
        if (failure instanceof IOException io) {
          throw io;
        }
        if (failure instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        if (failure instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException("Cannot go on: " + failure, e);
      }
    }

    /** Cancels what is not done and waits for it. */
    @Override
    public void close() {
      stop.run();
      threads.shutdownNow();
      boolean interrupted = false;
      boolean ended = false;
      while (!ended) {
        try {
          ended = threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true; // Asked for again, and already under way.
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What was found and is not done yet. */
  private static final class Feed<T> {
    private final PriorityQueue<T> waiting;
    private boolean ended;
    private boolean stopped;

    private Feed(Comparator<T> order) {
      waiting = new PriorityQueue<>(order);
    }

    synchronized void add(T item) {
      if (!stopped) {
        waiting.add(item);
        notify();
      }
    }

    /** Says that nothing more is found. */
    synchronized void end() {
      ended = true;
      notifyAll();
    }

    /** Forgets what waits. */
    synchronized void stop() {
      stopped = true;
      waiting.clear();
      end();
    }

    /** Returns null when all is taken and nothing more is to come. */
    synchronized @Nullable T take() throws InterruptedException {
      while (waiting.isEmpty() && !ended) {
        wait();
      }
      return waiting.poll();
    }
  }
}
