package dev.twintail.cli;

import dev.twintail.action.NonReproducibleException;
import dev.twintail.app.NoResultsException;
import dev.twintail.app.RequestException;
import dev.twintail.data.DigitsUnavailableException;
import dev.twintail.pipeline.FailedActionsException;
import dev.twintail.pipeline.RunnerException;
import dev.twintail.pipeline.UntrainableException;
import dev.twintail.plan.NotEnoughMemoryException;
import dev.twintail.spec.Hint;
import dev.twintail.spec.SpecException;
import dev.twintail.spec.UnknownModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what goes wrong into a short message on stderr and an exit code. */
final class FailureHandler implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final PrintWriter err;

  FailureHandler(PrintWriter err) {
    this.err = err;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    err.println("twintail: " + message(e, command));
    if (isUnknownCommand(e, command)) {
      String wrong = ((UnmatchedArgumentException) e).getUnmatched().get(0);
      err.println(
          Hint.nearest(wrong, Main.names())
              .map(name -> "Did you mean: twintail " + name + "?")
              .orElse("Try 'twintail --help'."));
    } else if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCode.USAGE;
  }

  private static boolean isUnknownCommand(ParameterException e, CommandLine command) {
    return e instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !command.getSubcommands().isEmpty();
  }

  /** In picocli's words an unknown command is an "unmatched argument at index 0". */
  private static String message(ParameterException e, CommandLine command) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      String what = isUnknownCommand(e, command) ? "Unknown command" : "Unexpected argument";
      return what + ": '" + unmatched.getUnmatched().get(0) + "'";
    }
    if (e instanceof UnmatchedArgumentException unmatched) {
      // What follows an unknown option may be its value.
      return "Unknown option: '" + unmatched.getUnmatched().get(0) + "'";
    }
    return String.valueOf(e.getMessage());
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (Twintail.debug(command)) {
      e.printStackTrace(err);
    }
    if (e instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return handleExecutionException(unchecked.getCause(), command, parsed);
    }
    int code = code(e);
    String message = told(e, code, command);
    err.println((e instanceof SpecException ? "" : "twintail: ") + message);
    JsonOption.printFailure(command, code, message);
    return code;
  }

  private static String told(Exception e, int code, CommandLine command) {
    if (code == ExitCode.INTERNAL && !(e instanceof FailedActionsException)) {
      return unforeseen(e);
    }
    return code == ExitCode.INTERRUPTED
        ? "interrupted; what was finished is kept: run again to go on"
        : message(e) + Advice.after(e, Given.to(command));
  }

  /** In Java's words the failure of a file is often nothing but its name. */
  private static @Nullable String message(Exception e) {
    if (e instanceof FileSystemException failure) {
      String reason =
          failure instanceof NoSuchFileException
              ? "no such file"
              : failure instanceof AccessDeniedException
                  ? "permission denied"
                  : Objects.requireNonNullElse(failure.getReason(), "it failed");
      String remedy =
          reason.startsWith("Too many open files") ? "; raise the limit: ulimit -n 1024" : "";
      return "Cannot use " + failure.getFile() + ": " + reason + remedy;
    }
    if (e instanceof InvalidPathException invalid) {
      return "Cannot write the name '%s' in the encoding of this locale (%s); set LC_ALL=C.UTF-8"
          .formatted(invalid.getInput(), System.getProperty("sun.jnu.encoding"));
    }
    return e.getMessage();
  }

  /** Tells of what no command can handle. */
  int handleError(Error e, CommandLine root) {
    if (Twintail.debug(root)) {
      e.printStackTrace(err);
    }
    err.println("twintail: " + unforeseen(e));
    return e instanceof OutOfMemoryError ? ExitCode.MEMORY : ExitCode.INTERNAL;
  }

  private static String unforeseen(Throwable e) {
    String what = e instanceof OutOfMemoryError ? "The memory is used up" : "Something unforeseen";
    return what
        + (e.getMessage() == null ? "" : ": " + e.getMessage().lines().findFirst().orElse(""))
        + (e instanceof OutOfMemoryError ? "; " + Advice.ON_MEMORY : "")
        + " (--debug shows more)";
  }

  private static int code(Exception e) {
    if (e instanceof RequestException
        || e instanceof UnknownModelException
        || e instanceof UntrainableException
        || e instanceof RunnerException) {
      return ExitCode.USAGE;
    }
    if (e instanceof SpecException) {
      return ExitCode.SPEC;
    }
    if (e instanceof FailedActionsException failed) {
      return switch (failed.kind()) {
        case NON_REPRODUCIBLE -> ExitCode.NOT_REPRODUCED;
        case LOST_BLOB, STORE -> ExitCode.STORE;
        case OTHER -> ExitCode.INTERNAL;
      };
    }
    if (e instanceof NonReproducibleException) {
      return ExitCode.NOT_REPRODUCED;
    }
    if (e instanceof DigitsUnavailableException) {
      return ExitCode.NO_DATA;
    }
    if (e instanceof IOException || e instanceof InvalidPathException) {
      return ExitCode.STORE;
    }
    if (e instanceof NoResultsException) {
      return ExitCode.NO_RESULTS;
    }
    if (e instanceof NotEnoughMemoryException) {
      return ExitCode.MEMORY;
    }
    return e instanceof InterruptedException ? ExitCode.INTERRUPTED : ExitCode.INTERNAL;
  }
}
