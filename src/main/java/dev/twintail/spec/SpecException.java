package dev.twintail.spec;

import java.util.List;

/**
 * A spec cannot be read. The message has one line for each problem, in order of file and line, such
 * as {@code pipelines/a.yaml:12: unknown field 'epocs' in training; did you mean 'epochs'?}.
 */
public final class SpecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How many problems a message shows; those that follow from others only hide them. */
  static final int SHOWN = 10;

  private final transient List<Problem> problems;

  /** One thing that is wrong, and where. */
  public record Problem(Position at, String message) {
    /** Returns {@code file:line: message}. */
    @Override
    public String toString() {
      return at + ": " + message;
    }
  }

  SpecException(List<Problem> problems) {
    super(lines(problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns all problems, in order of file and line; at least one. */
  public List<Problem> problems() {
    return problems;
  }

  private static String lines(List<Problem> problems) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < Math.min(problems.size(), SHOWN); i++) {
      lines.append(i == 0 ? "" : "\n").append(problems.get(i));
    }
    if (problems.size() > SHOWN) {
      lines.append("\n… and ").append(problems.size() - SHOWN).append(" more");
    }
    return lines.toString();
  }
}
