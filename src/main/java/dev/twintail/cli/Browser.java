package dev.twintail.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The user's browser, by the command that the platform has for it. */
final class Browser {
  /** A command that is not there, or that cannot show anything, ends within this time. */
  private static final int SECONDS = 5;

  private Browser() {}

  /**
   * Shows a page.
   *
   * @throws UsageException if no browser can be had
   */
  static void show(Path page) throws InterruptedException {
    show(page, System.getProperty("os.name", ""), System.getenv());
  }

  static void show(Path page, String system, Map<String, String> environment)
      throws InterruptedException {
    List<String> command = new ArrayList<>(command(system, environment));
    String program = command.get(0);
    command.add(page.toAbsolutePath().normalize().toUri().toString());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() != 0) {
        throw unopened(page, program + " ended with " + process.exitValue());
      }
    } catch (IOException e) {
      throw unopened(page, "there is no " + program);
    }
  }

  private static UsageException unopened(Path page, String why) {
    return new UsageException(
        "Cannot open %s, which is written: %s; open it yourself, or set BROWSER"
            .formatted(page, why));
  }

  private static List<String> command(String system, Map<String, String> environment) {
    String own = environment.getOrDefault("BROWSER", "").strip();
    if (!own.isEmpty()) {
      return List.of(own);
    }
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return List.of("open");
    }
    return name.startsWith("windows")
        ? List.of("rundll32", "url.dll,FileProtocolHandler")
        : List.of("xdg-open");
  }
}
