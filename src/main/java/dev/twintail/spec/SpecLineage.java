package dev.twintail.spec;

import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import dev.twintail.spec.Yaml.Scalar;
import dev.twintail.spec.Yaml.Sequence;
import dev.twintail.spec.Yaml.YamlType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A spec and those that it extends, and which of their claims still stand. A claim is about the
 * data, the training, the protocol and the model of the spec that states it. A spec that extends
 * that one may say {@code conditions: as-run}: it tells then how the numbers came about, and is
 * what they are about too. Under any other conditions a claim is no claim.
 *
 * @param specs each with the fields of those after it; the one that is read is the first
 */
record SpecLineage(List<Spec> specs) {
  /** Fields of an experiment that claims are about, whatever the model. */
  private static final List<String> SHARED = List.of("data", "training", "protocol");

  /** Fields of a model that claims are not about. */
  private static final Set<String> WORDS = Set.of("published", "remark");

  /** How often a protocol is repeated, and how a deviation is printed, changes no number. */
  private static final Set<String> PRESENTATION = Set.of("tables", "deviation");

  /** A spec. */
  record Spec(Path file, Mapping root) {
    boolean isAsRun() {
      Member entry = root.entries().get("conditions");
      return entry != null
          && entry.value() instanceof Scalar scalar
          && scalar.text().equals("as-run");
    }
  }

  SpecLineage {
    specs = List.copyOf(specs);
  }

  /** Returns the fields of the spec that is read. */
  Mapping root() {
    return specs.get(0).root();
  }

  /**
   * Returns where a claim stands in the first spec.
   *
   * @param stated where the claim is written
   */
  Published.ClaimStanding standing(String model, Position stated) {
    int origin = 0;
    while (origin < specs.size() - 1 && !specs.get(origin).file().equals(stated.file())) {
      origin++;
    }
    Spec own = specs.get(0);
    String why = "";
    for (int i = 0; i <= origin; i++) {
      Spec spec = specs.get(i);
      if (i == origin || spec.isAsRun()) {
        Optional<String> difference = i == 0 ? Optional.empty() : difference(own, spec, model);
        if (difference.isEmpty()) {
          return spec.isAsRun() ? Published.ClaimStanding.AS_RUN : Published.ClaimStanding.COMMON;
        }
        why = why.isEmpty() ? difference.get() : why;
      }
    }
    return Published.ClaimStanding.other(why);
  }

  private static Optional<String> difference(Spec own, Spec base, String model) {
    Optional<String> shared =
        SHARED.stream()
            .map(field -> difference(field, value(own.root(), field), value(base.root(), field)))
            .flatMap(Optional::stream)
            .findFirst();
    @Nullable Yaml mine = value(own.root(), "models", model);
    @Nullable Yaml theirs = value(base.root(), "models", model);
    return shared
        .or(() -> difference("models." + model, mine, theirs))
        .or(() -> layers("bodies", own, base, mine, "body"))
        .or(() -> layers("tails", own, base, mine, "tail"))
        .or(() -> layers("digit-heads", own, base, mine, "digit-head", "layers"));
  }

  private static Optional<String> layers(
      String part, Spec own, Spec base, @Nullable Yaml model, String... reference) {
    return value(model, reference) instanceof Scalar name
        ? difference(
            part + "." + name.text(),
            value(own.root(), part, name.text()),
            value(base.root(), part, name.text()))
        : Optional.empty();
  }

  private static @Nullable Yaml value(@Nullable Yaml from, String... path) {
    @Nullable Yaml value = from;
    for (String name : path) {
      @Nullable Member entry =
          value instanceof Mapping mapping ? mapping.entries().get(name) : null;
      value = entry == null ? null : entry.value();
    }
    return value;
  }

  /** Says the first difference. */
  private static Optional<String> difference(
      String path, @Nullable Yaml mine, @Nullable Yaml theirs) {
    if (mine instanceof Mapping a && theirs instanceof Mapping b) {
      return ofMappings(path, a, b);
    }
    // No mapping at all says as much as one whose fields claims are not about.
    if (mine == null && theirs instanceof Mapping b) {
      return ofMappings(path, new Mapping(b.at(), Map.of()), b);
    }
    if (theirs == null && mine instanceof Mapping a) {
      return ofMappings(path, a, new Mapping(a.at(), Map.of()));
    }
    if (text(mine, SpecLineage::place).equals(text(theirs, SpecLineage::place))) {
      return Optional.empty();
    }
    // As the specs have it: results hold these words, which the working folder must not change.
    String here = text(mine, Scalar::text);
    String there = text(theirs, Scalar::text);
    return Optional.of(
        path + " is " + (here.equals(there) ? "another " + here : here + " instead of " + there));
  }

  private static Optional<String> ofMappings(String path, Mapping mine, Mapping theirs) {
    Set<String> names = new LinkedHashSet<>(mine.entries().keySet());
    names.addAll(theirs.entries().keySet());
    names.removeAll(path.endsWith("protocol") ? PRESENTATION : WORDS);
    return names.stream()
        .map(name -> difference(path + "." + name, value(mine, name), value(theirs, name)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Returns a text, or which file it names, seen from the one that it stands in. */
  private static String place(Scalar scalar) {
    return scalar.text().endsWith(".yaml")
        ? String.valueOf(scalar.at().file().resolveSibling(scalar.text()).normalize())
        : scalar.text();
  }

  /** Returns a value so that equal ones have equal texts: numbers without their spelling. */
  private static String text(@Nullable Yaml value, Function<Scalar, String> ofTexts) {
    if (value == null) {
      return "not set";
    }
    if (value instanceof Scalar scalar) {
      if (scalar.kind() == YamlType.WHOLE || scalar.kind() == YamlType.REAL) {
        return Numbers.real(scalar.text())
            .map(d -> BigDecimal.valueOf(d).stripTrailingZeros().toPlainString())
            .orElse(scalar.text());
      }
      return ofTexts.apply(scalar);
    }
    List<String> parts = new ArrayList<>();
    if (value instanceof Sequence sequence) {
      sequence.items().forEach(item -> parts.add(text(item, ofTexts)));
    } else if (value instanceof Mapping mapping) {
      mapping
          .entries()
          .forEach((name, entry) -> parts.add(name + ": " + text(entry.value(), ofTexts)));
    }
    return "[" + String.join(", ", parts) + "]";
  }
}
