package dev.twintail.spec;

import dev.twintail.network.FrozenWord;
import dev.twintail.network.RealRange;
import dev.twintail.network.WholeRange;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import dev.twintail.spec.Yaml.Scalar;
import dev.twintail.spec.Yaml.Sequence;
import dev.twintail.spec.Yaml.YamlType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one mapping. What is wrong is recorded and replaced by a fallback, so that
 * one pass finds all that is wrong; the result is of use only if nothing was recorded.
 */
final class Fields {
  private final Mapping mapping;
  private final Section section;
  private final String where;
  private final Problems problems;
  private final Set<String> misspelt = new HashSet<>();

  /**
   * Starts reading {@code mapping}, and refuses the fields that {@code section} does not have.
   *
   * @param where the path of the mapping, such as {@code models.Digits.loss}; empty for the root
   */
  Fields(Mapping mapping, Section section, String where, Problems problems) {
    this.mapping = mapping;
    this.section = section;
    this.where = where;
    this.problems = problems;
    for (var field : mapping.entries().entrySet()) {
      if (!section.fields().contains(field.getKey())) {
        problems.add(field.getValue().at(), unknown(field.getKey()));
      }
    }
  }

  private String unknown(String name) {
    String text = "unknown field '" + name + "'" + in() + "; ";
    Optional<String> near = Hint.nearest(name, section.fields());
    if (near.isPresent()) {
      misspelt.add(near.get());
    } else {
      for (Section other : section.siblings()) {
        if (other.fields().contains(name)) {
          return text + "it is a field of " + other.title();
        }
      }
    }
    return text + Hint.forName(name, section.fields());
  }

  private String in() {
    return where.isEmpty() ? "" : " in " + where;
  }

  Position at() {
    return mapping.at();
  }

  String where() {
    return where;
  }

  /** Returns the path of a field, such as {@code training.epochs}. */
  String path(String name) {
    return where.isEmpty() ? name : where.concat(".").concat(name);
  }

  boolean has(String name) {
    return find(name) != null;
  }

  private @Nullable Yaml find(String name) {
    if (!section.fields().contains(name)) {
      throw new IllegalStateException(section.title() + " has no field " + name);
    }
    Member entry = mapping.entries().get(name);
    return entry == null ? null : entry.value();
  }

  /** Returns where the field stands, or the mapping if it is missing. */
  Position at(String name) {
    Member entry = mapping.entries().get(name);
    return entry == null ? mapping.at() : entry.at();
  }

  private void missing(String name) {
    if (misspelt.contains(name)) {
      return; // Told already, with the place to mend.
    }
    String own = where.substring(where.lastIndexOf('.') + 1);
    problems.add(
        mapping.at(),
        "missing field '"
            + name
            + "'"
            + in()
            + problems
                .like(mapping.at(), own)
                .map(near -> "; did you mean '" + near + "', which is inherited?")
                .orElse(""));
  }

  void wrong(String name, String message) {
    wrong(at(name), name, message);
  }

  void wrong(Position at, String name, String message) {
    problems.add(at, path(name) + ": " + message);
  }

  /** Tells that a value in a field should be something else. */
  void expected(Yaml value, String name, String what) {
    wrong(value.at(), name, "expected " + what + ", found " + value.shown());
  }

  /** Tells that a field names nothing that there is. */
  void unknown(Scalar value, String name, String kind, Collection<String> known) {
    String hint = Hint.forName(value.text(), known);
    wrong(value.at(), name, "unknown " + kind + " " + value.shown() + "; " + hint);
  }

  /** Returns a text, which may not be blank. */
  String text(String name) {
    Optional<Scalar> text = textScalar(name);
    return text.isPresent() ? text.get().text() : "";
  }

  /** Returns a text that may be absent. */
  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  /** Returns a text with its place; empty, with a problem recorded, if there is none. */
  Optional<Scalar> textScalar(String name) {
    Yaml value = find(name);
    if (value == null) {
      missing(name);
      return Optional.empty();
    }
    if (!(value instanceof Scalar scalar)
        || scalar.kind() == YamlType.NOTHING
        || scalar.text().isBlank()) {
      expected(value, name, "a text");
      return Optional.empty();
    }
    if (scalar.kind() != YamlType.TEXT) {
      expected(value, name, "a text (put it in quotes)");
      return Optional.empty();
    }
    return Optional.of(scalar);
  }

  /** Returns a required whole number, or the least of {@code range}. */
  long whole(String name, WholeRange range) {
    Yaml value = find(name);
    if (value == null) {
      missing(name);
      return range.min();
    }
    if (value instanceof Scalar scalar && scalar.kind() == YamlType.WHOLE) {
      Optional<Long> number = Numbers.whole(scalar.text());
      if (number.isPresent() && range.contains(number.get())) {
        return number.get();
      }
      expected(value, name, range.toString());
    } else {
      expected(value, name, "a whole number");
    }
    return range.min();
  }

