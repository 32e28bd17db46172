package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.record.RunRecord;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells why actions are pending or were executed: what their keys hold that differs from the
 * nearest key of the same stage and round that earlier runs had. Where an input's bytes changed, it
 * goes on to the action that made them, up to the first cause.
 */
public final class Explainer {
  /** How many runs are searched, newest first. */
  private static final int RUNS = 50;

  private final Workspace workspace;

  /** The steps of earlier runs by stage and round, newest first. */
  private final Map<StageRound, List<RunRecord.Step>> earlier;

  private final Map<ActionKey, Optional<Preimage>> preimages = new HashMap<>();
  private final Map<ActionKey, Optional<Manifest>> manifests = new HashMap<>();

  private Explainer(Workspace workspace, Map<StageRound, List<RunRecord.Step>> earlier) {
    this.workspace = workspace;
    this.earlier = earlier;
  }

  /** Returns an explainer that knows the runs which the store has on record now. */
  public static Explainer over(Workspace workspace) throws IOException {
    Map<StageRound, Set<RunRecord.Step>> steps = new LinkedHashMap<>();
    workspace
        .runs()
        .newest(
            RUNS,
            run -> {
              for (RunRecord.Step step : run.steps()) {
                StageRound where = new StageRound(step.stage(), step.action().round());
                steps.computeIfAbsent(where, s -> new LinkedHashSet<>()).add(step);
              }
            });
    Map<StageRound, List<RunRecord.Step>> earlier = new HashMap<>();
    steps.forEach((where, found) -> earlier.put(where, List.copyOf(found)));
    return new Explainer(workspace, earlier);
  }

  /** The actions that may explain each other. */
  private record StageRound(String stage, OptionalInt round) {}

  private List<RunRecord.Step> earlier(Stage stage) {
    return earlier.getOrDefault(
        new StageRound(stage.name().label(), stage.scope().round()), List.of());
  }

  /** Explains an action that is reused or pending, as the plan has it. */
  public Explanation explain(Plan plan, Graph.Node node) throws IOException {
    return plan.known(node).isPresent()
        ? new Explanation.Reused(causesOfOld(plan, node))
        : explainExecution(plan, node);
  }

  /** Returns why what is reused was executed, though runs before that had it of the same model. */
  private List<Cause> causesOfOld(Plan plan, Graph.Node node) throws IOException {
    List<RunRecord.Step> all = earlier(node.stage());
    Preimage now = plan.preimage(node).orElseThrow();
    int first = -1;
    for (int i = 0; i < all.size(); i++) {
      first = all.get(i).key().equals(now.key()) ? i : first;
    }
    if (first < 0) {
      return List.of();
    }
    Optional<Preimage> nearest =
        nearest(ofTheSameModels(all.subList(first + 1, all.size()), node), now);
    return nearest.isEmpty() ? List.of() : causes(plan, node.stage(), nearest.get(), now);
  }

  /**
   * Explains why an action has to be, or was, executed.
   *
   * @param plan before the run, or after it, when the keys of all actions are known
   */
  public Explanation explainExecution(Plan plan, Graph.Node node) throws IOException {
    Optional<Preimage> wanted = plan.preimage(node);
    if (wanted.isEmpty()) {
      return new Explanation.Waits(waits(plan, node));
    }
    List<RunRecord.Step> all = earlier(node.stage());
    if (all.stream().anyMatch(s -> s.key().equals(wanted.get().key()))) {
      return new Explanation.Lost();
    }
    Optional<Preimage> nearest = nearest(all, node, wanted.get());
    return nearest.isEmpty()
        ? new Explanation.Unprecedented()
        : new Explanation.Changed(causes(plan, node.stage(), nearest.get(), wanted.get()));
  }

