package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.StoreCopy;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.BlobStore;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
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
 * Tells how fast a pull is, beside the same client reading the same objects and dropping the bytes.
 * The heap of the tests is smaller than the large blob.
 */
@Tag("slow")
class S3ThroughputTest {
  private static final int SMALL = 2000;
  private static final long LARGE = 1L << 30;

  @TempDir private Path folder;

  @Test
  void copy_manySmallBlobs_isAboutAsFastAsReadingThem() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start(folder.resolve("server"), 0);
        S3ObjectStore remote = EmbeddedS3.storeAt("small", server.endpoint())) {
      BlobStore blobs = new BlobStore(remote, event -> {});
      List<Blob> all = new ArrayList<>();
      for (int i = 0; i < SMALL; i++) {
        byte[] bytes = new byte[2000];
        new Random(i).nextBytes(bytes);
        all.add(Blob.of(bytes));
      }
      inParallel(remote.parallelism(), all.size(), i -> blobs.put(all.get(i)));

      compare(remote, "2,000 blobs of 2 kB");
    }
  }

  @Test
  void copy_oneLargeBlob_streamsAboutAsFastAsReadingIt() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start(folder.resolve("server"), 0);
        S3ObjectStore remote = EmbeddedS3.storeAt("large", server.endpoint())) {
      new BlobStore(remote, event -> {}).put(zeros(LARGE));

      compare(remote, "1 GiB");
    }
  }

  private void compare(S3ObjectStore remote, String what) throws Exception {
    List<String> names = new ArrayList<>();
    remote.list("cas/", entry -> names.add(entry.name()));
    readAll(remote, names);
    double bare = Double.MAX_VALUE;
    double pull = Double.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      readAll(remote, names);
      bare = Math.min(bare, (System.nanoTime() - start) / 1e9);
      try (LocalObjectStore target = LocalObjectStore.open(folder.resolve("pulled-" + round))) {
        start = System.nanoTime();
        StoreCopy.Report report =
            new StoreCopy(remote, target, remote.parallelism(), (d, t, b) -> {}).copy();
        pull = Math.min(pull, (System.nanoTime() - start) / 1e9);
        assertThat(report.objects()).isEqualTo(names.size());
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: bare GETs %.2f s, pull %.2f s: %.0f %% of their speed%n",
        what,
        bare,
        pull,
        100 * bare / pull);
    // No bound: with the server in the same JVM, what hashing and the disk take shows in full.
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
