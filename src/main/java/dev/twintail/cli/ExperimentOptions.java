package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.Study;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which part of which experiment, and what computes it. */
final class ExperimentOptions {
  @Parameters(
      index = "0",
      paramLabel = "SPEC",
      description = "The experiment: a YAML file, or the name of one in pipelines/.")
  private Path spec;

  @Option(
      names = "--only",
      paramLabel = "MODEL",
      description = "Only these models: names or globs, with commas; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "The first N rounds, or more than the spec says; of each table, if there are several.")
  private @Nullable Integer rounds;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      completionCandidates = Words.Engines.class,
      defaultValue = "blas",
      description =
          "What computes: blas (default), or dl4j, an independent and slower implementation by"
              + " Deeplearning4j, with results of its own.")
  private Engine engine = Engine.BLAS;

  /** What is read ahead: the experiment that the first argument of the command names. */
  private record Ahead(String named, FutureTask<Study> study) {}

  private @Nullable Ahead ahead;

  /**
   * Begins to read the experiment, if it comes first, in a thread of its own: setting up the
   * command line takes as long as that.
   *
   * @param arguments of the program
   */
  void readAhead(String[] arguments) {
    if (arguments.length > 1 && !arguments[1].startsWith("-")) {
      String named = arguments[1];
      ahead = new Ahead(named, new FutureTask<>(() -> Study.read(Path.of(named))));
      Thread reader = new Thread(ahead.study(), "spec");
      reader.setDaemon(true);
      reader.start();
    }
  }

  /** Returns the experiment, cut as the options say. */
  Study read() throws InterruptedException {
    return part(whole().by(engine), only, rounds);
  }

  /** No file is read twice: it may be a pipe. */
  private Study whole() throws InterruptedException {
    if (ahead == null || !ahead.named().equals(spec.toString())) {
      return Study.read(spec);
    }
    try {
      return ahead.study().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e);
    }
  }

  static Study part(Study study, List<String> only, @Nullable Integer rounds) {
    if (rounds != null && (rounds < 1 || rounds > Study.MOST_ROUNDS)) {
      throw new UsageException(
          "Cannot have " + rounds + " rounds: --rounds needs 1 to " + Study.MOST_ROUNDS);
    }
    return rounds == null ? study.only(only) : study.only(only).rounds(rounds);
  }
}
