package dev.twintail.data;

/** The classes of images, as an IDX file of one dimension holds them. */
public final class IdxLabels {
  private static final int DIMENSIONS = 1;

  private final byte[] file;
  private final int count;

  private IdxLabels(byte[] file, int count) {
    this.file = file;
    this.count = count;
  }

  /**
   * Reads a file.
   *
   * @param name for messages
   * @param file raw bytes, not copied
   * @param classes how many classes there are; every label is below
   * @throws IdxFormatException if these are no such labels, or not all or not only
   */
  public static IdxLabels parse(String name, byte[] file, int classes) {
    int count = IdxHeader.read(name, file, DIMENSIONS)[0];
    IdxLabels labels = new IdxLabels(file, count);
    for (int i = 0; i < count; i++) {
      if (labels.label(i) >= classes) {
        throw new IdxFormatException(
            name, "label " + i + " is " + labels.label(i) + ", expected 0 to " + (classes - 1));
      }
    }
    return labels;
  }

  public int count() {
    return count;
  }

  public int label(int image) {
    return file[IdxHeader.length(DIMENSIONS) + image] & 0xff;
  }
}
