package dev.twintail.spec;

import dev.twintail.spec.SweepSpec.Candidate;
import dev.twintail.spec.SweepSpec.Variation;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import dev.twintail.spec.Yaml.Scalar;
import dev.twintail.spec.Yaml.Sequence;
import dev.twintail.spec.Yaml.YamlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads sweeps, and models that sweeps choose. */
final class SweepReader {
  private static final int MOST_CANDIDATES = 10_000;

  /** As the YAML 1.2 core schema has them. */
  private static final Set<String> FLAGS =
      Set.of("true", "True", "TRUE", "false", "False", "FALSE");

  private final Problems problems;
  private final ModelContext context;
  private final Map<String, Mapping> models;

  /**
   * Sees the models of one experiment.
   *
   * @param models as they stand in the spec, by name
   */
  SweepReader(Problems problems, ModelContext context, Map<String, Mapping> models) {
    this.problems = problems;
    this.context = context;
    this.models = models;
  }

  /** Reads one sweep; empty, with problems recorded, if it or one of its models is wrong. */
  Optional<SweepSpec> sweep(String name, Mapping mapping) {
    int before = problems.count();
    Fields fields = new Fields(mapping, Section.SWEEP, "sweeps." + name, problems);
    Optional<Mapping> base = base(fields);
    int rounds = fields.integer("rounds", Experiment.ROUNDS, 1);
    List<List<Candidate>> steps = steps(fields);
    Optional<AuthorsChoice> authors =
        fields.section("authors", Section.AUTHORS).map(f -> authors(f, steps));
    if (problems.count() > before || base.isEmpty()) {
      return Optional.empty();
    }
    String model = fields.text("model");
    return canBeBuilt(model, base.get(), steps, fields.at("steps"))
        ? Optional.of(
            new SweepSpec(name, model, rounds, steps, authors, variation(model, base.get())))
        : Optional.empty();
  }

  /** Tries each candidate on top of the first one of every step before; the first fault ends it. */
  private boolean canBeBuilt(String model, Mapping base, List<List<Candidate>> steps, Position at) {
    int before = problems.count();
    Map<String, String> first = new LinkedHashMap<>();
    for (List<Candidate> step : steps) {
      for (Candidate candidate : step) {
        Map<String, String> settings = new LinkedHashMap<>(first);
        settings.putAll(candidate.settings());
        new ModelReader(problems, context).read(model, varied(base, settings, at));
        if (problems.count() > before) {
          return false;
        }
      }
      first.putAll(step.get(0).settings());
    }
    return true;
  }

  private Optional<Mapping> base(Fields fields) {
    Optional<Scalar> name = fields.textScalar("model");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Mapping base = models.get(name.get().text());
    if (base == null) {
      fields.unknown(name.get(), "model", "model", models.keySet());
      return Optional.empty();
    }
    if (base.entries().containsKey("chosen-by")) {
      fields.wrong(
          name.get().at(),
          "model",
          "a sweep chooses " + name.get().shown() + " itself; vary a model that has a body");
      return Optional.empty();
    }
    return Optional.of(base);
  }

  private static AuthorsChoice authors(Fields fields, List<List<Candidate>> steps) {
    Set<String> varied = new LinkedHashSet<>();
    steps.forEach(step -> step.forEach(candidate -> varied.addAll(candidate.settings().keySet())));
    Map<String, String> settings = new LinkedHashMap<>();
    fields
        .requiredMapping("setting")
        .ifPresent(
            setting ->
                setting.entries().forEach((p, v) -> setting(fields, p, v, varied, settings)));
    return new AuthorsChoice(
        settings,
        fields.choice(
            "pairs", AuthorsChoice.ChoicePairs.values(), AuthorsChoice.ChoicePairs.VALIDATION),
        fields.accuracy("accuracy"),
        fields.text("where"));
  }

  private static void setting(
      Fields fields, String path, Member value, Set<String> varied, Map<String, String> settings) {
    if (!varied.contains(path)) {
      String hint = Hint.forName(path, varied);
      fields.wrong(value.at(), "setting", "the sweep does not vary '" + path + "'; " + hint);
    } else if (value.value() instanceof Scalar scalar && scalar.kind() != YamlType.NOTHING) {
      settings.put(path, scalar.text());
    } else {
      String found = value.value().shown();
      fields.wrong(value.at(), "setting", path + ": expected a value, found " + found);
    }
  }

  private static List<List<Candidate>> steps(Fields fields) {
    List<List<Candidate>> steps = new ArrayList<>();
    Optional<Yaml> value = fields.value("steps");
    if (value.isEmpty() || !(value.get() instanceof Sequence list) || list.items().isEmpty()) {
      fields.wrong("steps", "expected a list of grids such as [{loss.digit: [0.5, 1.0]}]");
      return steps;
    }
    for (Yaml item : list.items()) {
      if (item instanceof Mapping grid && !grid.entries().isEmpty()) {
        steps.add(candidates(fields, grid));
      } else {
        fields.expected(item, "steps", "a grid such as {loss.digit: [0.5, 1.0]}");
      }
    }
    return steps;
  }

