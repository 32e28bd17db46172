package dev.twintail.upkeep;

/** Hears how far work on many objects is. Called by several threads at once. */
@FunctionalInterface
public interface StoreProgress {
  /**
   * Called after each object.
   *
   * @param done objects so far
   * @param total objects in all, as far as they are known
   * @param bytes that were read so far
   */
  void advanced(int done, int total, long bytes);
}
