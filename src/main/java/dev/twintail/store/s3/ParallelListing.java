package dev.twintail.store.s3;

import dev.twintail.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * All keys below a prefix, in order. A server gives a thousand at a time and where to go on, so
 * that one listing waits for each page. What is left after the first page is therefore cut into
 * ranges by the next hexadecimal digit, where most of our names differ, and the ranges are listed
 * side by side.
 */
final class ParallelListing {
  /** Greater than any character of a name. */
  private static final String END = "~";

  private static final String DIGITS = "0123456789abcdef";
  private static final int THREADS = 16;

  /** One page of a server's listing. */
  @FunctionalInterface
  interface PageSource {
    /**
     * Returns the keys below {@code prefix}, from {@code token} on or else behind {@code after}. A
     * page that is truncated tells where to go on.
     *
     * @throws IOException if the server refuses, told
     */
    ListObjectsV2Response page(String prefix, @Nullable String after, @Nullable String token)
        throws IOException;
  }

  /** Makes an object's entry, or none of a key that is not ours. */
  @FunctionalInterface
  interface Entries {
    @Nullable StoredObject of(S3Object object);
  }

  /**
   * Keys from {@code after} on, both ends exclusive.
   *
   * @param prefix that all of them have
   */
  private record Range(String prefix, String after, String before) {
    /** Returns where a server is to start, if not at the prefix. */
    @Nullable String start() {
      return after.startsWith(prefix) ? after : null;
    }

    boolean holds(String key) {
      return key.startsWith(prefix) && key.compareTo(after) > 0 && key.compareTo(before) < 0;
    }
  }

  private final PageSource pages;
  private final Entries entries;

  ParallelListing(PageSource pages, Entries entries) {
    this.pages = pages;
    this.entries = entries;
  }

  void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
    ListObjectsV2Response first = pages.page(prefix, null, null);
    List<StoredObject> found = new ArrayList<>();
    Range all =
        new Range(
            prefix, prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1), prefix + END);
    take(first, all, found);
    found.forEach(consumer);
    if (!isTruncated(first)) {
      return;
    }
    if (first.contents().isEmpty()) {
      rest(all, first, consumer);
      return;
    }
    String last = first.contents().get(first.contents().size() - 1).key();
    sideBySide(ranges(prefix, last), consumer);
  }

  /** Returns what lies behind {@code last}: a range for each digit, and for what is between. */
  private static List<Range> ranges(String prefix, String last) {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < DIGITS.length(); i++) {
      char digit = DIGITS.charAt(i);
      String start = prefix + digit;
      if (digit == '0') {
        add(ranges, new Range(prefix, last, start));
      }
      if (digit == 'a') {
        add(ranges, new Range(prefix, max(last, prefix + "9" + END), start));
      }
      add(ranges, new Range(start, last, start + END));
    }
    add(ranges, new Range(prefix, max(last, prefix + "f" + END), prefix + END));
    return ranges;
  }

  private static void add(List<Range> ranges, Range range) {
    if (range.after().compareTo(range.before()) < 0) {
      ranges.add(range);
    }
  }

  private static String max(String a, String b) {
    return a.compareTo(b) < 0 ? b : a;
  }

  private void sideBySide(List<Range> ranges, Consumer<StoredObject> consumer) throws IOException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(THREADS, ranges.size()),
            task -> {
              Thread thread = new Thread(task, "listing");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<List<StoredObject>>> lists = new ArrayList<>();
      for (Range range : ranges) {
        lists.add(threads.submit(() -> list(range)));
      }
      for (Future<List<StoredObject>> list : lists) {
        await(list).forEach(consumer);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<StoredObject> list(Range range) throws IOException {
    List<StoredObject> found = new ArrayList<>();
    ListObjectsV2Response page = pages.page(range.prefix(), range.start(), null);
    take(page, range, found);
    rest(range, page, found::add);
    return found;
  }

  private void rest(Range range, ListObjectsV2Response page, Consumer<StoredObject> consumer)
      throws IOException {
    ListObjectsV2Response at = page;
    while (isTruncated(at) && !isBehind(at, range)) {
      at = pages.page(range.prefix(), range.start(), at.nextContinuationToken());
      List<StoredObject> found = new ArrayList<>();
      take(at, range, found);
      found.forEach(consumer);
    }
  }

  private void take(ListObjectsV2Response page, Range range, List<StoredObject> found) {
    for (S3Object object : page.contents()) {
      StoredObject entry = range.holds(object.key()) ? entries.of(object) : null;
      if (entry != null) {
        found.add(entry);
      }
    }
  }

  private static boolean isTruncated(ListObjectsV2Response page) {
    return Boolean.TRUE.equals(page.isTruncated());
  }

  private static boolean isBehind(ListObjectsV2Response page, Range range) {
    List<S3Object> objects = page.contents();
    return !objects.isEmpty()
        && objects.get(objects.size() - 1).key().compareTo(range.before()) >= 0;
  }

  private static List<StoredObject> await(Future<List<StoredObject>> list) throws IOException {
    try {
      return list.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException told) {
        throw told;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
