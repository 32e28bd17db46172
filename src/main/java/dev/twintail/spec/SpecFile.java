package dev.twintail.spec;

import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import dev.twintail.spec.Yaml.Scalar;
import dev.twintail.spec.Yaml.YamlType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A spec's fields, those of the spec that it {@code extends} included. Of the two, the extending
 * file wins: its scalars replace; its {@code data}, {@code training}, {@code protocol} and {@code
 * claims} are merged field by field; its bodies, heads, tails and factorial designs replace those
 * of the same name, in their place, or come after the others. So do its models and sweeps, but
 * field by field, {@code training}, {@code with} and {@code protocol} in their depth, the others
 * whole; a field with no value removes the inherited one. Of a training's optimizers, one replaces
 * the other. Every field keeps the position of the file in which it stands.
 */
final class SpecFile {
  /** Fields of a training of which it has one. */
  private static final Set<String> OPTIMIZERS = Set.of("adam", "sgd");

  private final List<Path> chain = new ArrayList<>();
  private final List<SpecLineage.Spec> specs = new ArrayList<>();
  private final Problems problems;

  private SpecFile(Problems problems) {
    this.problems = problems;
  }

  /** Reads {@code file}; empty, with a problem recorded, if it or its base cannot be read. */
  static Optional<SpecLineage> read(Path file, Problems problems) {
    return new SpecFile(problems).lineage(file, new Position(file, 0));
  }

  /**
   * Reads a file that another one includes; such a file includes no others.
   *
   * @param reference where it is included
   */
  static Optional<SpecLineage> included(Path file, Position reference, Problems problems) {
    Optional<SpecLineage> lineage = new SpecFile(problems).lineage(file, reference);
    if (lineage.isPresent() && lineage.get().root().entries().containsKey("include")) {
      problems.add(
          reference, "include: " + file.getFileName() + " includes others itself; include those");
      return Optional.empty();
    }
    return lineage;
  }

  /** Returns the file that {@code reference} names, seen from the file in which it stands. */
  static Optional<Path> beside(Scalar reference, String where, Problems problems) {
    if (reference.text().contains("://")) {
      problems.add(
          reference.at(),
          where + ": addresses are not read; save " + reference.shown() + " beside this file");
      return Optional.empty();
    }
    try {
      return Optional.of(reference.at().file().resolveSibling(reference.text()));
    } catch (InvalidPathException e) {
      problems.add(reference.at(), where + ": not a path: " + reference.shown());
      return Optional.empty();
    }
  }

  private Optional<SpecLineage> lineage(Path file, Position reference) {
    return read(file, reference).map(root -> new SpecLineage(specs));
  }

  private Optional<Mapping> read(Path file, Position reference) {
    Path identity = file.toAbsolutePath().normalize();
    if (chain.contains(identity)) {
      problems.add(reference, "extends: " + file + " extends itself, directly or by others");
      return Optional.empty();
    }
    chain.add(identity);
    if (!reference.file().equals(file)) {
      problems.isReadBy(file, reference);
    }
    Optional<Mapping> own = YamlFile.read(file, reference, problems);
    if (own.isEmpty() || !own.get().entries().containsKey("extends")) {
      own.ifPresent(root -> specs.add(0, new SpecLineage.Spec(file, root)));
      return own;
    }
    Optional<Mapping> base = base(own.get());
    if (base.isEmpty()) {
      return Optional.empty();
    }
    checkName(own.get(), base.get());
    Mapping root = extend(base.get(), own.get());
    specs.add(0, new SpecLineage.Spec(file, root));
    return Optional.of(root);
  }

  private Optional<Mapping> base(Mapping own) {
    Member entry = own.entries().get("extends");
    if (entry == null
        || !(entry.value() instanceof Scalar reference)
        || reference.kind() != YamlType.TEXT
        || reference.text().isBlank()) {
      problems.add(
          entry == null ? own.at() : entry.at(),
          "extends: expected the name of a spec beside this one, such as 'vieli2021.yaml'");
      return Optional.empty();
    }
    Optional<Path> path = beside(reference, "extends", problems);
    return path.isEmpty() ? Optional.empty() : read(path.get(), reference.at());
  }