  /** Returns all combinations, the last setting varying fastest; fewer if there are too many. */
  private static List<Candidate> candidates(Fields fields, Mapping grid) {
    List<Candidate> candidates = List.of(new Candidate(Map.of()));
    for (Map.Entry<String, Member> axis : grid.entries().entrySet()) {
      Position at = axis.getValue().at();
      List<Candidate> next = new ArrayList<>();
      if (!(axis.getValue().value() instanceof Sequence values)
          || values.items().isEmpty()
          || !values.items().stream().allMatch(v -> v instanceof Scalar)) {
        String found =
            axis.getValue().value() instanceof Sequence list
                ? list.items().isEmpty() ? "an empty list" : "a list that holds other than values"
                : axis.getValue().value().shown();
        fields.wrong(at, "steps", axis.getKey() + ": expected a list of values, found " + found);
        continue;
      }
      Set<Object> seen = new HashSet<>();
      for (Yaml value : values.items()) {
        if (!seen.add(setting((Scalar) value))) {
          fields.wrong(at, "steps", axis.getKey() + ": " + value.shown() + " is there twice");
        }
      }
      if ((long) candidates.size() * values.items().size() > MOST_CANDIDATES) {
        fields.wrong(
            grid.at(), "steps", "one step has more than " + MOST_CANDIDATES + " candidates");
        return candidates;
      }
      for (Candidate candidate : candidates) {
        for (Yaml value : values.items()) {
          Map<String, String> settings = new LinkedHashMap<>(candidate.settings());
          settings.put(axis.getKey(), ((Scalar) value).text());
          next.add(new Candidate(settings));
        }
      }
      candidates = next;
    }
    return candidates;
  }

  /** Returns what a value of an axis sets: numbers are one however they are written. */
  private static Object setting(Scalar value) {
    Optional<Double> number = Numbers.real(value.text());
    return number.isPresent() ? number.get() : value.text();
  }

  /**
   * Reads a model that is chosen by a sweep: the sweep's model, but for the fields of its own, each
   * of which replaces that of the sweep's model whole.
   *
   * @param sweeps those of the experiment, by name; a value is empty if the sweep is wrong
   */
  Optional<ChosenModel> chosen(String name, Mapping own, Map<String, Optional<SweepSpec>> sweeps) {
    Member reference = own.entries().get("chosen-by");
    Optional<SweepSpec> found =
        reference != null && reference.value() instanceof Scalar scalar
            ? sweeps.get(scalar.text())
            : null;
    if (found == null) {
      problems.add(
          own.entries().getOrDefault("chosen-by", new Member(own.at(), own)).at(),
          "models."
              + name
              + ".chosen-by: unknown sweep "
              + (reference == null ? "" : reference.value().shown())
              + "; "
              + Hint.forName("", sweeps.keySet()));
      return Optional.empty();
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    SweepSpec sweep = found.get();
    Map<String, Member> fields =
        new LinkedHashMap<>(Objects.requireNonNull(models.get(sweep.model())).entries());
    fields.remove("published");
    fields.remove("remark");
    fields.putAll(own.entries());
    fields.remove("chosen-by");
    int before = problems.count();
    ChosenFields given = new ChosenFields(own, "models." + name);
    given.check(sweep, problems);
    if (problems.count() > before) {
      return Optional.empty();
    }
    // A field of its own may lack what the sweep sets in it: the first candidates stand for that.
    Mapping base = varied(new Mapping(own.at(), fields), sweep.firsts(), own.at());
    new ModelReader(problems, context).read(name, base);
    boolean sound =
        problems.count() == before
            && (!given.changeTheModel() || canBeBuilt(name, base, sweep.steps(), own.at()));
    return sound
        ? Optional.of(new ChosenModel(name, sweep.name(), variation(name, base)))
        : Optional.empty();
  }

  /**
   * Reads the model anew for other settings. When the spec was read, each candidate was tried on
   * top of the first one of every step before its own, not of those that trials will choose; so
   * here a setting may still turn out not to go with others, and is told at the sweep's place.
   */
  private Variation variation(String name, Mapping base) {
    return new Variation() {
      @Override
      public ModelSpec of(Map<String, String> settings) {
        Problems found = new Problems();
        Optional<ModelSpec> model =
            new ModelReader(found, context).read(name, varied(base, settings, base.at()));
        found.raise();
        return model.orElseThrow();
      }

      @Override
      public String toString() {
        return of(Map.of()).toString();
      }

      @Override
      public boolean equals(Object other) {
        return other instanceof Variation && other.toString().equals(toString());
      }

      @Override
      public int hashCode() {
        return toString().hashCode();
      }
    };
  }

  /** Returns {@code base} with some fields set, by path. */
  private static Mapping varied(Mapping base, Map<String, String> settings, Position at) {
    Mapping varied = base;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      varied = set(varied, List.of(setting.getKey().split("\\.")), setting.getValue(), at);
    }
    return varied;
  }

  private static Scalar scalar(String text, Position at) {
    YamlType kind = YamlType.TEXT;
    if (FLAGS.contains(text)) {
      kind = YamlType.FLAG;
    } else if (Numbers.real(text).isPresent()) {
      kind = Numbers.whole(text).isPresent() ? YamlType.WHOLE : YamlType.REAL;
    }
    return new Scalar(at, kind, text);
  }

  private static Mapping set(Mapping mapping, List<String> path, String value, Position at) {
    Map<String, Member> fields = new LinkedHashMap<>(mapping.entries());
    String name = path.get(0);
    if (path.size() == 1) {
      fields.put(name, new Member(at, scalar(value, at)));
    } else {
      Mapping inner =
          fields.containsKey(name) && fields.get(name).value() instanceof Mapping found
              ? found
              : new Mapping(at, Map.of());
      fields.put(name, new Member(at, set(inner, path.subList(1, path.size()), value, at)));
    }
    return new Mapping(mapping.at(), fields);
  }
}
