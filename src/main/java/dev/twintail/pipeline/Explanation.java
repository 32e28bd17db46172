package dev.twintail.pipeline;

import dev.twintail.action.MalformedException;
import dev.twintail.action.Preimage;
import dev.twintail.action.Preimage.Field;
import dev.twintail.action.RunRecord;
import dev.twintail.blob.Digest;
import dev.twintail.stage.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Why an action is pending: what of its key differs from the nearest one of the same stage and
 * round that the store's runs know.
 *
 * @param reasons one line each, such as {@code loss.digit: 0.6 → 0.7}; empty for a reused action
 */
public record Explanation(Graph.Node node, List<String> reasons) {
  /** How many runs are searched, newest first. */
  private static final int RUNS = 50;

  public Explanation {
    reasons = List.copyOf(reasons);
  }

  /** Explains every pending action of the plan, in the order of the graph. */
  public static List<Explanation> ofPending(Plan plan, Workspace workspace) throws IOException {
    List<RunRecord.Step> earlier = earlierSteps(workspace);
    List<Explanation> explanations = new ArrayList<>();
    for (Graph.Node node : plan.pending()) {
      explanations.add(new Explanation(node, reasons(plan, node, workspace, earlier)));
    }
    return explanations;
  }

  private static List<RunRecord.Step> earlierSteps(Workspace workspace) throws IOException {
    List<String> ids = workspace.runs().ids();
    Set<RunRecord.Step> steps = new LinkedHashSet<>();
    for (int i = ids.size() - 1; i >= Math.max(0, ids.size() - RUNS); i--) {
      try {
        workspace.runs().find(ids.get(i)).ifPresent(run -> steps.addAll(run.steps()));
      } catch (MalformedException e) {
        // A damaged record explains nothing.
      }
    }
    return List.copyOf(steps);
  }

  private static List<String> reasons(
      Plan plan, Graph.Node node, Workspace workspace, List<RunRecord.Step> earlier)
      throws IOException {
    SortedSet<String> waits = new TreeSet<>();
    for (Stage.Input input : node.stage().inputs().values()) {
      if (input instanceof Stage.Input.OutputOf output) {
        Graph.Node upstream = plan.graph().node(output.stage());
        if (plan.known(upstream).isEmpty()) {
          waits.add("waits for " + upstream.stage().name());
        }
      }
    }
    if (!waits.isEmpty()) {
      return List.copyOf(waits);
    }
    Map<String, Digest> inputs =
        Preimages.inputs(
                node.stage(), s -> plan.known(plan.graph().node(s)).map(Plan.Known::manifest))
            .orElseThrow();
    Preimage wanted = plan.preimage(node.stage(), inputs);
    Optional<List<String>> nearest = Optional.empty();
    for (RunRecord.Step step : earlier) {
      if (!step.stage().equals(node.stage().name().label())
          || step.round() != node.stage().round()) {
        continue;
      }
      if (step.key().equals(wanted.key())) {
        return List.of("its result is missing or damaged");
      }
      Optional<Preimage> found = workspace.cache().preimage(step.key());
      if (found.isPresent()) {
        List<String> differences = differences(found.get(), wanted);
        if (nearest.isEmpty() || differences.size() < nearest.get().size()) {
          nearest = Optional.of(differences);
        }
      }
    }
    return nearest.orElse(List.of("no earlier run had this stage in this round"));
  }

  private static List<String> differences(Preimage before, Preimage after) {
    SortedMap<String, String> old = values(before);
    SortedMap<String, String> now = values(after);
    SortedSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      String from = old.getOrDefault(name, "nothing");
      String to = now.getOrDefault(name, "nothing");
      if (!from.equals(to)) {
        differences.add(name + ": " + from + " → " + to);
      }
    }
    return differences;
  }

  private static SortedMap<String, String> values(Preimage preimage) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Field field : preimage.fields()) {
      values.put(name(field), value(field));
    }
    return values;
  }

  private static String name(Field field) {
    return switch (field.kind()) {
      case STAGE -> "version of " + field.name();
      case PARAMETER -> field.name();
      case INPUT -> "bytes of input " + field.name();
      case SEED -> "seed " + field.name();
      case ENVIRONMENT -> "environment " + field.name();
    };
  }

  /** Digests and seeds are cut, doubles shown as decimals. */
  private static String value(Field field) {
    String value = field.value();
    if (field.type().equals("double") && value.endsWith(")")) {
      return value.substring(value.indexOf('(') + 1, value.length() - 1);
    }
    boolean isLong = field.kind() == Preimage.Kind.INPUT || field.kind() == Preimage.Kind.SEED;
    return isLong && value.length() > 12 ? value.substring(0, 12) + "…" : value;
  }
}
