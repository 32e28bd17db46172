package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an action put out: names and digests, sorted by name.
 *
 * <p>The bytes are text like that of {@code sha256sum}, with a line that names the format above and
 * the SHA-256 of all lines above it below, so that a cut or altered manifest is not taken for
 * another one:
 *
 * <pre>
 * twintail-manifest 1
 * 5891b5b522d5df08… 6 weights.safetensors
 * end 03ba204e50d126e4…
 * </pre>
 *
 * <p>Output names are relative paths of {@code [A-Za-z0-9._-]} segments that do not start with a
 * dot or a dash.
 */
public final class Manifest {
  private static final String FORMAT = "twintail-manifest 1\n";
  private static final int END_CHARS = "end ".length() + 64 + 1;

  private final SortedMap<String, Digest> outputs;
  private final byte[] bytes;
  private final Blob blob;

  private Manifest(SortedMap<String, Digest> outputs) {
    this.outputs = Collections.unmodifiableSortedMap(outputs);
    this.bytes = text(outputs).getBytes(StandardCharsets.US_ASCII);
    this.blob = Blob.of(bytes);
  }

  /** Returns the manifest of these outputs; the order of the map does not matter. */
  public static Manifest of(Map<String, Digest> outputs) {
    for (String name : outputs.keySet()) {
      if (!isName(name)) {
        throw new IllegalArgumentException(
            "Cannot name an output '"
                + Escapes.escape(name)
                + "': expected segments of [A-Za-z0-9._-] between slashes, none of them starting"
                + " with a dot or a dash");
      }
    }
    return new Manifest(new TreeMap<>(outputs));
  }

  /**
   * Reads the text of {@link #bytes}.
   *
   * @throws MalformedException if the bytes are not exactly what this class writes
   */
  public static Manifest parse(byte[] bytes) throws MalformedException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf("end ");
    if (!text.startsWith(FORMAT)) {
      throw new MalformedException("Cannot read manifest: it does not start with " + FORMAT.trim());
    }
    if (end < FORMAT.length()
        || text.length() != end + END_CHARS
        || !Digest.isSha256(text.substring(end + "end ".length(), text.length() - 1))) {
      throw new MalformedException("Cannot read manifest: its end is missing");
    }
    TreeMap<String, Digest> outputs = new TreeMap<>();
    int number = 2;
    int start = FORMAT.length();
    while (start < end) {
      int stop = text.indexOf('\n', start);
      int size = text.indexOf(' ', start) + 1;
      int name = text.indexOf(' ', size) + 1;
      if (stop >= end || size == 0 || name == 0 || name > stop) {
        throw garbled(number);
      }
      try {
        outputs.put(
            text.substring(name, stop),
            new Digest(text.substring(start, size - 1), Long.parseLong(text, size, name - 1, 10)));
      } catch (IllegalArgumentException e) {
        throw garbled(number);
      }
      if (!isName(text.substring(name, stop))) {
        throw garbled(number);
      }
      start = stop + 1;
      number++;
    }
    Manifest manifest = new Manifest(outputs);
    if (!Arrays.equals(manifest.bytes, bytes)) {
      throw new MalformedException("Cannot read manifest: its lines are not those it was made of");
    }
    return manifest;
  }

  private static MalformedException garbled(int line) {
    return new MalformedException("Cannot read manifest: line " + line + " is garbled");
  }

  /** No pattern, like {@link Digest#isSha256}. */
  private static boolean isName(String name) {
    boolean first = true; // In its segment.
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean word =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!word && (first || (c != '.' && c != '-' && c != '/'))) {
        return false;
      }
      first = c == '/';
    }
    return !first;
  }

  /** Returns names and digests, in name order. */
  public SortedMap<String, Digest> outputs() {
    return outputs;
  }

  /**
   * Returns the digest of one output.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public Digest output(String name) {
    Digest digest = outputs.get(name);
    if (digest == null) {
      throw new IllegalArgumentException(
          "Cannot find output '" + name + "': there are " + outputs.keySet());
    }
    return digest;
  }

  /** Returns the canonical text. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns the canonical text as a blob; its digest names this manifest. */
  public Blob blob() {
    return blob;
  }

  private static String text(SortedMap<String, Digest> outputs) {
    StringBuilder text = new StringBuilder(FORMAT);
    outputs.forEach(
        (name, digest) ->
            text.append(digest.sha256())
                .append(' ')
                .append(digest.size())
                .append(' ')
                .append(name)
                .append('\n'));
    Digest above = Digest.of(text.toString().getBytes(StandardCharsets.US_ASCII));
    return text.append("end ").append(above.sha256()).append('\n').toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest manifest && outputs.equals(manifest.outputs);
  }

  @Override
  public int hashCode() {
    return outputs.hashCode();
  }

  @Override
  public String toString() {
    return outputs.toString();
  }
}
