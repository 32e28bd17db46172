package dev.twintail.plan;

import java.util.Comparator;
import java.util.List;

/**
 * An action of an experiment by name, such as {@code train-siamese/ConvAux/3}. An action that
 * several models share has a name for each of them, so that the names stay when models are added or
 * left out.
 *
 * @param stage as keys have it
 * @param model a model that needs it; empty for work over all models
 * @param round from 1, or 0 for work over all rounds
 */
public record ActionName(String stage, String model, int round) {
  /** By stage, model and round. */
  public static final Comparator<ActionName> ORDER =
      Comparator.comparing(ActionName::stage)
          .thenComparing(ActionName::model)
          .thenComparingInt(ActionName::round);

  /** Returns the action's name for one of its models. */
  static ActionName of(Graph.Node node, String model) {
    return node.stage().round() == 0
        ? new ActionName(node.stage().name().label(), "", 0)
        : new ActionName(node.stage().name().label(), model, node.stage().round());
  }

  /** Returns the action's name for the first of its models. */
  public static ActionName of(Graph.Node node) {
    return of(node, node.models().iterator().next());
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it is no name
   */
  static ActionName parse(String text) {
    List<String> parts = List.of(text.split("/", -1));
    if (parts.size() == 1 && !text.isEmpty()) {
      return new ActionName(text, "", 0);
    }
    if (parts.size() != 3) {
      throw new IllegalArgumentException("Cannot read the action '" + text + "'");
    }
    return new ActionName(parts.get(0), parts.get(1), Integer.parseInt(parts.get(2)));
  }

  @Override
  public String toString() {
    return round == 0 ? stage : stage + "/" + model + "/" + round;
  }
}