  int integer(String name, WholeRange range) {
    return (int) whole(name, range);
  }

  int integer(String name, WholeRange range, int absent) {
    return has(name) ? integer(name, range) : absent;
  }

  /** Returns a required number, or the greatest of {@code range}'s two ends that it holds. */
  double real(String name, RealRange range) {
    Yaml value = find(name);
    if (value == null) {
      missing(name);
    } else if (value instanceof Scalar scalar
        && (scalar.kind() == YamlType.WHOLE || scalar.kind() == YamlType.REAL)) {
      Optional<Double> number = Numbers.real(scalar.text());
      if (number.isPresent() && range.contains(number.get())) {
        return number.get();
      }
      expected(value, name, range.toString());
    } else {
      expected(value, name, "a number");
    }
    return range.contains(range.max()) ? range.max() : range.min();
  }

  double real(String name, RealRange range, double absent) {
    return has(name) ? real(name, range) : absent;
  }

  /** Returns a number that is required where there is none to stand for it. */
  double real(String name, RealRange range, Optional<Double> absent) {
    return absent.isPresent() ? real(name, range, absent.get()) : real(name, range);
  }

  /** Returns a required accuracy in percent; what is nearly sure to be a fraction is refused. */
  double accuracy(String name) {
    double accuracy = real(name, Published.PERCENT);
    if (accuracy > 0 && accuracy < 1) {
      BigDecimal fraction = BigDecimal.valueOf(accuracy);
      String percent = fraction.movePointRight(2).stripTrailingZeros().toPlainString();
      wrong(name, "accuracies are in percent: write " + percent + " for " + fraction);
    }
    return accuracy;
  }

  /** Returns a required yes or no, or no. */
  boolean flag(String name) {
    Yaml value = find(name);
    if (value == null) {
      missing(name);
    } else if (value instanceof Scalar scalar && scalar.kind() == YamlType.FLAG) {
      return scalar.text().toLowerCase(Locale.ROOT).equals("true");
    } else {
      expected(value, name, "true or false");
    }
    return false;
  }

  boolean flag(String name, boolean absent) {
    return has(name) ? flag(name) : absent;
  }

  /** Returns the one of {@code choices} whose word is given. */
  <E extends FrozenWord> Optional<E> choice(String name, E[] choices) {
    Optional<Scalar> text = textScalar(name);
    if (text.isPresent()) {
      List<String> words = new ArrayList<>();
      for (E choice : choices) {
        String word = choice.word();
        if (word.equals(text.get().text())) {
          return Optional.of(choice);
        }
        words.add(word);
      }
      unknown(text.get(), name, "value", words);
    }
    return Optional.empty();
  }

  <E extends FrozenWord> E choice(String name, E[] choices, E absent) {
    return has(name) ? choice(name, choices).orElse(absent) : absent;
  }

  /** Returns the field as it stands, if it is there. */
  Optional<Yaml> value(String name) {
    return Optional.ofNullable(find(name));
  }

  /** Returns a field that is a mapping; empty if it is absent or, with a problem, no mapping. */
  Optional<Mapping> mapping(String name) {
    Yaml value = find(name);
    if (value == null || value instanceof Mapping) {
      return Optional.ofNullable((Mapping) value);
    }
    expected(value, name, "a mapping");
    return Optional.empty();
  }

  /** Returns a field that must be there and be a mapping. */
  Optional<Mapping> requiredMapping(String name) {
    if (!has(name)) {
      missing(name);
    }
    return mapping(name);
  }

  Optional<Fields> section(String name, Section kind) {
    return mapping(name).map(found -> within(name, found, kind));
  }

  /** Returns the fields of a mapping that stands in a field. */
  Fields within(String name, Mapping found, Section kind) {
    return new Fields(found, kind, path(name), problems);
  }

  Optional<Fields> requiredSection(String name, Section kind) {
    if (!has(name)) {
      missing(name);
    }
    return section(name, kind);
  }

  /** Returns the texts of a required list. */
  List<Scalar> texts(String name) {
    Yaml value = find(name);
    List<Scalar> texts = new ArrayList<>();
    if (value == null) {
      missing(name);
    } else if (!(value instanceof Sequence sequence)) {
      expected(value, name, "a list");
    } else {
      for (Yaml item : sequence.items()) {
        if (item instanceof Scalar scalar && scalar.kind() == YamlType.TEXT) {
          texts.add(scalar);
        } else {
          expected(item, name, "a text");
        }
      }
    }
    return texts;
  }
}