  /** Returns every cause; changes that come from the same ones, such as one seed, are one. */
  private List<Cause> causes(Plan plan, Stage stage, Preimage before, Preimage now)
      throws IOException {
    List<Cause> causes = new ArrayList<>();
    List<String> seeds = new ArrayList<>();
    Map<List<Cause.Origin>, List<String>> inputs = new LinkedHashMap<>();
    for (FieldChange change : FieldChange.between(before, now)) {
      List<Cause.Origin> origins = origins(plan, stage, change);
      if (change.kind() == Preimage.FieldKind.SEED) {
        seeds.add(change.name());
      } else if (origins.isEmpty()) {
        causes.add(new Cause.OtherField(change));
      } else {
        inputs.computeIfAbsent(origins, o -> new ArrayList<>()).add(change.name());
      }
    }
    inputs.forEach((origins, names) -> causes.add(new Cause.OtherInputs(names, origins)));
    if (!seeds.isEmpty()) {
      causes.add(new Cause.OtherSeeds(seeds));
    }
    return causes;
  }

  private static List<StageName> waits(Plan plan, Graph.Node node) {
    return plan.waitsFor(node).stream()
        .map(n -> n.stage().name())
        .distinct()
        .sorted(Comparator.comparing(StageName::label))
        .toList();
  }

  /**
   * Returns the preimage of an earlier action that differs least: one of the same model, if there
   * is one, else any. Of equally near ones it is the newest.
   */
  private Optional<Preimage> nearest(List<RunRecord.Step> all, Graph.Node node, Preimage wanted)
      throws IOException {
    Optional<Preimage> nearest = nearest(ofTheSameModels(all, node), wanted);
    return nearest.isPresent() ? nearest : nearest(all, wanted);
  }

  private static List<RunRecord.Step> ofTheSameModels(List<RunRecord.Step> all, Graph.Node node) {
    return all.stream().filter(s -> !Collections.disjoint(s.models(), node.models())).toList();
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
  private List<Cause.Origin> origins(Plan plan, Stage stage, FieldChange change)
      throws IOException {
    Stage.Input input = stage.inputs().get(change.name());
    Optional<Digest> bytes = change.before().flatMap(Preimage.Field::digest);
    if (change.kind() != Preimage.FieldKind.INPUT
        || !(input instanceof Stage.Input.OutputOf output)
        || bytes.isEmpty()) {
      return List.of();
    }
    Graph.Node upstream = plan.graph().node(output.stage());
    StageName name = output.stage().name();
    Optional<Preimage> now = plan.preimage(upstream);
    Optional<Preimage> before = now.isEmpty() ? now : maker(upstream, bytes.get(), now.get());
    if (now.isEmpty() || before.isEmpty() || now.equals(before)) {
      return List.of(new Cause.Origin(name, upstream.models(), Optional.empty()));
    }
    return causes(plan, output.stage(), before.get(), now.get()).stream()
        .flatMap(
            cause ->
                cause instanceof Cause.OtherInputs further
                    ? further.origins().stream()
                    : Stream.of(new Cause.Origin(name, upstream.models(), Optional.of(cause))))
        .distinct()
        .toList();
  }

  /**
   * Returns the preimage of the earlier action that put out the blob. Small outputs, such as an
   * evaluation, come out the same of several models: then it is the nearest.
   */
  private Optional<Preimage> maker(Graph.Node node, Digest bytes, Preimage now) throws IOException {
    List<RunRecord.Step> makers = new ArrayList<>();
    for (RunRecord.Step step : earlier(node.stage())) {
      Optional<Manifest> manifest = manifest(step.key());
      if (manifest.isPresent() && manifest.get().outputs().containsValue(bytes)) {
        makers.add(step);
      }
    }
    return nearest(makers, node, now);
  }

  private Optional<Preimage> preimage(ActionKey key) throws IOException {
    Optional<Preimage> known = preimages.get(key);
    if (known == null) {
      try {
        known = workspace.cache().preimage(key);
      } catch (MalformedException e) {
        known = Optional.empty(); // It explains nothing.
      }
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
