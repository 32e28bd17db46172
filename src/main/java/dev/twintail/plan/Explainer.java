package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.record.RunRecord;
import dev.twintail.stage.Stage;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells why actions are pending or were executed: what their keys hold that differs from the
 * nearest key of the same stage and round that earlier runs had. Where an input's bytes changed, it
 * goes on to the action that made them, up to the first cause.
 */
public final class Explainer {
  /** How many runs are searched, newest first. */
  private static final int RUNS = 50;

  private static final String BECAUSE = ", because ";

  private final Workspace workspace;

  /** The steps of earlier runs by stage and round, newest first. */
  private final Map<String, List<RunRecord.Step>> earlier;

  private final Map<ActionKey, Optional<Preimage>> preimages = new HashMap<>();
  private final Map<ActionKey, Optional<Manifest>> manifests = new HashMap<>();

  private Explainer(Workspace workspace, Map<String, List<RunRecord.Step>> earlier) {
    this.workspace = workspace;
    this.earlier = earlier;
  }

  /** Returns an explainer that knows the runs which the store has on record now. */
  public static Explainer over(Workspace workspace) throws IOException {
    List<String> ids = workspace.runs().ids();
    Map<String, Set<RunRecord.Step>> steps = new LinkedHashMap<>();
    for (int i = ids.size() - 1; i >= Math.max(0, ids.size() - RUNS); i--) {
      try {
        workspace
            .runs()
            .find(ids.get(i))
            .ifPresent(
                run ->
                    run.steps()
                        .forEach(
                            step ->
                                steps
                                    .computeIfAbsent(
                                        where(step.stage(), step.round()),
                                        s -> new LinkedHashSet<>())
                                    .add(step)));
      } catch (MalformedException e) {
        // A damaged record explains nothing.
      }
    }
    Map<String, List<RunRecord.Step>> earlier = new HashMap<>();
    steps.forEach((where, found) -> earlier.put(where, List.copyOf(found)));
    return new Explainer(workspace, earlier);
  }

  private static String where(String stage, int round) {
    return stage + "/" + round;
  }

  private List<RunRecord.Step> earlier(Stage stage) {
    return earlier.getOrDefault(where(stage.name().label(), stage.round()), List.of());
  }

  /** Explains an action that is reused or pending, as the plan has it. */
  public Explanation explain(Plan plan, Graph.Node node) throws IOException {
    return plan.known(node).isPresent()
        ? new Explanation(node, Explanation.Kind.REUSED, List.of())
        : explainExecution(plan, node);
  }

  /**
   * Explains why an action has to be, or was, executed.
   *
   * @param plan before the run, or after it, when the keys of all actions are known
   */
  public Explanation explainExecution(Plan plan, Graph.Node node) throws IOException {
    Optional<Preimage> wanted = plan.preimage(node);
    if (wanted.isEmpty()) {
      return new Explanation(node, Explanation.Kind.WAITS, waits(plan, node));
    }
    boolean lost = earlier(node.stage()).stream().anyMatch(s -> s.key().equals(wanted.get().key()));
    if (lost) {
      return new Explanation(
          node, Explanation.Kind.LOST, List.of("its result is missing or damaged"));
    }
    Optional<Preimage> nearest = nearest(earlier(node.stage()), node, wanted.get());
    if (nearest.isEmpty()) {
      return new Explanation(
          node, Explanation.Kind.NEW, List.of("no earlier run had this stage in this round"));
    }
    return new Explanation(
        node, Explanation.Kind.CHANGED, reasons(plan, node.stage(), nearest.get(), wanted.get()));
  }

