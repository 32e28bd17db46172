package dev.twintail.report.chart;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Elements and text as XML, which is HTML as well: always well-formed, always escaped.
 *
 * <p>Attributes come in pairs of name and value, in the order in which they are written.
 */
public final class Markup {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Starts an element. */
  public Markup open(String name, String... attributes) {
    start(name, attributes);
    out.append('>');
    open.push(name);
    return this;
  }

  /** Ends the element that was started last. */
  public Markup close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** Ends the element that was started last, and the line. */
  public Markup closeLine() {
    return close().line();
  }

  /** Adds an element without content. */
  public Markup empty(String name, String... attributes) {
    start(name, attributes);
    out.append("/>");
    return this;
  }

  /** Adds an element that holds text alone. */
  public Markup leaf(String name, String text, String... attributes) {
    return open(name, attributes).text(text).close();
  }

  public Markup text(String text) {
    escape(text, '\0');
    return this;
  }

  /** Ends the line; means nothing to a browser. */
  public Markup line() {
    out.append('\n');
    return this;
  }

  /** Adds all of {@code other}. */
  public Markup add(Markup other) {
    out.append(other);
    return this;
  }

  /**
   * Adds a style sheet, which is text that holds nothing to escape.
   *
   * @return the element's content, of which a content policy has the hash
   */
  public String style(String css) {
    if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
      throw new IllegalArgumentException("Cannot embed the style sheet: it holds < or &");
    }
    return raw("style", "\n" + css);
  }

  /**
   * Adds a script, as text for HTML and for XML alike.
   *
   * @return the element's content, of which a content policy has the hash
   */
  public String script(String source) {
    if (source.contains("]]>") || source.contains("</")) {
      throw new IllegalArgumentException("Cannot embed the script: it holds ]]> or </");
    }
    return raw("script", "\n//<![CDATA[\n" + source + "//]]>\n");
  }

  /** Adds JSON for a script to read; it is never executed. */
  public Markup json(String id, String json) {
    open("script", "type", "application/json", "id", id);
    out.append(json.replace("&", "\\u0026").replace("<", "\\u003c"));
    return closeLine();
  }

  private String raw(String name, String content) {
    open(name);
    out.append(content);
    closeLine();
    return content;
  }

  private void start(String name, String... attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException("Cannot write <" + name + ">: an attribute has no value");
    }
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1], '"');
      out.append('"');
    }
  }

  private void escape(String text, char quote) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        default -> {
          if (c == quote) {
            out.append("&quot;");
          } else if (c >= ' ' || c == '\n' || c == '\t') {
            out.append(c);
          } else {
            out.append('\uFFFD'); // XML has no way to write control characters.
          }
        }
      }
    }
  }

  /** Returns the text; all elements must be closed. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("Cannot end the text: <" + open.peek() + "> is open");
    }
    return out.toString();
  }
}
