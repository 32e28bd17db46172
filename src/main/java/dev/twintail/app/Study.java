package dev.twintail.app;

import dev.twintail.blob.Blob;
import dev.twintail.check.Verdicts;
import dev.twintail.pipeline.Untrainable;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.spec.SpecText;
import dev.twintail.spec.SweepSpec;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An experiment in a file, which part of it is meant, and what computes it. Immutable. */
public final class Study {
  /** How many rounds a study can have. */
  public static final int MOST_ROUNDS = 10_000;

  private final Path named;
  private final Path file;
  private final ExperimentReader.ExperimentSource source;
  private final List<String> only;
  private final OptionalInt rounds;
  private final Engine engine;
  private final Experiment experiment;

  private Study(
      Path named,
      Path file,
      ExperimentReader.ExperimentSource source,
      List<String> only,
      OptionalInt rounds,
      Engine engine) {
    this.named = named;
    this.file = file;
    this.source = source;
    this.only = List.copyOf(only);
    this.rounds = rounds;
    this.engine = engine;
    this.experiment = part(source.experiment(), only, rounds);
  }

  private static Experiment part(Experiment whole, List<String> only, OptionalInt rounds) {
    Experiment part = only.isEmpty() ? whole : whole.only(only);
    return rounds.isPresent() ? part.withRounds(rounds.getAsInt()) : part;
  }

