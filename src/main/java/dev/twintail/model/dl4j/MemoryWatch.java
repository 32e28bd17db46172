package dev.twintail.model.dl4j;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;

/**
 * Holds a process to {@link Child#LIMIT}, Java's objects and native memory together. JavaCPP can do
 * so, too, at each allocation; ten times a second is enough.
 */
final class MemoryWatch {
  private static final long INTERVAL = 100; // milliseconds
  private static final long MEBIBYTE = 1L << 20;

  /** So often it is above the limit in a row, with what nobody needs given back in between. */
  private static final int PATIENCE = 5;

  private MemoryWatch() {}

  /**
   * @param exhausted hears, once, that the process has more than it may
   */
  static void start(Consumer<String> exhausted) {
    Thread thread = new Thread(() -> watch(exhausted), "memory");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch(Consumer<String> exhausted) {
    try {
      for (int above = 0; above <= PATIENCE; TimeUnit.MILLISECONDS.sleep(INTERVAL)) {
        if (Pointer.physicalBytes() / MEBIBYTE > limit()) {
          System.gc();
          above++;
        } else {
          above = 0;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    exhausted.accept(exhausted(Pointer.physicalBytes() / MEBIBYTE + " MiB, more than " + limit()));
  }

  /**
   * Returns the limit in MiB.
   *
   * @throws IllegalStateException if it is set to something else
   */
  static int limit() {
    String limit = System.getProperty(Child.LIMIT, Integer.toString(Child.MEMORY));
    if (!limit.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalStateException(
          "Cannot hold Deeplearning4j's JVM to %s: give -D%s in %s in MiB, such as 4096"
              .formatted(limit, Child.LIMIT, Child.OPTIONS));
    }
    return Integer.parseInt(limit);
  }

  /** Words that memory did not suffice. */
  static String exhausted(String how) {
    return "Deeplearning4j's JVM ran out of memory ("
        + how
        + "); let it have more: "
        + Child.OPTIONS
        + "='-Xmx1g -D"
        + Child.LIMIT
        + "=4096'";
  }
}
