package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.blob.BulkInputStream;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** A blob that fails at its end when its bytes are not those its digest promises. */
public record VerifyingBlob(Blob blob) implements Blob {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Large, since it costs more than a little to wake another thread for each. */
  private static final int CHUNK_BYTES = 1 << 21;

  private static final int CHUNKS = 4;

  /** How many blobs may be hashed beside their writing at once; bounds the memory, too. */
  private static final Semaphore HASHERS =
      new Semaphore(Math.min(4, Runtime.getRuntime().availableProcessors()));

  @Override
  public Digest digest() {
    return blob.digest();
  }

  @Override
  public InputStream open() throws IOException {
    return new VerifyingStream(blob.open(), blob.digest());
  }

  /** A thread that hashes one chunk after the other, while others are filled and written. */
  private static final class Hashing implements AutoCloseable {
    private final MessageDigest sha256;
    private final ArrayDeque<Future<byte[]>> started = new ArrayDeque<>();
    private final ExecutorService hasher =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "hash");
              thread.setDaemon(true);
              return thread;
            });

    Hashing(MessageDigest sha256) {
      this.sha256 = sha256;
    }

    /** Returns a chunk that may be filled; waits for the oldest one when all are in use. */
    byte[] freeChunk() throws IOException {
      return started.size() < CHUNKS ? new byte[CHUNK_BYTES] : oldest();
    }

    /** Lets the first {@code length} bytes be hashed; they must not change meanwhile. */
    void start(byte[] chunk, int length) {
      started.add(
          hasher.submit(
              () -> {
                sha256.update(chunk, 0, length);
                return chunk;
              }));
    }

    /** Waits until all is hashed. */
    void finish() throws IOException {
      while (!started.isEmpty()) {
        oldest();
      }
    }

    private byte[] oldest() throws IOException {
      try {
        return started.remove().get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted");
      } catch (ExecutionException e) {
        throw new IllegalStateException("Cannot hash: " + e.getCause(), e);
      }
    }

    @Override
    public void close() {
      hasher.shutdownNow();
    }
  }

  private static final class VerifyingStream extends BulkInputStream {
    private final InputStream in;
    private final Digest expected;
    private final MessageDigest sha256 = Digest.newSha256();
    private long size;
    private boolean verified;

    VerifyingStream(InputStream in, Digest expected) {
      this.in = in;
      this.expected = expected;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      if (n >= 0) {
        sha256.update(buffer, offset, n);
        size += n;
      } else if (!verified) {
        verify();
      }
      return n;
    }

    /**
     * Reads and writes on this thread. A large blob is hashed beside it on another, unless so many
     * are under way already that all processors are busy.
     */
    @Override
    public long transferTo(OutputStream out) throws IOException {
      long before = size;
      if (expected.size() > CHUNK_BYTES && HASHERS.tryAcquire()) {
        try {
          transferAndHashBeside(out);
        } finally {
          HASHERS.release();
        }
      } else {
        byte[] buffer = new byte[(int) Math.min(expected.size() + 1, BUFFER_BYTES)];
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
          out.write(buffer, 0, n);
        }
      }
      return size - before;
    }

    private void transferAndHashBeside(OutputStream out) throws IOException {
      try (Hashing hashing = new Hashing(sha256)) {
        byte[] chunk = hashing.freeChunk();
        for (int n = transferChunk(chunk, out); n > 0; n = transferChunk(chunk, out)) {
          hashing.start(chunk, n);
          size += n;
          chunk = hashing.freeChunk();
        }
        hashing.finish();
      }
      if (!verified) {
        verify();
      }
    }

    /** Fills the chunk as far as there are bytes, and writes what came, piece by piece. */
    private int transferChunk(byte[] chunk, OutputStream out) throws IOException {
      int filled = 0;
      while (filled < chunk.length) {
        int n = in.read(chunk, filled, Math.min(BUFFER_BYTES, chunk.length - filled));
        if (n < 0) {
          break;
        }
        out.write(chunk, filled, n);
        filled += n;
      }
      return filled;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    private void verify() throws StoreException {
      Digest found = new Digest(HexFormat.of().formatHex(sha256.digest()), size);
      if (!found.equals(expected)) {
        throw new StoreException(
            "Cannot store blob %s…: its bytes changed meanwhile, to %s… (%s bytes)"
                .formatted(expected.abbreviated(), found.abbreviated(), size));
      }
      verified = true;
    }
  }
}
