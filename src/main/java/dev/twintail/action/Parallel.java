package dev.twintail.action;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

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
      for (Future<?> share : shares) {
        share.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("Cannot go on: " + e.getCause(), e);
    } finally {
      pool.shutdownNow();
    }
  }
}
