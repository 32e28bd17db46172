package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;

/** A process that says "writing" in the middle of writing an object and then waits to be killed. */
final class HangingWriter {
  private HangingWriter() {}

  public static void main(String[] arguments) throws Exception {
    LocalObjectStore.open(Path.of(arguments[0])).create("never/finished", new HangingBlob());
  }

  private static final class HangingBlob implements Blob {
    @Override
    public Digest digest() {
      return new Digest("0".repeat(64), 2_000_000);
    }

    @Override
    public InputStream open() {
      return new SequenceInputStream(
          new ByteArrayInputStream(new byte[1_000_000]), new HangingStream());
    }
  }

  private static final class HangingStream extends InputStream {
    @Override
    public int read() {
      System.out.println("writing");
      hang();
      return -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return read();
    }

    private static void hang() {
      while (true) {
        try {
          Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }
}
