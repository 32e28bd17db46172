package dev.twintail.store;

/** Hears what a store repairs on its own, so that nothing is mended in silence. */
@FunctionalInterface
public interface StoreEvents {
  /**
   * Called when a stored object turned out to be damaged and was put aside. May be called by
   * several threads at once.
   *
   * @param message one line for the user: what is damaged, how, where it went, what follows
   */
  void damaged(String message);
}
