package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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

  /** What a command has to say: fields of an object that is begun. */
  @FunctionalInterface
  interface JsonBody {
    void write(JsonGenerator json) throws IOException;
  }

  boolean isGiven() {
    return given;
  }

  /** Prints the object of the command. */
  void print(JsonBody fields) throws IOException {
    print(command.name(), fields, command.commandLine().getOut());
  }

  /** Prints the object of a command. */
  static void print(String name, JsonBody fields, PrintWriter out) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("schema", SCHEMA);
      json.writeStringField("command", name);
      fields.write(json);
      json.writeEndObject();
    }
    out.println(text);
    out.flush();
  }

  /** Tells a program that waits for an object why there is no other. */
  void printFailure(int exitCode, String message) {
    printFailure(command.commandLine(), exitCode, message);
  }

  /** Tells a program that waits for an object of a command why there is no other. */
  static void printFailure(CommandLine command, int exitCode, String message) {
    OptionSpec option = command.getCommandSpec().findOption(NAME);
    if (option == null || !Boolean.TRUE.equals(option.getValue())) {
      return;
    }
    try {
      print(
          command.getCommandName(),
          json -> {
            json.writeObjectFieldStart("error");
            json.writeNumberField("exitCode", exitCode);
            json.writeStringField("message", message);
            json.writeEndObject();
          },
          command.getOut());
    } catch (IOException e) {
      throw new IllegalStateException("A text in memory cannot fail", e);
    }
  }

  /** Writes a list of texts. */
  static void array(String field, Iterable<String> texts, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
