package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.stage.OutputFormats;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ChildJvm;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.upkeep.StoreCheck;
import dev.twintail.upkeep.StoreCopy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Copies are whole. Prints how fast a pull is, beside the same client reading the same objects and
 * dropping the bytes: medians of repetitions that take turns. On a link between the two both wait
 * for the network, as they do in life. Without one client and server share this machine's
 * processors, and the hashing and writing that only a pull does shows in full.
 */
@Tag("slow")
class S3ThroughputTest {
  private static final int SMALL = 2000;

  /**
   * S3Proxy holds a signed body in memory to check it, up to 128 MiB; this is still more than the
   * heap of the process that pulls.
   */
  private static final long LARGE = 120 * 1024 * 1024;

  private static final Duration LATENCY = Duration.ofMillis(30);
  private static final long BYTES_PER_SECOND = 250_000_000;

  @TempDir private Path folder;

  @Test
  void copy_manySmallBlobs_areAllThereAndItsSpeedIsPrinted() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start(folder.resolve("server"), 0);
        SlowLink link = SlowLink.to(server.endpoint(), LATENCY, BYTES_PER_SECOND);
        S3ObjectStore remote = EmbeddedS3.storeAt("small", server.endpoint());
        S3ObjectStore far = EmbeddedS3.storeAt("small", link.endpoint())) {
      BlobStore blobs = new BlobStore(remote, event -> {});
      List<Blob> all = new ArrayList<>();
      for (int i = 0; i < SMALL; i++) {
        byte[] bytes = new byte[2000];
        new Random(i).nextBytes(bytes);
        all.add(Blob.of(bytes));
      }
      inParallel(remote.parallelism(), all.size(), i -> blobs.put(all.get(i)));

      compare(remote, "2,000 blobs of 2 kB, no network", 5);
      compare(far, "2,000 blobs of 2 kB, 30 ms away", 5);
    }
  }

  @Test
  void copy_oneLargeBlob_isWholeInASmallHeapAndItsSpeedIsPrinted() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start(folder.resolve("server"), 0);
        SlowLink link = SlowLink.to(server.endpoint(), LATENCY, BYTES_PER_SECOND);
        S3ObjectStore remote = EmbeddedS3.storeAt("large", server.endpoint());
        S3ObjectStore far = EmbeddedS3.storeAt("large", link.endpoint())) {
      Blob large = zeros(LARGE);
      new BlobStore(remote, event -> {}).put(large);

      compare(remote, "120 MiB, no network", 5);
      compare(far, "120 MiB at 250 MB/s", 3);

      // Streaming: a sixteenth of the blob is all the heap there is.
      Path target = folder.resolve("small-heap");
      Process process =
          ChildJvm.builder(
                  List.of("-Xmx64m"),
                  PullProcess.class,
                  "large",
                  server.endpoint().toString(),
                  target.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getInputStream().readAllBytes();
      assertThat(process.waitFor()).isZero();
      assertPulled(target, 1);
    }
  }

  private void compare(S3ObjectStore remote, String what, int rounds) throws Exception {
    List<String> names = new ArrayList<>();
    remote.list("cas/", entry -> names.add(entry.name()));
    readAll(remote, names);
    List<Double> bare = new ArrayList<>();
    List<Double> pull = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      bare.add(seconds(() -> readAll(remote, names)));
      Path root = folder.resolve("pulled-" + what.hashCode() + "-" + round);
      pull.add(
          seconds(
              () -> {
                try (LocalObjectStore target = LocalObjectStore.open(root)) {
                  StoreCopy.CopyReport report =
                      new StoreCopy(remote, target, remote.parallelism(), (d, t, b) -> {}).copy();
                  assertThat(report.objects()).isEqualTo(names.size());
                  assertThat(report.problems()).isEmpty();
                }
              }));
      assertPulled(root, names.size());
      if (names.size() == 1) {
        Files.delete(root.resolve(names.get(0)));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: bare GETs %.2f s, pull %.2f s: %.0f %% of their speed (medians of %d)%n",
        what,
        median(bare),
        median(pull),
        100 * median(bare) / median(pull),
        rounds);
    // No bound on times: whatever else runs on the machine decides them.
  }

  private static void assertPulled(Path root, int blobs) throws Exception {
    try (LocalObjectStore target = LocalObjectStore.open(root)) {
      StoreCheck.StoreCheckReport found =
          new StoreCheck(target, (done, total, bytes) -> {}, OutputFormats::fault).checkAll();
      assertThat(found.problems()).isEmpty();
      assertThat(found.blobs()).isEqualTo(blobs);
    }
  }

  @FunctionalInterface
  private interface Timed {
    void run() throws Exception;
  }

  private static double seconds(Timed timed) throws Exception {
    long start = System.nanoTime();
    timed.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(List<Double> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }

  private static void readAll(ObjectStore remote, List<String> names) throws Exception {
    inParallel(
        remote.parallelism(),
        names.size(),
        i -> {
          try (InputStream in = remote.open(names.get(i)).orElseThrow()) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
              // Dropped.
            }
          }
        });
  }

  private interface Step {
    void run(int number) throws Exception;
  }

  private static void inParallel(int width, int count, Step step) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(width);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        futures.add(
            pool.submit(
                () -> {
                  step.run(number);
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Returns a blob that is never in memory as a whole. */
  private static Blob zeros(long size) throws IOException {
    Digest digest = Digest.of(new Zeros(size));
    return new Blob() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public InputStream open() {
        return new Zeros(size);
      }
    };
  }

  private static final class Zeros extends InputStream {
    private long left;

    private Zeros(long size) {
      left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int n = (int) Math.min(left, length);
      java.util.Arrays.fill(buffer, offset, offset + n, (byte) 0);
      left -= n;
      return n;
    }
  }
}
