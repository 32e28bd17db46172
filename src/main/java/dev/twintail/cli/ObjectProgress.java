package dev.twintail.cli;

import dev.twintail.upkeep.StoreProgress;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** One live line about work on many objects; nothing where there is no terminal. */
final class ObjectProgress implements StoreProgress, AutoCloseable {
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  private final LiveLine live;
  private final String what;
  private final long start = System.nanoTime();
  private long shown;

  /**
   * @param what is being done, such as "Copying"
   */
  ObjectProgress(PrintWriter err, String what) {
    this.live = new LiveLine(err);
    this.what = what;
  }

  @Override
  public synchronized void advanced(int done, int total, long bytes) {
    long now = System.nanoTime();
    if (live.isSeen() && now - shown > INTERVAL) {
      shown = now;
      double seconds = Math.max(1e-3, (now - start) / 1e9);
      String line = what + ": " + done;
      if (total == UNKNOWN) {
        line += ", " + ByteSizes.text(bytes);
      } else {
        line += " of " + total;
        if (bytes > 0) {
          String rate = ByteSizes.text((long) (bytes / seconds));
          line += ", " + ByteSizes.text(bytes) + ", " + rate + "/s";
        }
      }
      live.show(line);
    }
  }

  /** Removes the line. */
  @Override
  public synchronized void close() {
    live.end();
  }
}
