package dev.twintail.cli;

import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs commands inside this JVM. */
final class Cli {
  /** What a command left behind. */
  record Result(int exitCode, String out, String err) {
    List<String> errLines() {
      return err.lines().toList();
    }
  }

  private Cli() {}

  static Result run(Object... arguments) {
    String[] strings = new String[arguments.length];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(strings, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Result(exitCode, out.toString(), err.toString());
  }

  /** Runs a command with more arguments. */
  static Result runWith(List<?> command, Object... more) {
    return run(Stream.concat(command.stream(), Stream.of(more)).toArray());
  }

  /** Runs an experiment with the fixture's digits. */
  static Result runOn(Path spec, Path store, Object... more) {
    return runWith(
        List.of("run", spec, "--data", MnistFixture.folder(), "--create", "--store", store), more);
  }

  /** Makes a store that holds nothing. */
  static Path emptyStore(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("cas"));
    return folder;
  }

  /** Runs the tiny experiment. */
  static Result runTiny(Path store) {
    return runOn(TinyExperiment.spec(), store);
  }
}