  /** What a study is made of, as text: what another machine needs to have it, too. */
  record StudySettings(SpecText text, List<String> only, int rounds, Engine engine)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    Experiment experiment() {
      return part(
          ExperimentReader.read(text),
          only,
          rounds == 0 ? OptionalInt.empty() : OptionalInt.of(rounds));
    }
  }

  /**
   * Returns the files that it is written in, by their names without folders; its own as NAME.yaml.
   */
  SortedMap<String, Blob> texts() {
    SortedMap<String, Blob> texts = new TreeMap<>();
    source
        .text()
        .files()
        .forEach(
            (path, text) ->
                texts.put(
                    path.equals(source.text().main())
                        ? experiment.name() + ".yaml"
                        : String.valueOf(Path.of(path).getFileName()),
                    Blob.of(text.getBytes(StandardCharsets.UTF_8))));
    return texts;
  }

  StudySettings recipe() {
    return new StudySettings(source.text(), only, rounds.orElse(0), engine);
  }

  /**
   * Reads an experiment.
   *
   * @param spec a YAML file, or the name of one in {@code pipelines/}, such as {@code vieli2021}
   * @throws RequestException if there is none
   * @throws dev.twintail.spec.SpecException telling all that is wrong with it
   */
  public static Study read(Path spec) {
    return of(spec, Installation.spec(spec));
  }

  private static Study of(Path named, Path file) {
    return new Study(
        named,
        file,
        ExperimentReader.readWithText(file),
        List.of(),
        OptionalInt.empty(),
        Engine.BLAS);
  }

  /**
   * Returns these models of it alone; all, if none is named.
   *
   * @param models names or globs, in any case, as {@link Patterns} has them
   * @throws dev.twintail.spec.UnknownModelException if it has no such model
   */
  public Study only(List<String> models) {
    List<String> all = source.experiment().rows().stream().map(Experiment.Entrant::name).toList();
    List<String> chosen = new ArrayList<>();
    for (String model : Patterns.split(models)) {
      List<String> meant = all.contains(model) ? List.of(model) : Patterns.matching(model, all);
      if (meant.isEmpty() && Patterns.isGlob(model)) {
        throw new RequestException(
            "Cannot find a model '%s' in %s; known: %s"
                .formatted(model, source.experiment().name(), String.join(", ", all)));
      }
      chosen.addAll(meant.isEmpty() ? List.of(model) : meant);
    }
    return new Study(named, file, source, chosen.stream().distinct().toList(), rounds, engine);
  }

  /**
   * Returns the first rounds of it, or more than the spec says.
   *
   * @param number 1 to {@value #MOST_ROUNDS}
   */
  public Study rounds(int number) {
    if (number < 1 || number > MOST_ROUNDS) {
      throw new RequestException("Cannot have " + number + " rounds: expected 1 to " + MOST_ROUNDS);
    }
    return new Study(named, file, source, only, OptionalInt.of(number), engine);
  }

  /** Returns the same with another engine. */
  public Study by(Engine other) {
    return new Study(named, file, source, only, rounds, other);
  }

  /**
   * Returns the same part of another spec, such as the protocol as run, as far as it has those
   * models; empty if it has none of them.
   *
   * @param spec a YAML file, or the name of one in {@code pipelines/}
   * @throws RequestException if there is no such spec
   */
  public Optional<Study> like(Path spec) {
    Path other = Installation.spec(spec);
    Study study = of(other, other);
    List<String> names =
        study.source.experiment().rows().stream().map(Experiment.Entrant::name).toList();
    List<String> common = only.stream().filter(names::contains).toList();
    return common.isEmpty() && !only.isEmpty()
        ? Optional.empty()
        : Optional.of(new Study(nameOf(other), other, study.source, common, rounds, engine));
  }

  /** Returns a name of the other file that is like the user's of this one. */
  private Path nameOf(Path other) {
    return other.equals(asRunFile()) && file.toString().endsWith(".yaml")
        ? named.resolveSibling(
            String.valueOf(named.getFileName()).replaceFirst("(\\.yaml)?$", "-as-run$1"))
        : other;
  }

  /** Returns the experiment, cut to the part that is meant. */
  public Experiment experiment() {
    return experiment;
  }

  /** Returns the spec's file. */
  public Path file() {
    return file;
  }

  /** Returns whether only some models or another number of rounds are meant. */
  public boolean isPart() {
    return !only.isEmpty() || rounds.isPresent();
  }

  /** Returns the numeric environment in which it is computed here. */
  public Map<String, String> environment() {
    return engine.environment();
  }

  /** Returns how many rounds there are where not another number is asked for. */
  public int roundsOfWhole() {
    return source.experiment().rounds();
  }

  /**
   * Returns a model, meant or searched, that has several tables, and in all but the first one other
   * rounds than in the whole: the tables have another number of them, and those of a table share
   * something.
   */
  public Optional<ModelSpec> renumbered() {
    if (experiment.rounds() == source.experiment().rounds()) {
      return Optional.empty();
    }
    Stream<String> searched = experiment.sweeps().stream().map(SweepSpec::model);
    Set<String> meant =
        Stream.concat(experiment.models().stream().map(ModelSpec::name), searched)
            .collect(Collectors.toSet());
    return source.experiment().models().stream()
        .filter(model -> meant.contains(model.name()) && model.protocol().tables() > 1)
        .filter(model -> model.protocol().shared() != SharedAcrossRounds.NOTHING)
        .findFirst();
  }

  /** Returns where its lock file is: beside the spec; each engine has its own. */
  public Path lockFile() {
    return engine.own(beside(LockFile.SUFFIX));
  }

  /** Returns where the verdicts that are expected are: beside the spec; each engine has its own. */
  public Path verdictFile() {
    return engine.own(beside(Verdicts.SUFFIX));
  }

  private Path beside(String suffix) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + suffix);
  }

  /** Returns where the authors' protocol is: beside the spec, as {@code NAME-as-run.yaml}. */
  public Path asRunFile() {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.replaceFirst("\\.yaml$", "") + "-as-run.yaml");
  }

  /** Returns how the user named the spec. */
  public String name() {
    return named.toString();
  }

  /**
   * Returns the title of its tables, such as {@code vieli2021, 10 rounds}, or {@code 10 rounds in
   * each of 20 tables}.
   */
  public String title() {
    int number = experiment.rounds();
    String rounds = experiment.name() + ", " + number + (number == 1 ? " round" : " rounds");
    IntSummaryStatistics tables =
        experiment.models().stream()
            .mapToInt(model -> model.protocol().tables())
            .summaryStatistics();
    if (tables.getMax() <= 1) {
      return rounds;
    }
    String most = tables.getMin() == tables.getMax() ? "" : "up to ";
    return rounds + " in each of " + most + tables.getMax() + " tables";
  }

  /** Returns what names this part of it in a command, the spec as the user named it. */
  public String asNamed() {
    return ShellWord.quoted(named.toString()) + cut(only);
  }

  /** Returns what names the whole of it in a command, the spec as the user named it. */
  public String wholeAsNamed() {
    return ShellWord.quoted(named.toString()) + by();
  }

  /** Returns what names this part of it in a command, whatever folder the spec is in. */
  String arguments() {
    boolean ours =
        Installation.pipelines().normalize().equals(file.toAbsolutePath().normalize().getParent());
    String name = String.valueOf(file.getFileName());
    return ShellWord.quoted(ours ? name.replaceFirst("\\.yaml$", "") : name)
        + cut(experiment.rows().stream().map(Experiment.Entrant::name).toList());
  }

  private String cut(List<String> models) {
    return (only.isEmpty() ? "" : " --only " + String.join(",", models))
        + (rounds.isPresent() ? " --rounds " + rounds.getAsInt() : "")
        + by();
  }

  private String by() {
    return engine == Engine.BLAS ? "" : " --engine " + engine.word();
  }

  /** Returns the models that the engine cannot train, of those that are pending. */
  public List<Untrainable> untrainable(Plan plan) {
    return Untrainable.of(plan, engine.trainer(note -> {}));
  }

  Engine engine() {
    return engine;
  }

  Preimages preimages() {
    return Preimages.of(engine.trainer(note -> {}));
  }
}
