package dev.twintail.report.chart;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * A grey picture as PNG. Its pixels are stored, not compressed: compressed bytes depend on the
 * machine's zlib.
 */
public final class GreyImage {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  /** Longest that one stored block of deflate may be. */
  private static final int MOST = 65_535;

  private final int width;
  private final int height;
  private final byte[] pixels;

  private GreyImage(int width, int height, byte[] pixels) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /**
   * Returns a picture.
   *
   * @param pixels height × width values from 0 (black) to 255, row by row
   */
  public static GreyImage of(int width, int height, float[] pixels) {
    if (width < 1 || height < 1 || pixels.length != width * height) {
      throw new IllegalArgumentException(
          "Cannot picture " + pixels.length + " pixels as " + height + "×" + width);
    }
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.max(0, Math.min(255, Math.round(pixels[i])));
    }
    return new GreyImage(width, height, bytes);
  }

  /** Returns the file. */
  public byte[] png() {
    byte[] rows = new byte[height * (width + 1)]; // Each row starts with its filter: none.
    for (int y = 0; y < height; y++) {
      System.arraycopy(pixels, y * width, rows, y * (width + 1) + 1, width);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(file)) {
      out.write(SIGNATURE);
      chunk(out, "IHDR", header());
      chunk(out, "IDAT", stored(rows));
      chunk(out, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }

  private byte[] header() throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(header)) {
      out.writeInt(width);
      out.writeInt(height);
      out.write(new byte[] {8, 0, 0, 0, 0}); // 8 bits of grey; the usual methods; not interlaced
    }
    return header.toByteArray();
  }

  /** Returns a zlib stream of stored blocks. */
  private static byte[] stored(byte[] data) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(stream)) {
      out.write(new byte[] {0x78, 0x01});
      for (int from = 0; from < data.length; from += MOST) {
        byte[] block = Arrays.copyOfRange(data, from, Math.min(from + MOST, data.length));
        out.writeByte(from + MOST >= data.length ? 1 : 0);
        writeLittle(out, block.length);
        writeLittle(out, ~block.length);
        out.write(block);
      }
      Adler32 sum = new Adler32();
      sum.update(data);
      out.writeInt((int) sum.getValue());
    }
    return stream.toByteArray();
  }

  private static void writeLittle(DataOutputStream out, int value) throws IOException {
    out.writeByte(value);
    out.writeByte(value >> 8);
  }

  private static void chunk(DataOutputStream out, String name, byte[] data) throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(type);
    sum.update(data);
    out.writeInt(data.length);
    out.write(type);
    out.write(data);
    out.writeInt((int) sum.getValue());
  }
}
