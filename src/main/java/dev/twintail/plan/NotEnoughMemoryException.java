package dev.twintail.plan;

import java.util.Locale;

/** Actions that would run at once take more memory than this process may use; none was begun. */
public final class NotEnoughMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final long MIB = 1L << 20;

  private final int fitting;
  private final long needed;

  NotEnoughMemoryException(
      int workers, int fitting, long needed, long available, Graph.Node largest, long alone) {
    super(
        String.format(
            Locale.ROOT,
            "Cannot run %d %s at once: %s may take %d MiB of memory, %s alone %d, and this process"
                + " has %d",
            workers,
            workers == 1 ? "action" : "actions",
            workers == 1 ? "it" : "they",
            mebibytes(needed),
            largest,
            mebibytes(alone),
            available / MIB));
    this.fitting = fitting;
    this.needed = needed;
  }

  /** Returns how many workers would do; 0 if not even one. */
  public int fitting() {
    return fitting;
  }

  /** Returns what is needed, in MiB. */
  public long neededMebibytes() {
    return mebibytes(needed);
  }

  private static long mebibytes(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
