package dev.twintail.data;

import java.util.List;

/**
 * No source gave all files. The message has a headline, an indented line for each source tried, and
 * what to do: name a folder with the files.
 */
public final class DigitsUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  DigitsUnavailableException(
      DigitSource source, String lacking, List<DigitFile> missing, List<String> failures) {
    super(message(source, lacking, missing, failures));
  }

  private static String message(
      DigitSource source, String lacking, List<DigitFile> missing, List<String> failures) {
    StringBuilder message =
        new StringBuilder("Cannot find data set ")
            .append(source.name())
            .append(": ")
            .append(lacking)
            .append(' ')
            .append(names(missing));
    for (String failure : failures) {
      message.append("\n  ").append(failure);
    }
    return message
        .append("\nName a folder that holds ")
        .append(names(source.files()))
        .append(", raw or with .gz")
        .toString();
  }

  private static String names(List<DigitFile> files) {
    return String.join(", ", files.stream().map(DigitFile::name).toList());
  }
}
