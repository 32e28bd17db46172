package dev.twintail.cli;

import dev.twintail.action.ActionName;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Cause;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Explanation;
import dev.twintail.plan.FieldChange;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Explanations for people. */
public final class Reasons {
  private static final int SHORT = 12;

  /** How many changed fields of one thing are told one by one. */
  private static final int FEW = 5;

  /** How many models that share an action are named. */
  private static final int NAMED = 3;

  /** Actions for the same models, of which the same is told. */
  private record Alike(Set<String> models, String line) {}

  private Reasons() {}

  /**
   * Returns why actions have to be, or were, executed: one line for all rounds of a model.
   *
   * @param plan in which the actions may be pending or, after the run, known
   */
  static List<String> of(List<Graph.Node> executed, Plan plan, Explainer explainer)
      throws IOException {
    Map<Alike, List<ActionName>> actions = new LinkedHashMap<>();
    for (Graph.Node node : executed) {
      for (String line : lines(node, explainer.explainExecution(plan, node))) {
        actions
            .computeIfAbsent(new Alike(node.models(), line), a -> new ArrayList<>())
            .add(node.name());
      }
    }
    return actions.entrySet().stream().map(e -> e.getKey().line() + many(e.getValue())).toList();
  }

  /** Returns how many actions are told of together: as rounds, if it is one a round. */
  static String many(List<ActionName> actions) {
    long rounds =
        actions.stream().map(ActionName::round).filter(OptionalInt::isPresent).distinct().count();
    return actions.size() == 1
        ? ""
        : " (" + actions.size() + (rounds == actions.size() ? " rounds)" : " actions)");
  }

  /**
   * Returns why an action has to be, or was, executed, such as {@code train-siamese Logits:
   * loss.digit: 0.6 → 0.7}; the same for all rounds in which the reason is the same.
   */
  public static List<String> lines(Graph.Node node, Explanation explanation) {
    String who = group(node.stage().name().label(), node.models());
    return lines(explanation).stream().map(line -> who + ": " + line).toList();
  }

  private static List<String> lines(List<Cause> causes) {
    List<String> lines = new ArrayList<>();
    List<FieldChange> fields = new ArrayList<>();
    for (Cause cause : causes) {
      if (cause instanceof Cause.OtherField field) {
        fields.add(field.change());
      } else {
        lines.add(text(cause));
      }
    }
    lines.addAll(0, texts(fields));
    return lines;
  }

  /** Returns one line a reason; of what is reused why it was executed, where that is known. */
  static List<String> lines(Explanation explanation) {
    if (explanation instanceof Explanation.Changed changed) {
      return lines(changed.causes());
    }
    if (explanation instanceof Explanation.NewRound round) {
      List<String> lines = new ArrayList<>(List.of("no earlier run had this round of it"));
      lines.addAll(lines(round.causes()));
      return lines;
    }
    if (explanation instanceof Explanation.Alike alike) {
      String other = "like " + alike.spec() + "'s " + named(alike.models()) + " but for ";
      return lines(alike.causes()).stream().map(other::concat).toList();
    }
    if (explanation instanceof Explanation.Reused reused) {
      return reused.execution().map(Reasons::lines).orElse(List.of());
    }
    if (explanation instanceof Explanation.Waits waits) {
      return waits.stages().stream().map(stage -> "waits for " + stage.label()).toList();
    }
    if (explanation instanceof Explanation.Lost) {
      return List.of("its result is missing or damaged");
    }
    if (explanation instanceof Explanation.Unprecedented) {
      return List.of("no earlier run had it");
    }
    return List.of();
  }

  /** Returns what actions of one stage are called together, in whatever rounds. */
  static String group(String stage, Collection<String> models) {
    return stage + " " + named(models);
  }

  private static String named(Collection<String> models) {
    return models.size() <= NAMED ? String.join(", ", models) : models.size() + " models";
  }

  private static String text(Cause cause) {
    if (cause instanceof Cause.OtherInputs other) {
      List<String> names = other.inputs();
      return (names.size() == 1
              ? "bytes of input " + names.get(0)
              : "bytes of " + names.size() + " inputs, such as " + names.get(0))
          + ", because "
          + other.origins().stream().map(Reasons::text).collect(Collectors.joining("; "));
    }
    if (cause instanceof Cause.OtherSeeds seeds) {
      return "seed of " + String.join(", ", seeds.streams());
    }
    return text(((Cause.OtherField) cause).change());
  }

  private static String text(Cause.Origin origin) {
    return origin
        .cause()
        .map(cause -> group(origin.stage().label(), origin.models()) + ": " + text(cause))
        .orElse(origin.stage().label() + " gave others");
  }

  /** Returns changes, those of many fields of one thing as one. */
  static List<String> texts(List<FieldChange> changes) {
    Map<String, List<FieldChange>> groups = new LinkedHashMap<>();
    for (FieldChange change : changes) {
      String name = change.name();
      boolean part = change.kind() == Preimage.FieldKind.PARAMETER && name.indexOf('.') > 0;
      groups
          .computeIfAbsent(
              part ? name.substring(0, name.indexOf('.')) : change.kind() + name,
              g -> new ArrayList<>())
          .add(change);
    }
    List<String> texts = new ArrayList<>();
    groups.forEach(
        (group, members) -> {
          if (members.size() <= FEW) {
            members.forEach(member -> texts.add(text(member)));
          } else {
            texts.add(members.size() + " fields of " + group + ", such as " + text(members.get(0)));
          }
        });
    return texts;
  }

  /** Returns a change, such as {@code loss.digit: 0.6 → 0.7}. */
  static String text(FieldChange change) {
    String label =
        switch (change.kind()) {
          case STAGE -> "stage version";
          case PARAMETER -> change.name();
          case INPUT -> "bytes of input " + change.name();
          case SEED -> "seed " + change.name();
          case ENVIRONMENT -> "environment " + change.name();
        };
    return label + ": " + shown(change.before()) + " → " + shown(change.after());
  }

  private static String shown(Optional<Preimage.Field> field) {
    return field.map(Reasons::shown).orElse("nothing");
  }

  /** Doubles are shown as decimals; digests without their size, and as seeds not in full. */
  private static String shown(Preimage.Field field) {
    String value = field.value();
    if (field.type().equals("double") && value.endsWith(")")) {
      return value.substring(value.indexOf('(') + 1, value.length() - 1);
    }
    if (field.kind() == Preimage.FieldKind.INPUT) {
      return field.digest().map(Digest::abbreviated).map(d -> d + "…").orElse(value);
    }
    return field.kind() == Preimage.FieldKind.SEED && value.length() > SHORT
        ? value.substring(0, SHORT) + "…"
        : value;
  }
}