  private void checkName(Mapping own, Mapping base) {
    Member name = own.entries().get("name");
    Member inherited = base.entries().get("name");
    if (name == null) {
      problems.add(own.at(), "missing field 'name'; results go by it, so it is never inherited");
    } else if (inherited != null
        && name.value() instanceof Scalar mine
        && inherited.value() instanceof Scalar theirs
        && mine.kind() == YamlType.TEXT
        && mine.text().equals(theirs.text())) {
      problems.add(name.at(), "name: " + mine.shown() + " is already that of " + theirs.at());
    }
  }

  private Mapping extend(Mapping base, Mapping own) {
    Map<String, Member> merged = new LinkedHashMap<>(base.entries());
    merged.remove("conditions"); // A spec tells its own.
    for (Map.Entry<String, Member> field : own.entries().entrySet()) {
      Member theirs = base.entries().get(field.getKey());
      Member mine = field.getValue();
      merged.put(
          field.getKey(),
          switch (field.getKey()) {
            case "data", "protocol", "claims", "links" -> merge(theirs, mine, Integer.MAX_VALUE);
            case "training" -> mergeTraining(theirs, mine);
            case "bodies", "digit-heads", "tails", "factorial" -> merge(theirs, mine, 1);
            case "models", "sweeps" -> merge(theirs, mine, this::mergeModel);
            default -> mine;
          });
    }
    merged.remove("extends");
    return new Mapping(own.at(), merged);
  }

  /** What becomes of one field that an extending mapping has; nothing removes the inherited one. */
  private interface FieldMerge {
    @Nullable Member merged(Mapping base, String name, Member mine);
  }

  /** Returns {@code theirs} with the fields of {@code mine}, if both are mappings. */
  private static Member merge(@Nullable Member theirs, Member mine, FieldMerge each) {
    if (theirs == null
        || !(theirs.value() instanceof Mapping base)
        || !(mine.value() instanceof Mapping own)) {
      return mine;
    }
    Map<String, Member> merged = new LinkedHashMap<>(base.entries());
    own.entries()
        .forEach((name, field) -> merged.compute(name, (n, old) -> each.merged(base, n, field)));
    return new Member(mine.at(), new Mapping(mine.at(), merged));
  }

  private Member mergeModel(Mapping models, String name, Member mine) {
    noteLikeness(name, mine, models);
    return merge(models.entries().get(name), mine, this::mergeModelField);
  }

  private @Nullable Member mergeModelField(Mapping model, String name, Member mine) {
    if (mine.value() instanceof Scalar scalar && scalar.kind() == YamlType.NOTHING) {
      return null;
    }
    Member theirs = model.entries().get(name);
    return switch (name) {
      case "training" -> mergeTraining(theirs, mine);
      case "with", "protocol" -> merge(theirs, mine, Integer.MAX_VALUE);
      default -> mine;
    };
  }

  private void noteLikeness(String name, Member mine, Mapping base) {
    if (mine.value() instanceof Mapping own && !base.entries().containsKey(name)) {
      Hint.nearest(name, base.entries().keySet())
          .ifPresent(near -> problems.isLike(own.at(), name, near));
    }
  }

  /** Merges in all depth, but for the optimizer, where {@code mine} names another. */
  private Member mergeTraining(@Nullable Member theirs, Member mine) {
    if (theirs == null
        || !(theirs.value() instanceof Mapping base)
        || !(mine.value() instanceof Mapping own)) {
      return mine;
    }
    Map<String, Member> kept = new LinkedHashMap<>(base.entries());
    if (OPTIMIZERS.stream().anyMatch(own.entries()::containsKey)) {
      OPTIMIZERS.stream().filter(o -> !own.entries().containsKey(o)).forEach(kept::remove);
    }
    return merge(new Member(theirs.at(), new Mapping(base.at(), kept)), mine, Integer.MAX_VALUE);
  }

  /** Returns {@code theirs} with the fields of {@code mine}, merged down to {@code depth}. */
  private Member merge(@Nullable Member theirs, Member mine, int depth) {
    return depth == 0
        ? mine
        : merge(
            theirs,
            mine,
            (base, name, field) -> {
              noteLikeness(name, field, base);
              return merge(base.entries().get(name), field, depth - 1);
            });
  }
}
