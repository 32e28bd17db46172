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
 * @param before empty if there was none
 * @param after empty if there is none
 */
public record FieldChange(
    Preimage.FieldKind kind, String name, Optional<Field> before, Optional<Field> after) {

  /** Returns all changes, in the order of kind and name. */
  public static List<FieldChange> between(Preimage before, Preimage after) {
    List<FieldChange> changes = new ArrayList<>();
    for (Preimage.FieldKind kind : Preimage.FieldKind.values()) {
      SortedMap<String, Field> old = fields(before, kind);
      SortedMap<String, Field> now = fields(after, kind);
      SortedSet<String> names = new TreeSet<>(old.keySet());
      names.addAll(now.keySet());
      for (String name : names) {
        Optional<Field> from = Optional.ofNullable(old.get(name));
        Optional<Field> to = Optional.ofNullable(now.get(name));
        if (!from.map(Field::value).equals(to.map(Field::value))) {
          changes.add(new FieldChange(kind, name, from, to));
        }
      }
    }
    return List.copyOf(changes);
  }

  private static SortedMap<String, Field> fields(Preimage preimage, Preimage.FieldKind kind) {
    SortedMap<String, Field> fields = new TreeMap<>();
    for (Field field : preimage.fields()) {
      if (field.kind() == kind) {
        fields.put(field.name(), field);
      }
    }
    return fields;
  }
}
