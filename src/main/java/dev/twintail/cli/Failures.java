package dev.twintail.cli;

import dev.twintail.action.NonReproducibleException;
import dev.twintail.app.NoResultsException;
import dev.twintail.app.RequestException;
import dev.twintail.data.DigitsUnavailableException;
import dev.twintail.pipeline.UntrainableException;
import dev.twintail.spec.SpecException;
import dev.twintail.spec.UnknownModelException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what goes wrong into a short message on stderr and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final PrintWriter err;

  Failures(PrintWriter err) {
    this.err = err;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    err.println("twintail: " + message(e, command));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCode.USAGE;
  }

  /** In picocli's words an unknown command is an "unmatched argument at index 0". */
  private static String message(ParameterException e, CommandLine command) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      String what = command.getSubcommands().isEmpty() ? "Unexpected argument" : "Unknown command";
      return what + ": '" + unmatched.getUnmatched().get(0) + "'";
    }
    return String.valueOf(e.getMessage());
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (Twintail.debug(command)) {
      e.printStackTrace(err);
    }
    int code = code(e);
    String message = e.getMessage();
    if (code == ExitCode.INTERNAL) {
      err.println("twintail: " + unforeseen(e));
    } else if (code == ExitCode.INTERRUPTED) {
      err.println("twintail: interrupted; what was finished is kept: run again to go on");
    } else {
      err.println((e instanceof SpecException ? "" : "twintail: ") + message + Advice.after(e));
    }
    return code;
  }

  /** Tells of what no command can handle. */
  int handleError(Error e, CommandLine root) {
    if (Twintail.debug(root)) {
      e.printStackTrace(err);
    }
    err.println("twintail: " + unforeseen(e));
    return ExitCode.INTERNAL;
  }

  private static String unforeseen(Throwable e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage() + " (--debug shows more)";
  }

  private static int code(Exception e) {
    if (e instanceof RequestException
        || e instanceof UnknownModelException
        || e instanceof UntrainableException) {
      return ExitCode.USAGE;
    }
    if (e instanceof SpecException) {
      return ExitCode.SPEC;
    }
    if (e instanceof NonReproducibleException) {
      return ExitCode.NOT_REPRODUCED;
    }
    if (e instanceof DigitsUnavailableException) {
      return ExitCode.NO_DATA;
    }
    if (e instanceof IOException) {
      return ExitCode.STORE;
    }
    if (e instanceof NoResultsException) {
      return ExitCode.NO_RESULTS;
    }
    return e instanceof InterruptedException ? ExitCode.INTERRUPTED : ExitCode.INTERNAL;
  }
}
