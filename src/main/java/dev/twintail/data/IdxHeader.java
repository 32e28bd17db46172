package dev.twintail.data;

import java.nio.ByteBuffer;

/** The head of an IDX file of bytes: a magic number, then one big-endian size per dimension. */
final class IdxHeader {
  private static final int UNSIGNED_BYTES = 0x08;

  private IdxHeader() {}

  static int length(int dimensions) {
    return Integer.BYTES * (1 + dimensions);
  }

  /**
   * Returns the sizes of the dimensions, which fill the file exactly.
   *
   * @throws IdxFormatException if the file is another, or has bytes too few or too many
   */
  static int[] read(String name, byte[] file, int dimensions) {
    if (file.length < length(dimensions)) {
      throw new IdxFormatException(
          name, "it has " + file.length + " bytes, its head alone needs " + length(dimensions));
    }
    ByteBuffer head = ByteBuffer.wrap(file);
    int magic = head.getInt();
    int expected = UNSIGNED_BYTES << Byte.SIZE | dimensions;
    if (magic != expected) {
      throw new IdxFormatException(
          name,
          String.format(
              "it starts with %08x, expected %08x (unsigned bytes in %d dimensions)",
              magic, expected, dimensions));
    }
    int[] sizes = new int[dimensions];
    long length = 1;
    for (int i = 0; i < dimensions; i++) {
      sizes[i] = head.getInt();
      if (sizes[i] < 0 || (sizes[i] == 0 && i > 0)) {
        throw new IdxFormatException(name, "dimension " + (i + 1) + " has size " + sizes[i]);
      }
      // Below 2^31 before, so the product fits.
      length *= sizes[i];
      if (length > Integer.MAX_VALUE) {
        throw new IdxFormatException(name, "its dimensions are too large for memory");
      }
    }
    if (file.length != length(dimensions) + length) {
      throw new IdxFormatException(
          name,
          "it has " + file.length + " bytes, its dimensions need " + (length(dimensions) + length));
    }
    return sizes;
  }
}
