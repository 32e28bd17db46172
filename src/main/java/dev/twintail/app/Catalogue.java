package dev.twintail.app;

import dev.twintail.action.ActionName;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.stage.StageName;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    Map<StageName, Set<String>> outputs = new EnumMap<>(StageName.class);
    for (Graph.Node node : plan.graph().nodes()) {
      Optional<Manifest> manifest = plan.known(node).map(Plan.KnownResult::manifest);
      if (manifest.isPresent()) {
        outputs.putIfAbsent(node.stage().name(), manifest.get().outputs().keySet());
        for (String folder : folders(node)) {
          manifest.get().outputs().forEach((name, digest) -> names.put(folder + name, digest));
        }
      }
    }
    for (Graph.Node node : plan.pending()) {
      // All actions of a stage put out files of the same names; with none done they are not known.
      Set<String> files = outputs.getOrDefault(node.stage().name(), Set.of("…"));
      folders(node).forEach(folder -> files.forEach(file -> pending.add(folder + file)));
    }
    if (plan.graph().results().isEmpty()) { // A sweep is not decided yet.
      pending.add(StageName.RESULTS.folder() + "…");
    }
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
   * @throws NoResultsException if one of them names nothing
   */
  public SortedMap<String, Digest> matching(List<String> patterns) {
    SortedMap<String, Digest> found = new TreeMap<>();
    for (String pattern : Patterns.split(patterns)) {
      Predicate<String> meant = meant(pattern);
      int before = found.size();
      names.forEach(
          (name, digest) -> {
            if (meant.test(name)) {
              found.put(name, digest);
            }
          });
      if (found.size() == before) {
        throw new NoResultsException("Cannot find '" + pattern + "' in the store", remedy());
      }
    }
    return found;
  }

  /**
   * Returns the artifacts that the patterns name and that are not there yet, as far as their names
   * are known; {@code …} stands for those of a folder of which nothing is.
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
    return first.startsWith("**")
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
