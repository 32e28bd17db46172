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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells why actions are pending or were executed: what their keys hold that differs from the
 * nearest key that earlier runs had. That is one of the same model of the same spec, in the same
 * round before any other; where only another model or spec has one that is near, it is named. Where
 * an input's bytes changed, it goes on to the action that made them, up to the first cause.
 */
public final class Explainer {
  /** How many runs are searched, newest first. */
  private static final int RUNS = 50;

  /** An action of a model of another name that differs by more explains nothing. */
  private static final int NEAR = 3;

  private final Workspace workspace;
  private final String spec;
  private final EarlierSteps earlier;
  private final Map<ActionKey, Optional<Preimage>> preimages = new HashMap<>();
  private final Map<ActionKey, Optional<Manifest>> manifests = new HashMap<>();

  private Explainer(Workspace workspace, String spec, EarlierSteps earlier) {
    this.workspace = workspace;
    this.spec = spec;
    this.earlier = earlier;
  }

  /**
   * Returns an explainer that knows the runs which the store has on record now.
   *
   * @param spec the name of the experiment whose actions it explains
   */
  public static Explainer over(Workspace workspace, String spec) throws IOException {
    EarlierSteps earlier = new EarlierSteps(spec);
    workspace.runs().newest(RUNS, earlier::add);
    return new Explainer(workspace, spec, earlier);
  }

  /** Explains an action that is reused or pending, as the plan has it. */
  public Explanation explain(Plan plan, Graph.Node node) throws IOException {
    return plan.known(node).isPresent()
        ? new Explanation.Reused(executionOf(plan, node))
        : explainExecution(plan, node);
  }

  /**
   * Explains the execution of what is reused now, by the runs before that; empty if none did it.
   */
  private Optional<Explanation> executionOf(Plan plan, Graph.Node node) throws IOException {
    Preimage now = plan.preimage(node).orElseThrow();
    Optional<EarlierStep> first = earlier.oldest(node.stage(), now.key());
    return first.isPresent() && first.get().step().status() == RunRecord.Status.EXECUTED
        ? Optional.of(compared(plan, node, now, first.get().run() + 1))
        : Optional.empty();
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
    return earlier.oldest(node.stage(), wanted.get().key()).isPresent()
        ? new Explanation.Lost()
        : compared(plan, node, wanted.get(), 0);
  }

  /**
   * Compares with what earlier runs had.
   *
   * @param from how many of the newest runs do not count
   */
  private Explanation compared(Plan plan, Graph.Node node, Preimage now, int from)
      throws IOException {
    List<EarlierStep> all = earlier.ofRound(node.stage(), from);
    List<EarlierStep> own = new ArrayList<>();
    for (EarlierStep step : all) {
      if (step.spec().equals(spec) && step.isOf(node)) {
        own.add(step);
      }
    }
    Optional<Near> nearest = nearest(own, now);
    if (nearest.isPresent()) {
      return new Explanation.Changed(causes(plan, node.stage(), nearest.get().preimage(), now));
    }
    Optional<EarlierStep> otherRound = earlier.ofOtherRound(node, from);
    Optional<Preimage> other =
        otherRound.isEmpty() ? Optional.empty() : preimage(otherRound.get().step().key());
    return other.isPresent()
        ? new Explanation.NewRound(ofAllRounds(other.get(), now))
        : alike(plan, node, all, now);
  }

  /** Returns what differs of two rounds; inputs and seeds of every round are its own. */
  private static List<Cause> ofAllRounds(Preimage before, Preimage now) {
    List<Cause> causes = new ArrayList<>();
    for (FieldChange change : FieldChange.between(before, now)) {
      if (change.kind() != Preimage.FieldKind.INPUT && change.kind() != Preimage.FieldKind.SEED) {
        causes.add(new Cause.OtherField(change));
      }
    }
    return causes;
  }

  /** Compares with another spec's action of the same models, or else with any that is near. */
  private Explanation alike(Plan plan, Graph.Node node, List<EarlierStep> all, Preimage now)
      throws IOException {
    Optional<Near> namesake = nearest(all.stream().filter(s -> s.isOf(node)).toList(), now);
    Optional<Near> nearest = namesake.isPresent() ? namesake : nearest(all, now);
    if (nearest.isEmpty()) {
      return new Explanation.Unprecedented();
    }
    EarlierStep step = nearest.get().step();
    List<Cause> causes = causes(plan, node.stage(), nearest.get().preimage(), now);
    return namesake.isPresent() || causes.size() <= NEAR
        ? new Explanation.Alike(step.spec(), step.step().models(), causes)
        : new Explanation.Unprecedented();
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

  private record Near(EarlierStep step, Preimage preimage) {}

  /** Returns the action that differs least; of equally near ones the newest. */
  private Optional<Near> nearest(List<EarlierStep> steps, Preimage wanted) throws IOException {
    Map<ActionKey, Near> found = new LinkedHashMap<>();
    for (EarlierStep step : steps) {
      ActionKey key = step.step().key();
      Optional<Preimage> preimage = preimage(key);
      if (preimage.isPresent()) {
        found.putIfAbsent(key, new Near(step, preimage.get()));
      }
    }
    return found.values().stream()
        .min(Comparator.comparingInt(n -> FieldChange.between(n.preimage(), wanted).size()));
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
   * evaluation, come out the same of several models: then it is that of the same one, or else the
   * nearest.
   */
  private Optional<Preimage> maker(Graph.Node node, Digest bytes, Preimage now) throws IOException {
    List<EarlierStep> makers = new ArrayList<>();
    for (EarlierStep step : earlier.ofRound(node.stage(), 0)) {
      Optional<Manifest> manifest = manifest(step.step().key());
      if (manifest.isPresent() && manifest.get().outputs().containsValue(bytes)) {
        makers.add(step);
      }
    }
    Optional<Near> own = nearest(makers.stream().filter(s -> s.isOf(node)).toList(), now);
    return (own.isPresent() ? own : nearest(makers, now)).map(Near::preimage);
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
