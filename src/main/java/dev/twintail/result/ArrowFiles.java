package dev.twintail.result;

/**
 * Tables as Arrow IPC files: uncompressed, little-endian, one record batch, no dictionaries. Equal
 * tables give equal bytes, on every JVM.
 *
 * <p>Writing goes through Arrow's vectors and its file writer. Reading goes straight over the bytes
 * with Arrow's flatbuffer classes: it allocates no native memory, checks every bound, and costs a
 * fully cached run a fraction of the class loading.
 *
 * <p>Arrow writes metadata in the order of a hash map over its keys; a table hands it over sorted,
 * so that the order depends on the keys and the size of the map. That size follows from their
 * number in one way up to Java 18 and in another since; where the order would differ, nothing is
 * written.
 */
public final class ArrowFiles {
  private ArrowFiles() {}

  /**
   * Returns the file that holds {@code table}.
   *
   * @throws IllegalArgumentException if the order of its metadata depends on the version of Java;
   *     another entry, or one less, mends that
   */
  public static byte[] encode(Table table) {
    return ArrowTableWriter.write(table);
  }

  /**
   * Returns the table in {@code file}.
   *
   * @throws TableFormatException if the bytes are damaged, or a file that {@link #encode} does not
   *     write
   */
  public static Table decode(byte[] file) {
    return ArrowTableReader.read(file);
  }
}
