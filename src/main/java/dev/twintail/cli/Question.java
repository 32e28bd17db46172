package dev.twintail.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/** A question to whoever sits before the terminal; nobody does in scripts and in CI. */
final class Question {
  /** Set by the launcher where input and messages are on a terminal. */
  static final String POSSIBLE = "twintail.ask";

  private Question() {}

  /** Returns whether the answer was yes; no where nobody can be asked. */
  static boolean isAnsweredYes(String question, PrintWriter err) throws IOException {
    if (!Boolean.getBoolean(POSSIBLE)) {
      return false;
    }
    err.print(question);
    err.flush();
    String answer = line().strip().toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }

  /** Reads no byte beyond the line. */
  private static String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }
}
