package dev.twintail.app;

import dev.twintail.action.ActionName;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.SweepSpec;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.SelectSetting;
import dev.twintail.stage.StageName;
import dev.twintail.stage.TrainSiamese;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The artifacts of an experiment under names for people, such as {@code
 * weights/ConvTail/round-03/weights.safetensors}.
 */
public final class Catalogue {
  private final SortedMap<String, Digest> names = new TreeMap<>();
  private final SortedSet<String> pending = new TreeSet<>();
  private final Study study;

  /** What the store holds of the study, as its plan has it. */
  Catalogue(Plan plan, Study study) {
    this.study = study;
    for (Graph.Node node : plan.graph().nodes()) {
      Optional<Manifest> manifest = plan.known(node).map(Plan.KnownResult::manifest);
      for (String folder : folders(node)) {
        if (manifest.isPresent()) {
          manifest.get().outputs().forEach((name, digest) -> names.put(folder + name, digest));
        } else {
          node.stage().outputs().forEach(name -> pending.add(folder + name));
        }
      }
    }
    if (plan.graph().results().isEmpty()) {
      addUndecided(plan.graph().choices());
    }
  }

  /** Adds what the graph has only when the sweeps' next steps are decided. */
  private void addUndecided(Choices choices) {
    Experiment experiment = study.experiment();
    for (SweepSpec sweep : experiment.sweeps()) {
      int decided = choices.count(sweep.name());
      for (int step = decided + 1; step < sweep.steps().size(); step++) {
        ActionName select = ActionName.ofStep(StageName.SELECT.label(), sweep.name(), step + 1);
        pending.add(folder(StageName.SELECT, place(select), 0) + SelectSetting.TRIALS);
        for (int i = 0; i < sweep.steps().get(step).size(); i++) {
          addModel(Graph.trial(sweep, step, i), sweep.rounds());
        }
      }
      if (decided < sweep.steps().size()) {
        experiment.chosenBy(sweep.name()).forEach(name -> addModel(name, experiment.rounds()));
      }
    }
    CollectResults.OF_SEARCHES.forEach(name -> pending.add(StageName.RESULTS.folder() + name));
  }

  private void addModel(String who, int rounds) {
    for (int round = 1; round <= rounds; round++) {
      addRound(StageName.TRAIN_SIAMESE, who, round, TrainSiamese.OUTPUTS);
      addRound(StageName.EVALUATE, who, round, Evaluate.OUTPUTS);
    }
  }

  private void addRound(StageName stage, String who, int round, Set<String> outputs) {
    String folder = folder(stage, place(ActionName.ofRound(stage.label(), who, round)), round);
    outputs.forEach(name -> pending.add(folder + name));
  }

  /** Returns the folders of an action's artifacts: some are for all models, and come once. */
  private static List<String> folders(Graph.Node node) {
    int round = node.stage().scope().round().orElse(0); // Not asked for where there is none.
    return node.names().stream()
        .map(action -> folder(node.stage().name(), place(action), round))
        .distinct()
        .toList();
  }

  /** Returns the model; of a search, which trial or step, since each has artifacts of its own. */
  private static String place(ActionName action) {
    if (action.part().isEmpty()) {
      return "";
    }
    ActionName.NamePart part = action.part().get();
    return part instanceof ActionName.NamePart.StepPart
        ? part.of() + "/step-" + part.number()
        : part.of().replace(":", "/trial-");
  }

  /** Returns the folder of what a stage put out; models and rounds do not count for some stages. */
  static String folder(StageName stage, String model, int round) {
    return stage
        .folder()
        .replace("{round}", String.format(Locale.ROOT, "round-%02d", round))
        .replace("{model}", model);
  }

  /**
   * Returns the artifacts that a pattern names: a name, a folder, or a glob of either, in which
   * {@code *} stays within a folder and {@code **} does not.
   *
   * @throws NoResultsException if one of them names nothing, or if all that they name is pending
   */
  public SortedMap<String, Digest> matching(List<String> patterns) {
    SortedMap<String, Digest> found = new TreeMap<>();
    List<String> all = Patterns.split(patterns);
    for (String pattern : all) {
      Predicate<String> meant = meant(pattern);
      List<String> these = names.keySet().stream().filter(meant).toList();
      these.forEach(name -> found.put(name, names.get(name)));
      if (these.isEmpty() && pending.stream().noneMatch(meant)) {
        throw new NoResultsException("Cannot find '" + pattern + "' in the store", remedy());
      }
    }
    if (found.isEmpty() && !all.isEmpty()) {
      throw new NoResultsException(
          "Cannot find '" + all.get(0) + "' in the store",
          names.isEmpty() ? remedy() : new Remedy.RunExperiment(study.asNamed()));
    }
    return found;
  }

  /**
   * Returns the artifacts that the patterns name and that are not there yet. As long as a search is
   * undecided, these are not all: what its models pretrain is not known.
   */
  public NavigableSet<String> pending(List<String> patterns) {
    NavigableSet<String> found = new TreeSet<>();
    for (String pattern : Patterns.split(patterns)) {
      Predicate<String> meant = meant(pattern);
      pending.stream().filter(meant).forEach(found::add);
    }
    return found;
  }

  private static Predicate<String> meant(String pattern) {
    String plain = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
    PathMatcher matcher = Patterns.matcher(plain);
    return name -> name.equals(plain) || name.startsWith(plain + "/") || matches(matcher, name);
  }

  /** Returns whether the pattern may name one of the results. */
  static boolean mayNameResults(String pattern) {
    String first = pattern.split("/", 2)[0];
    boolean cut = first.contains("{") && !first.contains("}"); // A slash in an alternative.
    return cut
        || first.startsWith("**")
        || Patterns.matcher(first).matches(Path.of(StageName.RESULTS.folder()));
  }

  /** Returns what to do when the artifact that was asked for is not there. */
  public Remedy remedy() {
    return names.isEmpty()
        ? new Remedy.RunFirst(study.asNamed())
        : new Remedy.ListArtifacts(study.asNamed());
  }

  /** Returns whether a pattern means the artifact or one of the folders that it is in. */
  private static boolean matches(PathMatcher matcher, String name) {
    for (Path path = Path.of(name); path != null; path = path.getParent()) {
      if (matcher.matches(path)) {
        return true;
      }
    }
    return false;
  }

  /** Returns all of them. */
  public SortedMap<String, Digest> all() {
    return names;
  }
}
