package dev.twintail.data;

import dev.twintail.blob.Digest;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * One IDX file of a data set, pinned by its bytes.
 *
 * @param role what the file holds
 * @param name its usual file name, such as {@code train-images-idx3-ubyte}, without {@code .gz}
 * @param digest SHA-256 and size of the raw file, after any gunzip
 */
public record DigitFile(Role role, String name, Digest digest) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
  private static final int LARGEST = Integer.MAX_VALUE - 8; // What a Java array can hold.

  /** What a file of a data set holds. */
  public enum Role {
    TRAIN_IMAGES("train-images"),
    TRAIN_LABELS("train-labels"),
    TEST_IMAGES("test-images"),
    TEST_LABELS("test-labels");

    private final String label;

    Role(String label) {
      this.label = label;
    }

    /** Returns the role that {@link #toString} writes as {@code label}. */
    public static Role of(String label) {
      for (Role role : values()) {
        if (role.label.equals(label)) {
          return role;
        }
      }
      throw new IllegalArgumentException(
          "Cannot use the role '" + label + "': expected one of " + Arrays.toString(values()));
    }

    @Override
    public String toString() {
      return label;
    }
  }

  public DigitFile {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Cannot use the file name '" + name + "': expected letters, digits, '.', '_' and '-'");
    }
    if (digest.size() > LARGEST) {
      throw new IllegalArgumentException(
          "Cannot use " + name + ": " + digest.size() + " bytes are more than memory can hold");
    }
  }

  /**
   * Returns the file with these pins.
   *
   * @param role {@code train-images}, {@code train-labels}, {@code test-images} or {@code
   *     test-labels}
   * @param sha256 64 lower-case hexadecimal digits, of the raw file
   * @param size of the raw file in bytes
   */
  public static DigitFile of(String role, String name, String sha256, long size) {
    return new DigitFile(Role.of(role), name, new Digest(sha256, size));
  }
}
