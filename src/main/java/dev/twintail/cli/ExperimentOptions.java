package dev.twintail.cli;

import dev.twintail.check.Verdicts;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import dev.twintail.model.dl4j.Dl4jTrainer;
import dev.twintail.plan.LockFile;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which part of which experiment, and what computes it. */
final class ExperimentOptions {
  /** What trains and predicts; each has action keys of its own. */
  enum Engine {
    BLAS,
    DL4J
  }

  private static final int MOST_ROUNDS = 10_000;

  @Parameters(
      index = "0",
      paramLabel = "SPEC",
      description = "The experiment: a YAML file, or the name of one in pipelines/.")
  private Path spec;

  @Option(
      names = "--only",
      paramLabel = "MODEL",
      split = ",",
      description = "Only these models; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "The first N rounds, or more than the spec says.")
  private @Nullable Integer rounds;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = "blas",
      description =
          "What computes: blas (default), or dl4j, an independent and slower implementation by"
              + " Deeplearning4j, with results of its own.")
  private Engine engine = Engine.BLAS;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  ExperimentOptions() {}

  /** Returns the experiment, cut as the options say. */
  Experiment read() {
    return cut(ExperimentReader.read(file()), only);
  }

  /**
   * Returns the experiment of another protocol, cut likewise as far as it has those models; empty
   * if it has none of them.
   */
  Optional<Experiment> readLike(Path file) {
    Experiment other = ExperimentReader.read(file);
    List<String> names = other.rows().stream().map(Experiment.Row::name).toList();
    List<String> common = only.stream().filter(names::contains).toList();
    return common.isEmpty() && !only.isEmpty() ? Optional.empty() : Optional.of(cut(other, common));
  }

  private Experiment cut(Experiment whole, List<String> models) {
    if (rounds != null && (rounds < 1 || rounds > MOST_ROUNDS)) {
      throw new UsageException(
          "Cannot have " + rounds + " rounds: --rounds needs 1 to " + MOST_ROUNDS);
    }
    Experiment experiment = models.isEmpty() ? whole : whole.only(models);
    return rounds == null ? experiment : experiment.withRounds(rounds);
  }

  /** Returns the spec's file. */
  Path file() {
    if (Files.exists(spec)) {
      return spec;
    }
    if (spec.getNameCount() > 1 || spec.toString().endsWith(".yaml")) {
      throw new UsageException("Cannot find the experiment " + spec + ": no such file");
    }
    Path named = Home.folder().resolve("pipelines").resolve(spec + ".yaml");
    if (!Files.exists(named)) {
      throw new UsageException(
          "Cannot find the experiment '" + spec + "': no such file, and no " + named);
    }
    return named;
  }

  /** Returns whether only some models or another number of rounds is asked for. */
  boolean isPart() {
    return !only.isEmpty() || rounds != null;
  }

  /** Returns where the experiment's lock file is: beside the spec; each engine has its own. */
  Path lock() {
    return ofEngine(LockFile.beside(file()));
  }

  /** Returns where the verdicts that are expected are: beside the spec; each engine has its own. */
  Path verdicts() {
    return ofEngine(Verdicts.beside(file()));
  }

  private Path ofEngine(Path file) {
    return engine == Engine.BLAS ? file : file.resolveSibling("dl4j-" + file.getFileName());
  }

  Trainer trainer() {
    return engine == Engine.DL4J ? new Dl4jTrainer() : new BlasTrainer();
  }

  /**
   * Returns what names this part of an experiment in a command, whatever folder its spec is in.
   *
   * @param file the spec, or another one of which the same part is meant
   * @param part what was read of it, cut as the options say
   */
  String arguments(Path file, Experiment part) {
    Path pipelines = Home.folder().resolve("pipelines").normalize();
    String name = String.valueOf(file.getFileName());
    boolean ours = pipelines.equals(file.toAbsolutePath().normalize().getParent());
    List<String> models = part.rows().stream().map(Experiment.Row::name).toList();
    return (ours ? name.replaceFirst("\\.yaml$", "") : name) + cut(models);
  }

  /** Returns what names this part of an experiment in a command, the spec as the user named it. */
  String asNamed() {
    return spec + cut(only);
  }

  private String cut(List<String> models) {
    StringBuilder text = new StringBuilder();
    if (!only.isEmpty()) {
      text.append(" --only ").append(String.join(",", models));
    }
    if (rounds != null) {
      text.append(" --rounds ").append(rounds);
    }
    if (engine != Engine.BLAS) {
      text.append(" --engine ").append(engine.name().toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }

  /** Returns how the user named the spec. */
  String name() {
    return spec.toString();
  }
}
