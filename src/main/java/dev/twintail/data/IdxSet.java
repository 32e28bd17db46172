package dev.twintail.data;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * The IDX files of a folder that make a data set: images and labels, for training and for tests.
 *
 * @param classes one more than the greatest label
 * @param height of every image
 * @param width of every image
 */
public record IdxSet(
    int classes,
    int height,
    int width,
    File trainImages,
    File trainLabels,
    File testImages,
    File testLabels) {
  private static final int MOST_CLASSES = 256;
  private static final String GZ = ".gz";

  /** Bytes that tell a file of IDX: a magic number, and the first of what follows. */
  private static final int HEAD = 5;

  /**
   * One file.
   *
   * @param name without {@code .gz}
   * @param digest of the raw bytes
   */
  public record File(String name, Digest digest) {}

  /** A file and its raw bytes. */
  private record FoundFile(File file, Blob blob) {
    byte[] bytes() throws IOException {
      return blob.bytes();
    }
  }

  /**
   * Reads the files of a folder. Those for training have "train" in their names, those for tests
   * "t10k" or "test"; their bytes tell what are images and what are labels. A file that is there
   * raw and as {@code .gz} counts once.
   *
   * @throws IllegalArgumentException in one line for the user, if there are others than one of
   *     each, or they do not go together
   */
  public static IdxSet in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException("Cannot read " + folder + ": there is no such folder");
    }
    SortedMap<String, Path> files = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isRegularFile)) {
      all.forEach(
          path -> {
            String name = String.valueOf(path.getFileName());
            boolean packed = name.toLowerCase(Locale.ROOT).endsWith(GZ);
            String raw = packed ? name.substring(0, name.length() - GZ.length()) : name;
            if (!packed || !files.containsKey(raw)) {
              files.put(raw, path);
            }
          });
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    FolderReading reading = new FolderReading(folder, files);
    FoundFile trainImages = reading.one("train", "images", 3);
    FoundFile trainLabels = reading.one("train", "labels", 1);
    FoundFile testImages = reading.one("test", "images", 3);
    FoundFile testLabels = reading.one("test", "labels", 1);
    IdxImages train = IdxImages.parse(trainImages.file().name(), trainImages.bytes());
    IdxImages test = IdxImages.parse(testImages.file().name(), testImages.bytes());
    IdxLabels ofTrain =
        IdxLabels.parse(trainLabels.file().name(), trainLabels.bytes(), MOST_CLASSES);
    IdxLabels ofTest = IdxLabels.parse(testLabels.file().name(), testLabels.bytes(), MOST_CLASSES);
    requireSame(trainImages, train.count(), trainLabels, ofTrain.count());
    requireSame(testImages, test.count(), testLabels, ofTest.count());
    if (train.height() != test.height() || train.width() != test.width()) {
      throw new IllegalArgumentException(
          "Cannot use %s: images for training are %s×%s, those for tests %s×%s"
              .formatted(folder, train.height(), train.width(), test.height(), test.width()));
    }
    return new IdxSet(
        1 + Math.max(greatest(ofTrain), greatest(ofTest)),
        train.height(),
        train.width(),
        trainImages.file(),
        trainLabels.file(),
        testImages.file(),
        testLabels.file());
  }

  private static int greatest(IdxLabels labels) {
    int greatest = 0;
    for (int i = 0; i < labels.count(); i++) {
      greatest = Math.max(greatest, labels.label(i));
    }
    return greatest;
  }

  private static void requireSame(FoundFile images, int count, FoundFile labels, int labelCount) {
    if (count != labelCount) {
      throw new IllegalArgumentException(
          "Cannot use %s with %s: %s images, %s labels"
              .formatted(images.file().name(), labels.file().name(), count, labelCount));
    }
  }

  /** Takes what it wants of a file's raw bytes. */
  private interface RawReading {
    byte[] of(InputStream raw) throws IOException;
  }

  /** Reads the heads of files that may be meant, and the whole of those that are, once. */
  private record FolderReading(Path folder, SortedMap<String, Path> files) {
    FoundFile one(String split, String what, int dimensions) throws IOException {
      SortedMap<String, FoundFile> found = new TreeMap<>();
      for (String name : files.keySet()) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean tests = lower.contains("t10k") || lower.contains("test");
        boolean meant = split.equals("test") ? tests : lower.contains("train") && !tests;
        if (meant && dimensions(name) == dimensions) {
          Blob blob = Blob.of(bytes(name));
          found.put(name, new FoundFile(new File(name, blob.digest()), blob));
        }
      }
      if (found.size() != 1) {
        throw new IllegalArgumentException(
            "Cannot find the "
                + what
                + " for "
                + (split.equals("test") ? "tests" : "training")
                + " in "
                + folder
                + ": "
                + (found.isEmpty()
                    ? "no IDX file of "
                        + what
                        + " has "
                        + (split.equals("test") ? "'t10k' or 'test'" : "'train'")
                        + " in its name"
                    : "there are " + String.join(", ", found.keySet())));
      }
      return found.values().iterator().next();
    }

    /** Returns how many dimensions the head of the file tells, or 0 if it is no IDX file. */
    private int dimensions(String name) throws IOException {
      byte[] head = read(name, raw -> raw.readNBytes(HEAD));
      boolean isIdx = head.length == HEAD && head[0] == 0 && head[1] == 0 && head[2] == 8;
      return isIdx ? head[3] : 0;
    }

    private byte[] bytes(String name) throws IOException {
      return read(name, InputStream::readAllBytes);
    }

    private byte[] read(String name, RawReading reading) throws IOException {
      Path path = Objects.requireNonNull(files.get(name), name);
      try (InputStream file = Files.newInputStream(path)) {
        return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(GZ)
            ? unpacked(path, file, reading)
            : reading.of(file);
      }
    }

    private static byte[] unpacked(Path path, InputStream file, RawReading reading) {
      try (GZIPInputStream raw = new GZIPInputStream(file)) {
        return reading.of(raw);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "Cannot read " + path + ": it is no whole .gz file (" + e.getMessage() + ")", e);
      }
    }
  }
}
