package dev.twintail.report;

import dev.twintail.report.chart.Chart;
import dev.twintail.report.chart.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What every page has: its head, its style and its script, and a content policy that lets nothing
 * be fetched and nothing else be executed, whatever might ever slip into the page.
 */
final class Shell {
  private static final String CSS = text("page.css");
  private static final String SCRIPT = text("page.js");

  private Shell() {}

  private static String text(String name) {
    try (InputStream in = Shell.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("Cannot find " + name + " beside " + Shell.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the page as a file. */
  static byte[] page(String title, Markup content) {
    Markup page = new Markup();
    page.open("html", "lang", "en");
    Markup style = new Markup();
    String styles = style.style(Chart.styles() + CSS);
    Markup script = new Markup();
    String source = script.script(SCRIPT);
    page.open("head").line();
    page.empty("meta", "charset", "utf-8").line();
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    page.empty(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            ("default-src 'none'; style-src %s; script-src %s; img-src data:;"
                    + " base-uri 'none'; form-action 'none'")
                .formatted(hash(styles), hash(source)))
        .line();
    page.empty("meta", "name", "color-scheme", "content", "light dark").line();
    page.empty("link", "rel", "icon", "href", "data:,").line();
    page.leaf("title", title).line();
    page.add(style);
    page.closeLine();
    page.open("body").line();
    page.add(content).add(script);
    page.close().closeLine();
    return ("<!DOCTYPE html>\n" + page).getBytes(StandardCharsets.UTF_8);
  }

  private static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot hash: every Java has SHA-256", e);
    }
  }
}
