package dev.twintail.app;

import dev.twintail.action.ActionName;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.stage.StageName;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The artifacts of an experiment under names for people, such as {@code
 * weights/ConvTail/round-03/weights.safetensors}.
 */
public final class Catalogue {
  private final SortedMap<String, Digest> names = new TreeMap<>();
  private final Study study;

  /** What the store holds of the study, as its plan has it. */
  Catalogue(Plan plan, Study study) {
    this.study = study;
    for (Graph.Node node : plan.graph().nodes()) {
      plan.known(node).ifPresent(known -> add(node, known.manifest()));
    }
  }

  private void add(Graph.Node node, Manifest manifest) {
    int round = node.stage().scope().round().orElse(0); // Not asked for where there is none.
    StageName stage = node.stage().name();
    // Some are for all models, and come once.
    for (ActionName action : node.names()) {
      String folder = folder(stage, place(action), round);
      manifest.outputs().forEach((name, digest) -> names.put(folder + name, digest));
    }
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
      String plain = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
      PathMatcher matcher = Patterns.matcher(plain);
      int before = found.size();
      names.forEach(
          (name, digest) -> {
            if (name.equals(plain) || name.startsWith(plain + "/") || matches(matcher, name)) {
              found.put(name, digest);
            }
          });
      if (found.size() == before) {
        throw new NoResultsException("Cannot find '" + pattern + "' in the store", remedy());
      }
    }
    return found;
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
