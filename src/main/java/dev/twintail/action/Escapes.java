package dev.twintail.action;

import java.util.HexFormat;

/**
 * Writes any string as text without tabs, line ends and other control characters, one to one.
 * Surrogates that lack their partner, which UTF-8 cannot tell apart, are escaped too.
 */
final class Escapes {
  private Escapes() {}

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
      if (pair) {
        escaped.append(c).append(text.charAt(++i));
      } else {
        append(escaped, c);
      }
    }
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, char c) {
    switch (c) {
      case '\\' -> escaped.append("\\\\");
      case '\n' -> escaped.append("\\n");
      case '\r' -> escaped.append("\\r");
      case '\t' -> escaped.append("\\t");
      default -> {
        if (Character.isISOControl(c) || Character.isSurrogate(c)) {
          escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
        } else {
          escaped.append(c);
        }
      }
    }
  }

  /**
   * Returns what was escaped.
   *
   * @throws IllegalArgumentException if a backslash stands before anything unknown
   */
  static String unescape(String escaped) {
    StringBuilder text = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      i++;
      char kind = i < escaped.length() ? escaped.charAt(i) : ' ';
      switch (kind) {
        case '\\' -> text.append('\\');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          if (i + 4 >= escaped.length()) {
            throw new IllegalArgumentException("unfinished \\u");
          }
          text.append((char) HexFormat.fromHexDigits(escaped, i + 1, i + 5));
          i += 4;
        }
        default -> throw new IllegalArgumentException("unknown escape \\" + kind);
      }
    }
    return text.toString();
  }
}
