package dev.twintail.spec;

import java.util.List;
import java.util.stream.Collectors;

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
    String shown =
        problems.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("\n"));
    int more = problems.size() - SHOWN;
    return more > 0 ? shown + "\n… and " + more + " more" : shown;
  }
}
