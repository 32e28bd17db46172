package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.Study;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      description = "The first N rounds, or more than the spec says.")
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

  /** Returns the experiment, cut as the options say. */
  Study read() {
    return part(Study.read(spec).by(engine), only, rounds);
  }

  static Study part(Study study, List<String> only, @Nullable Integer rounds) {
    if (rounds != null && (rounds < 1 || rounds > Study.MOST_ROUNDS)) {
      throw new UsageException(
          "Cannot have " + rounds + " rounds: --rounds needs 1 to " + Study.MOST_ROUNDS);
    }
    return rounds == null ? study.only(only) : study.only(only).rounds(rounds);
  }
}
