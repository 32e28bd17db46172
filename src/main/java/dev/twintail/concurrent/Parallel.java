package dev.twintail.concurrent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does the same to many things, several at once. */
public final class Parallel {
  private Parallel() {}

  /** What is done to one thing. */
  @FunctionalInterface
  public interface Task<T> {
    void run(T item) throws IOException;
  }

  /**
   * Returns when the task was run on every item, started in the order of the list.
   *
   * @throws IOException the first failure, if it is one; tasks that have not started are left out
   *     then
   */
  public static <T> void forEach(List<T> items, int width, Task<T> task)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    int threads = Math.max(1, Math.min(width, items.size()));
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> shares = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        shares.add(
            pool.submit(
                () -> {
                  for (int n = next.getAndIncrement();
                      n < items.size();
                      n = next.getAndIncrement()) {
                    boolean done = false;
                    try {
                      task.run(items.get(n));
                      done = true;
                    } finally {
                      if (!done) {
                        next.set(items.size());
                      }
                    }
                  }
                  return null;
                }));
      }
      await(shares);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Finds things, one after the other. */
  @FunctionalInterface
  public interface Finder<T> {
    void find(Consumer<T> found) throws IOException;
  }

  /**
   * Returns when the task was run on everything that is found, on the first of them while others
   * are still looked for. Of those that wait, the first in order is taken first.
   *
   * @throws IOException the first failure; tasks that have not started are left out then
   */
  public static <T> void forEachFound(
      Finder<T> finder, Comparator<T> order, int width, Task<T> task)
      throws IOException, InterruptedException {
    Feed<T> feed = new Feed<>(order);
    ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, width));
    try {
      List<Future<?>> shares = new ArrayList<>();
      for (int i = 0; i < Math.max(1, width); i++) {
        shares.add(
            pool.submit(
                () -> {
                  boolean done = false;
                  try {
                    for (T item = feed.take(); item != null; item = feed.take()) {
                      task.run(item);
                    }
                    done = true;
                  } finally {
                    if (!done) {
                      feed.stop();
                    }
                  }
                  return null;
                }));
      }
      boolean found = false;
      try {
        finder.find(feed::add);
        found = true;
      } finally {
        if (found) {
          feed.end();
        } else {
          feed.stop();
        }
      }
      await(shares);
    } finally {
      pool.shutdownNow();
    }
  }

  private static void await(List<Future<?>> shares) throws IOException, InterruptedException {
    try {
      for (Future<?> share : shares) {
        share.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("Cannot go on: " + e.getCause(), e);
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
