package dev.twintail.plan;

import dev.twintail.action.Preimage;
import dev.twintail.action.Preimage.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One field by which two preimages differ.
 *
 * @param name of the parameter, input, seed, environment field, or stage
 * @param before as text, an input by its SHA-256; empty if there was none
 * @param after as text, an input by its SHA-256; empty if there is none
 */
public record FieldChange(
    Preimage.Kind kind, String name, Optional<String> before, Optional<String> after) {
  private static final int SHORT = 12;

  /** Returns all changes, in the order of kind and name. */
  public static List<FieldChange> between(Preimage before, Preimage after) {
    List<FieldChange> changes = new ArrayList<>();
    for (Preimage.Kind kind : Preimage.Kind.values()) {
      SortedMap<String, Field> old = fields(before, kind);
      SortedMap<String, Field> now = fields(after, kind);
      SortedSet<String> names = new TreeSet<>(old.keySet());
      names.addAll(now.keySet());
      for (String name : names) {
        Optional<Field> from = Optional.ofNullable(old.get(name));
        Optional<Field> to = Optional.ofNullable(now.get(name));
        if (!from.map(Field::value).equals(to.map(Field::value))) {
          changes.add(
              new FieldChange(
                  kind, name, from.map(FieldChange::value), to.map(FieldChange::value)));
        }
      }
    }
    return List.copyOf(changes);
  }

  private static SortedMap<String, Field> fields(Preimage preimage, Preimage.Kind kind) {
    SortedMap<String, Field> fields = new TreeMap<>();
    for (Field field : preimage.fields()) {
      if (field.kind() == kind) {
        fields.put(field.name(), field);
      }
    }
    return fields;
  }

  /** Doubles are shown as decimals, and digests without their size. */
  private static String value(Field field) {
    String value = field.value();
    if (field.type().equals("double") && value.endsWith(")")) {
      return value.substring(value.indexOf('(') + 1, value.length() - 1);
    }
    return field.kind() == Preimage.Kind.INPUT ? field.sha256() : value;
  }

  /** Returns the change for people, such as {@code loss.digit: 0.6 → 0.7}. */
  public String text() {
    return label() + ": " + shown(before) + " → " + shown(after);
  }

  private String label() {
    return switch (kind) {
      case STAGE -> "stage version";
      case PARAMETER -> name;
      case INPUT -> "bytes of input " + name;
      case SEED -> "seed " + name;
      case ENVIRONMENT -> "environment " + name;
    };
  }

  private String shown(Optional<String> value) {
    boolean isLong = kind == Preimage.Kind.INPUT || kind == Preimage.Kind.SEED;
    return value
        .map(v -> isLong && v.length() > SHORT ? v.substring(0, SHORT) + "…" : v)
        .orElse("nothing");
  }
}
