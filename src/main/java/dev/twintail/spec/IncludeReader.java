package dev.twintail.spec;

import dev.twintail.spec.Yaml.Scalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an experiment that is made of others: their models side by side, on the same pairs. A model
 * is called after its experiment, as in {@code fu-SharingAux}.
 */
final class IncludeReader {
  private static final List<String> OWN =
      List.of("include", "name", "title", "source", "links", "rounds");

  private final Problems problems;

  IncludeReader(Problems problems) {
    this.problems = problems;
  }

  /** Reads a file that is included. */
  interface IncludedText {
    Optional<Experiment> read(Path file, Position reference, Problems problems);
  }

  Optional<Experiment> read(
      Fields fields, String name, String title, String source, Links links, IncludedText reading) {
    int rounds = fields.integer("rounds", Experiment.ROUNDS);
    for (String other : Section.EXPERIMENT.fields()) {
      if (!OWN.contains(other) && fields.has(other)) {
        fields.wrong(other, "an experiment with 'include' takes it from the included ones");
      }
    }
    List<Experiment> included = new ArrayList<>();
    for (Scalar reference : fields.texts("include")) {
      Optional<Path> path = SpecFile.beside(reference, "include", problems);
      Optional<Experiment> experiment =
          path.isEmpty() ? Optional.empty() : reading.read(path.get(), reference.at(), problems);
      if (experiment.isPresent()) {
        check(fields, reference, experiment.get(), included);
        included.add(experiment.get());
      }
    }
    if (problems.count() > 0) {
      return Optional.empty();
    }
    if (included.isEmpty()) {
      fields.wrong("include", "there are none");
      return Optional.empty();
    }
    List<Experiment.Entrant> rows = new ArrayList<>();
    List<FactorialSpec> factorials = new ArrayList<>();
    for (Experiment experiment : included) {
      experiment.models().forEach(m -> rows.add(m.named(experiment.name() + "-" + m.name())));
      experiment.factorials().forEach(f -> factorials.add(f.prefixed(experiment.name() + "-")));
    }
    Experiment first = included.get(0);
    return Optional.of(
        new Experiment(
            name,
            title,
            source,
            links,
            Optional.empty(),
            first.seed(),
            rounds,
            first.data(),
            rows,
            List.of(),
            factorials,
            Optional.empty()));
  }

  private static void check(
      Fields fields, Scalar reference, Experiment experiment, List<Experiment> earlier) {
    String shown = reference.shown();
    if (!experiment.sweeps().isEmpty()) {
      fields.wrong(
          reference.at(),
          "include",
          shown + " has sweeps; only experiments without any can be included");
    }
    if (earlier.isEmpty()) {
      return;
    }
    Experiment first = earlier.get(0);
    if (first.seed() != experiment.seed() || !first.data().equals(experiment.data())) {
      fields.wrong(
          reference.at(),
          "include",
          ("%s has another seed or other data than %s, so that their models would not meet on the"
                  + " same pairs")
              .formatted(shown, first.name()));
    }
    if (earlier.stream().anyMatch(e -> e.name().equals(experiment.name()))) {
      fields.wrong(reference.at(), "include", shown + " is there twice");
    }
  }
}
