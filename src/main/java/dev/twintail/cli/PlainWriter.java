package dev.twintail.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Lets no character through that a terminal would obey: names, hosts and parameters may come from a
 * store that others write. What this program itself says to a terminal is {@link #ERASE}, at the
 * beginning of what it prints at once.
 */
final class PlainWriter extends FilterWriter {
  /** Goes to the begin of the line, and removes it. */
  static final String ERASE = "\r\u001b[K";

  private static final char REPLACEMENT = '?';

  PlainWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    out.write(isPlain((char) c) ? c : REPLACEMENT);
  }

  @Override
  public void write(char[] characters, int from, int length) throws IOException {
    write(new String(characters, from, length), 0, length);
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    int start = text.startsWith(ERASE, from) ? from + ERASE.length() : from;
    int end = from + length;
    for (int i = start; i < end; i++) {
      if (!isPlain(text.charAt(i)) && !text.startsWith("\r\n", i)) {
        replace(text, from, start, end);
        return;
      }
    }
    out.write(text, from, length);
  }

  private void replace(String text, int from, int start, int end) throws IOException {
    StringBuilder plain = new StringBuilder(end - from).append(text, from, start);
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      plain.append(isPlain(c) || text.startsWith("\r\n", i) ? c : REPLACEMENT);
    }
    out.write(plain.toString());
  }

  private static boolean isPlain(char c) {
    if (c == '\n' || c == '\t') {
      return true;
    }
    // The second group turns the direction of what follows.
    return !Character.isISOControl(c)
        && !(c >= '\u202a' && c <= '\u202e')
        && !(c >= '\u2066' && c <= '\u2069');
  }
}