  /** Tells every change; changes that come from one cause, such as one seed, in one line. */
  private List<String> reasons(Plan plan, Stage stage, Preimage before, Preimage now)
      throws IOException {
    List<String> reasons = new ArrayList<>();
    List<String> seeds = new ArrayList<>();
    Map<List<String>, List<String>> inputs = new LinkedHashMap<>();
    for (FieldChange change : FieldChange.between(before, now)) {
      List<String> causes = causes(plan, stage, change);
      if (change.kind() == Preimage.Kind.SEED) {
        seeds.add(change.name());
      } else if (causes.isEmpty()) {
        reasons.add(change.text());
      } else {
        inputs.computeIfAbsent(causes, c -> new ArrayList<>()).add(change.name());
      }
    }
    inputs.forEach(
        (causes, names) ->
            reasons.add(
                (names.size() == 1
                        ? "bytes of input " + names.get(0)
                        : "bytes of " + names.size() + " inputs, such as " + names.get(0))
                    + BECAUSE
                    + String.join("; ", causes)));
    if (!seeds.isEmpty()) {
      reasons.add("seed of " + String.join(", ", seeds));
    }
    return reasons;
  }

  private static List<String> waits(Plan plan, Graph.Node node) {
    return plan.waitsFor(node).stream()
        .map(n -> "waits for " + n.stage().name())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Returns the preimage of an earlier action that differs least: one of the same model, if there
   * is one, else any. Of equally near ones it is the newest.
   */
  private Optional<Preimage> nearest(List<RunRecord.Step> all, Graph.Node node, Preimage wanted)
      throws IOException {
    List<RunRecord.Step> own = all.stream().filter(s -> s.label().equals(node.label())).toList();
    Optional<Preimage> nearest = nearest(own, wanted);
    return nearest.isPresent() ? nearest : nearest(all, wanted);
  }

  private Optional<Preimage> nearest(List<RunRecord.Step> steps, Preimage wanted)
      throws IOException {
    List<Preimage> found = new ArrayList<>();
    for (ActionKey key : steps.stream().map(RunRecord.Step::key).distinct().toList()) {
      preimage(key).ifPresent(found::add);
    }
    return found.stream().min(Comparator.comparingInt(p -> FieldChange.between(p, wanted).size()));
  }

  /** Returns why the bytes of an input changed, or nothing if the change is a cause itself. */
  private List<String> causes(Plan plan, Stage stage, FieldChange change) throws IOException {
    Stage.Input input = stage.inputs().get(change.name());
    if (change.kind() != Preimage.Kind.INPUT
        || !(input instanceof Stage.Input.OutputOf output)
        || change.before().isEmpty()) {
      return List.of();
    }
    Graph.Node upstream = plan.graph().node(output.stage());
    Optional<Preimage> now = plan.preimage(upstream);
    Optional<Preimage> before =
        now.isEmpty() ? now : maker(upstream, change.before().get(), now.get());
    if (now.isEmpty() || before.isEmpty() || now.equals(before)) {
      return List.of(output.stage().name() + " gave others");
    }
    String who = output.stage().name() + " " + upstream.label() + ": ";
    return reasons(plan, output.stage(), before.get(), now.get()).stream()
        // What has a cause of its own already names the action.
        .map(
            r -> r.contains(BECAUSE) ? r.substring(r.indexOf(BECAUSE) + BECAUSE.length()) : who + r)
        .distinct()
        .toList();
  }

  /**
   * Returns the preimage of the earlier action that put out the blob. Small outputs, such as an
   * evaluation, come out the same of several models: then it is the nearest.
   */
  private Optional<Preimage> maker(Graph.Node node, String sha256, Preimage now)
      throws IOException {
    List<RunRecord.Step> makers = new ArrayList<>();
    for (RunRecord.Step step : earlier(node.stage())) {
      Optional<Manifest> manifest = manifest(step.key());
      if (manifest.isPresent()
          && manifest.get().outputs().values().stream()
              .map(Digest::sha256)
              .anyMatch(sha256::equals)) {
        makers.add(step);
      }
    }
    return nearest(makers, node, now);
  }

  private Optional<Preimage> preimage(ActionKey key) throws IOException {
    Optional<Preimage> known = preimages.get(key);
    if (known == null) {
      known = workspace.cache().preimage(key);
      preimages.put(key, known);
    }
    return known;
  }

  private Optional<Manifest> manifest(ActionKey key) throws IOException {
    Optional<Manifest> known = manifests.get(key);
    if (known == null) {
      known = workspace.cache().lookup(key);
      manifests.put(key, known);
    }
    return known;
  }
}
