package dev.twintail.data;

/** Grey images of one size, as an IDX file of three dimensions holds them. */
public final class IdxImages {
  private static final int DIMENSIONS = 3;

  private final byte[] file;
  private final int count;
  private final int height;
  private final int width;

  private IdxImages(byte[] file, int count, int height, int width) {
    this.file = file;
    this.count = count;
    this.height = height;
    this.width = width;
  }

  /**
   * Reads a file.
   *
   * @param name for messages
   * @param file raw bytes, not copied
   * @throws IdxFormatException if these are no images, or not all or not only
   */
  public static IdxImages parse(String name, byte[] file) {
    int[] sizes = IdxHeader.read(name, file, DIMENSIONS);
    return new IdxImages(file, sizes[0], sizes[1], sizes[2]);
  }

  /**
   * Returns these images, which must have that size.
   *
   * @param name for messages
   * @throws IdxFormatException if they have another
   */
  public IdxImages require(String name, int expectedHeight, int expectedWidth) {
    if (height != expectedHeight || width != expectedWidth) {
      throw new IdxFormatException(
          name,
          "its images have %s×%s pixels, not %s×%s; correct height and width in the pins"
              .formatted(height, width, expectedHeight, expectedWidth));
    }
    return this;
  }

  public int count() {
    return count;
  }

  /** Returns the rows of pixels in each image. */
  public int height() {
    return height;
  }

  /** Returns the pixels in each row. */
  public int width() {
    return width;
  }

  /** Returns the grey value, 0 to 255, at that place of one image. */
  public int pixel(int image, int row, int column) {
    return file[IdxHeader.length(DIMENSIONS) + (image * height + row) * width + column] & 0xff;
  }
}
