package dev.twintail.upkeep;

import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much a store holds, by folder.
 *
 * @param objects how many
 * @param bytes their size
 */
public record StoreUsage(long objects, long bytes) {
  /**
   * Returns the usage of each top folder, in their order.
   *
   * @param progress hears of the objects counted so far, and of their size
   */
  public static SortedMap<String, StoreUsage> of(ObjectStore store, StoreProgress progress)
      throws IOException {
    TreeMap<String, StoreUsage> usage = new TreeMap<>();
    AtomicInteger counted = new AtomicInteger();
    AtomicLong bytes = new AtomicLong();
    store.list(
        "",
        entry -> {
          String name = entry.name();
          int slash = name.indexOf('/');
          usage.merge(
              slash < 0 ? name : name.substring(0, slash),
              new StoreUsage(1, entry.size()),
              StoreUsage::plus);
          progress.advanced(
              counted.incrementAndGet(), StoreProgress.UNKNOWN, bytes.addAndGet(entry.size()));
        });
    return usage;
  }

  /** Returns the sum of both. */
  public StoreUsage plus(StoreUsage other) {
    return new StoreUsage(objects + other.objects, bytes + other.bytes);
  }
}
