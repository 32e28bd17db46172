package dev.twintail.action;

import dev.twintail.blob.Blob;
import java.util.Map;

/**
 * What an action does when its result is not known. It may be run again, anywhere, and must then
 * put out the same bytes.
 *
 * @param <E> what it throws when it fails
 */
@FunctionalInterface
public interface Work<E extends Exception> {
  /** Returns the outputs by name; the order of the map does not matter. */
  Map<String, Blob> run() throws E, InterruptedException;
}
