package dev.twintail.report;

/** Words on lines that are no longer than a terminal is wide. */
public final class LineWrap {
  private LineWrap() {}

  /** Adds words and the end of their last line; a word that is longer has a line of its own. */
  public static void append(String words, int width, StringBuilder text) {
    int column = 0;
    for (String word : words.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > width) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? "" : " ").append(word);
      column += word.length() + (column == 0 ? 0 : 1);
    }
    text.append('\n');
  }
}
