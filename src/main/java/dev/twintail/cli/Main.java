package dev.twintail.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Beam's threads linger after a failure; nothing of value is lost by not waiting for them.
    System.exit(
        run(
            args,
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
  }

  /** Runs one command and returns its exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    Failures failures = new Failures(err);
    CommandLine commands =
        new CommandLine(new Twintail())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(failures)
            .setParameterExceptionHandler(failures);
    try {
      return commands.execute(args);
    } catch (Error e) { // Such as OutOfMemoryError; picocli passes it on.
      return failures.handleError(e, commands);
    }
  }
}
