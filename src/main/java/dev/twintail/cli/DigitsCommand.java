package dev.twintail.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.app.DigitFolder;
import dev.twintail.spec.DigitsSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code digits}: pins own data. */
@Command(
    name = "digits",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = {
      "Writes the file that pins a data set of yours: names, sizes and SHA-256.",
      "An experiment names that file as data.digits; docs/specs.md has an example."
    },
    footer = {
      "twintail digits ~/fashion                    the file, on the screen",
      "twintail digits ~/fashion -o pipelines/fashion-mnist.yaml",
    })
final class DigitsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private JsonOption json;
  @Mixin private OutputOption output;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description =
          "A folder with four IDX files, raw or .gz: images and labels with 'train' in their names,"
              + " and with 't10k' or 'test'.")
  private Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the data set is called. Default: the folder's name.")
  private @Nullable String name;

  @Override
  public Integer call() throws IOException {
    DigitsSpec digits = DigitFolder.read(folder, Optional.ofNullable(name));
    String text = DigitFolder.text(digits);
    if (json.isGiven()) {
      output.keep(text);
      json.print(fields -> write(digits, fields));
    } else {
      output.writeAsIs(text, command.commandLine().getOut());
    }
    return ExitCode.OK;
  }

  private static void write(DigitsSpec digits, JsonGenerator json) throws IOException {
    json.writeStringField("name", digits.name());
    json.writeNumberField("classes", digits.classes());
    json.writeNumberField("height", digits.height());
    json.writeNumberField("width", digits.width());
    json.writeArrayFieldStart("files");
    write("train-images", digits.trainImages(), json);
    write("train-labels", digits.trainLabels(), json);
    write("test-images", digits.testImages(), json);
    write("test-labels", digits.testLabels(), json);
    json.writeEndArray();
  }

  private static void write(String role, DigitsSpec.IdxFile file, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("role", role);
    json.writeStringField("file", file.file());
    json.writeNumberField("bytes", file.bytes());
    json.writeStringField("sha256", file.sha256());
    json.writeEndObject();
  }
}
