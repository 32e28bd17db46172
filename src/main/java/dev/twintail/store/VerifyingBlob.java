package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A blob that fails at its end when its bytes are not those its digest promises. */
final class VerifyingBlob implements Blob {
  private final Blob blob;

  VerifyingBlob(Blob blob) {
    this.blob = blob;
  }

  @Override
  public Digest digest() {
    return blob.digest();
  }

  @Override
  public InputStream open() throws IOException {
    return new VerifyingStream(blob.open(), blob.digest());
  }

  private static final class VerifyingStream extends InputStream {
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
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
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

    @Override
    public void close() throws IOException {
      in.close();
    }

    private void verify() throws StoreException {
      Digest found = new Digest(HexFormat.of().formatHex(sha256.digest()), size);
      if (!found.equals(expected)) {
        throw new StoreException(
            "Cannot store blob "
                + expected.abbreviated()
                + "…: its bytes changed meanwhile, to "
                + found.abbreviated()
                + "… ("
                + size
                + " bytes)");
      }
      verified = true;
    }
  }
}
