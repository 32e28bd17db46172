package dev.twintail.action;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An action of an experiment by name, such as {@code train-siamese/ConvAux/3}. An action that
 * several models share has a name for each of them, so that every name stays when models are added
 * or left out, and means one action only.
 *
 * @param stage as keys have it
 * @param part of the experiment that the action is of; empty for work over all of it
 */
public record ActionName(String stage, Optional<NamePart> part) implements Comparable<ActionName> {
  private static final Pattern STEP = Pattern.compile("step-([1-9][0-9]{0,5})");
  private static final Comparator<ActionName> ORDER =
      Comparator.comparing(ActionName::stage)
          .thenComparing(name -> name.part.map(NamePart::of).orElse(""))
          .thenComparing(name -> name.part.map(NamePart::number).orElse(0))
          .thenComparing(ActionName::toString);

  /** Part of an experiment. */
  public sealed interface NamePart {
    /** Returns the model or the sweep. */
    String of();

    /** Returns its number, from 1. */
    int number();

    /** One round of a model: {@code ConvAux/3}. */
    record RoundPart(String of, int number) implements NamePart {
      @Override // Written out: ADR 26.
      public boolean equals(Object other) {
        return other instanceof RoundPart that
            && number == that.number
            && Objects.equals(of, that.of);
      }

      @Override
      public int hashCode() {
        return 31 * of.hashCode() + number;
      }

      @Override
      public String toString() {
        return of + "/" + number;
      }
    }

    /** One step of a sweep: {@code lenet-search/step-2}. */
    record StepPart(String of, int number) implements NamePart {
      @Override
      public String toString() {
        return of + "/step-" + number;
      }
    }
  }

  /** Returns the name of work on one model in one round. */
  public static ActionName ofRound(String stage, String model, int round) {
    return new ActionName(stage, Optional.of(new NamePart.RoundPart(model, round)));
  }

  /** Returns the name of work on one step of a sweep. */
  public static ActionName ofStep(String stage, String sweep, int step) {
    return new ActionName(stage, Optional.of(new NamePart.StepPart(sweep, step)));
  }

  /** Returns the name of work over all models and rounds. */
  public static ActionName ofAll(String stage) {
    return new ActionName(stage, Optional.empty());
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it is no name
   */
  public static ActionName parse(String text) {
    List<String> segments = List.of(text.split("/", -1));
    if (segments.size() == 1 && !text.isEmpty()) {
      return ofAll(text);
    }
    if (segments.size() != 3) {
      throw new IllegalArgumentException("Cannot read the action '" + text + "'");
    }
    Matcher step = STEP.matcher(segments.get(2));
    return step.matches()
        ? ofStep(segments.get(0), segments.get(1), Integer.parseInt(step.group(1)))
        : ofRound(segments.get(0), segments.get(1), Integer.parseInt(segments.get(2)));
  }

  /** Returns the round, if the action is of one. */
  public OptionalInt round() {
    return part.isPresent() && part.get() instanceof NamePart.RoundPart round
        ? OptionalInt.of(round.number())
        : OptionalInt.empty();
  }

  @Override
  public int compareTo(ActionName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return stage + part.map(p -> "/" + p).orElse("");
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof ActionName that
        && Objects.equals(stage, that.stage)
        && Objects.equals(part, that.part);
  }

  @Override
  public int hashCode() {
    return 31 * stage.hashCode() + part.hashCode();
  }
}
