package dev.twintail.action;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twintail.blob.Blob;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunRecord;
import dev.twintail.store.BlobStore;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.s3.EmbeddedS3;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** Some chained actions with known results. As a process it tells of each that it executed. */
public final class Workout {
  private final CachingExecutor executor;
  private final int actions;
  private int executed;

  public Workout(ObjectStore objects, int actions) {
    this.actions = actions;
    BlobStore blobs = new BlobStore(objects, System.err::println);
    ActionCache cache = new ActionCache(objects, blobs, System.err::println);
    String run = RunRecord.newId(Instant.now());
    executor = new CachingExecutor(cache, blobs, new ProvenanceLog(objects, "test", run));
  }

  /** Executes everything and returns how many actions it had to run. */
  public int run() throws Exception {
    Blob before = Blob.of("start".getBytes(UTF_8));
    for (int i = 0; i < actions; i++) {
      int number = i;
      Preimage preimage =
          Preimage.of("chain", 1)
              .parameter("number", number)
              .input("before", before.digest())
              .build();
      Blob out = Blob.of((preimage.key() + " ").repeat(50 + number).getBytes(UTF_8));
      Outcome outcome =
          executor.execute(preimage, () -> Map.of("out", out, "same", Blob.of(new byte[1000])));
      if (!outcome.reused()) {
        executed++;
        System.out.println("executed");
      }
      before = out;
    }
    return executed;
  }

  /**
   * Runs the chain in a folder, or on S3.
   *
   * @param arguments folder or prefix, number of actions, and for S3 the server's address
   */
  public static void main(String[] arguments) throws Exception {
    try (ObjectStore objects =
        arguments.length == 3
            ? EmbeddedS3.storeAt(arguments[0], URI.create(arguments[2]))
            : LocalObjectStore.open(Path.of(arguments[0]))) {
      new Workout(objects, Integer.parseInt(arguments[1])).run();
    }
  }
}
