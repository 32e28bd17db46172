package dev.twintail.model.dl4j;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;

/**
 * Holds a process to {@link Child#LIMIT}, Java's objects and native memory together. JavaCPP can do
 * so, too, at each allocation; ten times a second is enough, and costs nothing that can be
 * measured.
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

  private static int limit() {
    return Integer.getInteger(Child.LIMIT, Child.MEMORY);
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
