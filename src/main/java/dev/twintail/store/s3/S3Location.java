package dev.twintail.store.s3;

import dev.twintail.store.ObjectStore;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bucket, and a prefix in it below which a store's objects are.
 *
 * @param prefix empty, or segments that end with a slash
 */
public record S3Location(String bucket, String prefix) {
  private static final String SCHEME = "s3://";
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  public S3Location {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException(
          "Cannot use that as a bucket: expected 3 to 63 of [a-z0-9.-]");
    }
    if (!prefix.isEmpty()) {
      ObjectStore.requireName("x/" + prefix.substring(0, prefix.length() - 1));
    }
  }

  /** Returns whether {@code text} names a place on S3, well or badly. */
  public static boolean isMeantBy(String text) {
    return text.startsWith(SCHEME);
  }

  /**
   * Reads {@code s3://bucket} or {@code s3://bucket/prefix}.
   *
   * @throws IllegalArgumentException if {@code text} is something else
   */
  public static S3Location parse(String text) {
    String path = isMeantBy(text) ? text.substring(SCHEME.length()) : "";
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    String prefix = slash < 0 ? "" : path.substring(slash + 1);
    try {
      return new S3Location(
          bucket, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use that as a store: expected s3://bucket or s3://bucket/prefix, with a bucket of"
              + " 3 to 63 of [a-z0-9.-] and a prefix of [A-Za-z0-9._-] between slashes",
          e);
    }
  }

  String keyOf(String name) {
    return prefix + name;
  }

  /** Returns the object's name, or empty if the key is none that this program gives. */
  Optional<String> nameOf(String key) {
    return key.startsWith(prefix)
        ? Optional.of(key.substring(prefix.length())).filter(ObjectStore::isName)
        : Optional.empty();
  }

  @Override
  public String toString() {
    String text = SCHEME + bucket + "/" + prefix;
    return text.substring(0, text.length() - 1);
  }
}
