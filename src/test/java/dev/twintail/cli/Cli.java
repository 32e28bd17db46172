package dev.twintail.cli;

import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

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

  /** Runs the tiny experiment with the fixture's digits. */
  static Result runTiny(Path store) {
    return run("run", TinyExperiment.spec(), "--data", MnistFixture.folder(), "--store", store);
  }
}
