package dev.twintail.cli;

import dev.twintail.app.DigitFolder;
import dev.twintail.json.JsonObject;
import dev.twintail.spec.DigitsSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code digits}: pins own data. */
@Command(
    name = "digits",
    sortOptions = false,
    description = {
      "Writes the file that pins a data set of yours: names, sizes and SHA-256.",
      "An experiment names that file as data.digits; docs/specs.md has an example."
    },
    footer = {
      "twintail digits ~/fashion                    the file, on the screen",
      "twintail digits ~/fashion -o pipelines/fashion-mnist.yaml",
    })
final class DigitsCommand extends ProgramCommand {
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
      json.print(json(digits));
    } else {
      output.writeAsIs(text, out());
    }
    return ExitCode.OK;
  }

  private static JsonObject json(DigitsSpec digits) {
    return new JsonObject()
        .put("name", digits.name())
        .put("classes", digits.classes())
        .put("height", digits.height())
        .put("width", digits.width())
        .put(
            "files",
            List.of(
                json("train-images", digits.trainImages()),
                json("train-labels", digits.trainLabels()),
                json("test-images", digits.testImages()),
                json("test-labels", digits.testLabels())));
  }

  private static JsonObject json(String role, DigitsSpec.IdxFile file) {
    return new JsonObject()
        .put("role", role)
        .put("file", file.file())
        .put("bytes", file.bytes())
        .put("sha256", file.sha256());
  }
}
