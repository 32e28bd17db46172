package dev.twintail.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** One key between two lines that say what it is. */
final class PemFile {
  private static final int WIDTH = 64;

  private PemFile() {}

  static String text(byte[] encoded, String what) {
    Base64.Encoder encoder = Base64.getMimeEncoder(WIDTH, new byte[] {'\n'});
    return begin(what) + "\n" + encoder.encodeToString(encoded) + "\n" + end(what) + "\n";
  }

  /**
   * Returns the encoded key.
   *
   * @throws KeyFileException if there is none of the kind, or the file cannot be read
   */
  static byte[] read(Path file, String what) throws IOException {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      throw KeyFileException.of("read", file, e);
    }
    int size = text.length() - begin(what).length() - end(what).length();
    if (size < 0 || !text.startsWith(begin(what)) || !text.endsWith(end(what))) {
      throw new KeyFileException(
          "Cannot read the key %s: expected a PEM file that starts with %s; keygen makes one"
              .formatted(file, begin(what)));
    }
    String middle = text.substring(begin(what).length(), begin(what).length() + size);
    try {
      return Base64.getDecoder().decode(middle.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new KeyFileException("Cannot read the key " + file + ": it is garbled", e);
    }
  }

  private static String begin(String what) {
    return "-----BEGIN " + what + "-----";
  }

  private static String end(String what) {
    return "-----END " + what + "-----";
  }
}
