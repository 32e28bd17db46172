package dev.twintail.model;

import dev.twintail.network.SiameseNetwork;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;

/** What a network really takes outside the heap. */
public final class NetworkMemory {
  private NetworkMemory() {}

  /** Returns the bytes that a network for batches of so many pairs has outside the heap. */
  public static long bytesOutsideTheHeap(SiameseNetwork siamese, int pairs) {
    NativeEnvironment.prepare();
    long before = Pointer.totalBytes();
    try (Network network = new Network(siamese, pairs, Set.of())) {
      return Pointer.totalBytes() - before;
    }
  }
}
