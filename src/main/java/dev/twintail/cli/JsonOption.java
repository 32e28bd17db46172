package dev.twintail.cli;

import dev.twintail.json.JsonObject;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Whether a command speaks to programs: one JSON object on the standard output, which says what it
 * is of, then what the command has to say, or why it failed. {@code docs/json.md} describes it.
 */
final class JsonOption {
  /** Raised when a field is removed or means something else. */
  private static final int SCHEMA = 3;

  private static final String NAME = "--json";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = NAME, order = 90, description = "Print one JSON object; see docs/json.md.")
  private boolean given;

  boolean isGiven() {
    return given;
  }

  /** Prints the object of the command, which has these fields. */
  void print(JsonObject fields) {
    print(command.name(), fields, command.commandLine().getOut());
  }

  /** Prints the object of a command, which has these fields. */
  static void print(String name, JsonObject fields, PrintWriter out) {
    out.println(new JsonObject().put("schema", SCHEMA).put("command", name).putAll(fields).text());
    out.flush();
  }

  /** Tells a program that waits for an object of a command why there is no other. */
  static void printFailure(CommandLine command, int exitCode, String message) {
    OptionSpec option = command.getCommandSpec().findOption(NAME);
    if (option != null && Boolean.TRUE.equals(option.getValue())) {
      JsonObject error = new JsonObject().put("exitCode", exitCode).put("message", message);
      print(command.getCommandName(), new JsonObject().put("error", error), command.getOut());
    }
  }
}
