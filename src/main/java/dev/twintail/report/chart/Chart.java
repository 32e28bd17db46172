package dev.twintail.report.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A drawing.
 *
 * @param name of its file, without ending; unique in a page
 * @param title what it is, in a few words
 * @param description what it shows, for who cannot see it
 * @param width in pixels at its natural size
 * @param height likewise
 * @param body the elements
 */
public record Chart(
    String name, String title, String description, int width, int height, Markup body) {
  private static final String CSS = css();

  private static String css() {
    try (InputStream in = Chart.class.getResourceAsStream("chart.css")) {
      if (in == null) {
        throw new IllegalStateException("Cannot find chart.css beside the class " + Chart.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the colours and styles that drawings need; a page holds them once. */
  public static String styles() {
    return CSS;
  }

  /** Returns the drawing as an element of a page that holds {@link #styles}. */
  public Markup inline() {
    Markup svg = new Markup();
    open(svg, "class", "chart");
    return content(svg);
  }

  /** Returns the drawing as a file of its own. */
  public String file() {
    Markup svg = new Markup();
    open(svg, "class", "chart", "xmlns", "http://www.w3.org/2000/svg");
    svg.style(CSS);
    svg.empty("rect", "class", "paper", "width", "100%", "height", "100%").line();
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + content(svg);
  }

  private void open(Markup svg, String... more) {
    String[] attributes = {
      "role",
      "img",
      "viewBox",
      "0 0 " + width + " " + height,
      "width",
      Integer.toString(width),
      "height",
      Integer.toString(height),
      "aria-labelledby",
      name + "-title",
      "aria-describedby",
      name + "-desc"
    };
    String[] all = new String[attributes.length + more.length];
    System.arraycopy(attributes, 0, all, 0, attributes.length);
    System.arraycopy(more, 0, all, attributes.length, more.length);
    svg.open("svg", all);
    svg.leaf("title", title, "id", name + "-title");
    svg.leaf("desc", description, "id", name + "-desc").line();
  }

  private Markup content(Markup svg) {
    return svg.add(body).closeLine();
  }

  /** Returns {@code text}, cut if it is longer than {@code most} letters. */
  static String fit(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
