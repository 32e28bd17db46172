package dev.twintail.store.s3;

import dev.twintail.store.LocalObjectStore;
import dev.twintail.upkeep.StoreCopy;
import java.net.URI;
import java.nio.file.Path;

/** Pulls a store into a folder, in a process of its own. */
final class PullProcess {
  private PullProcess() {}

  /**
   * @param arguments prefix, endpoint, folder
   */
  public static void main(String[] arguments) throws Exception {
    try (S3ObjectStore remote = EmbeddedS3.storeAt(arguments[0], URI.create(arguments[1]));
        LocalObjectStore target = LocalObjectStore.open(Path.of(arguments[2]))) {
      System.out.println(
          new StoreCopy(remote, target, remote.parallelism(), (done, total, bytes) -> {}).copy());
    }
  }
}
