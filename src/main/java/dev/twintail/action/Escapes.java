package dev.twintail.action;

import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes any string as text without tabs, line ends and other control characters, one to one.
 * Surrogates that lack their partner, which UTF-8 cannot tell apart, are escaped too.
 */
final class Escapes {
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-f]{4}|.?)", Pattern.DOTALL);

  private Escapes() {}

  static String escape(String text) {
    // Nearly all text needs nothing, and every key is made of dozens of such.
    return isPlain(text) ? text : escapeAll(text);
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static String escapeAll(String text) {
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
    return ESCAPE.matcher(escaped).replaceAll(escape -> Matcher.quoteReplacement(meaning(escape)));
  }

  private static String meaning(MatchResult escape) {
    String kind = escape.group(1);
    return switch (kind) {
      case "\\" -> "\\";
      case "n" -> "\n";
      case "r" -> "\r";
      case "t" -> "\t";
      default -> {
        if (kind.length() != 5) {
          throw new IllegalArgumentException("unknown escape \\" + kind);
        }
        yield String.valueOf((char) HexFormat.fromHexDigits(kind, 1, 5));
      }
    };
  }
}
