package dev.twintail.upkeep;

/** Hears how far work on many objects is. Called by several threads at once. */
@FunctionalInterface
public interface StoreProgress {
  /** The number of objects where only their listing tells. */
  int UNKNOWN = -1;

  /**
   * Called after each object.
   *
   * @param done objects so far
   * @param total objects in all, as far as they are known
   * @param bytes that were read or counted so far
   */
  void advanced(int done, int total, long bytes);
}
