package dev.twintail.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Names of files that the JVM cannot represent: in a locale such as C, Java decodes the bytes of a
 * name that are not ASCII to a replacement character, and would then read or write another file.
 */
final class Surroundings {
  private static final char REPLACEMENT = '\uFFFD';

  private Surroundings() {}

  /** Returns why the program cannot do as told, in one line with the remedy; empty if it can. */
  static Optional<String> refusal(String[] arguments) {
    for (String argument : arguments) {
      if (argument.indexOf(REPLACEMENT) >= 0) {
        return Optional.of(unrepresentable("the argument '" + argument + "'"));
      }
    }
    for (String property : List.of("user.dir", "twintail.home")) {
      String folder = System.getProperty(property, "");
      if (folder.indexOf(REPLACEMENT) >= 0 || !exists(folder)) {
        return Optional.of(unrepresentable("the folder " + folder));
      }
    }
    return Optional.empty();
  }

  private static boolean exists(String folder) {
    try {
      return Files.isDirectory(Path.of(folder));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String unrepresentable(String what) {
    return ("Cannot use %s: its name cannot be written in the encoding of this locale (%s);"
            + " set LC_ALL=C.UTF-8")
        .formatted(what, System.getProperty("sun.jnu.encoding"));
  }
}
