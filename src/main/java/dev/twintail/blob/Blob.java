package dev.twintail.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Immutable bytes that know their digest. */
public interface Blob {
  Digest digest();

  /** Opens the bytes from the start; the caller closes. */
  InputStream open() throws IOException;

  /** Returns a blob over {@code bytes}, which the caller must not change afterwards. */
  static Blob of(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    return new Blob() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }

      @Override
      public byte[] bytes() {
        return bytes;
      }
    };
  }

  /**
   * Returns a blob over the bytes of {@code file}, read once now for their digest and again at
   * every {@link #open}. The file must not change meanwhile; a store that takes the blob notices
   * when it does.
   */
  static Blob of(Path file) throws IOException {
    Digest digest;
    try (InputStream in = Files.newInputStream(file)) {
      digest = Digest.of(in);
    }
    return of(digest, () -> Files.newInputStream(file));
  }

  /** Opens bytes from the start; the caller closes. */
  @FunctionalInterface
  interface Opening {
    InputStream open() throws IOException;
  }

  /** Returns a blob that {@code bytes} opens; they are not looked at now. */
  static Blob of(Digest digest, Opening bytes) {
    return new Blob() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public InputStream open() throws IOException {
        return bytes.open();
      }
    };
  }

  /** Returns the bytes in memory. The caller must not change them. */
  default byte[] bytes() throws IOException {
    try (InputStream in = open()) {
      return in.readAllBytes();
    }
  }
}
