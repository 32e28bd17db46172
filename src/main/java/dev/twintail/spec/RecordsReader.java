package dev.twintail.spec;

import dev.twintail.network.RealRange;
import dev.twintail.spec.AuthorsRecords.ModelsShare;
import dev.twintail.spec.AuthorsRecords.RecordedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the rounds that a report's authors recorded: lines {@code round,model,accuracy} below a
 * head of these words, accuracies as fractions of 1, each model in each round once. The first fault
 * of the file is told, with its line.
 */
final class RecordsReader {
  private static final String HEAD = "round,model,accuracy";
  private static final RealRange FRACTION = new RealRange(0, 1, RealRange.Ends.BOTH);

  private final Problems problems;
  private final Path file;
  private final Set<String> models;
  private final Map<String, SortedMap<Integer, Double>> byModel = new LinkedHashMap<>();

  private RecordsReader(Problems problems, Path file, Set<String> models) {
    this.problems = problems;
    this.file = file;
    this.models = models;
  }

  /**
   * Reads the field {@code records}; empty, with problems recorded, if it or its file is wrong.
   *
   * @param models the names of the experiment's models
   */
  static Optional<AuthorsRecords> read(
      Fields root, SpecLineage lineage, Set<String> models, Problems problems) {
    Optional<Fields> found = root.section("records", Section.RECORDS);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = found.get();
    String where = fields.text("where");
    ModelsShare shared = fields.choice("models-share", ModelsShare.values(), ModelsShare.NOTHING);
    Optional<Yaml.Scalar> name = fields.textScalar("file");
    Optional<Path> path = name.flatMap(n -> SpecFile.beside(n, fields.path("file"), problems));
    if (name.isEmpty() || path.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> text = TextFile.read(path.get(), name.get().at(), ".csv", problems);
    RecordsReader reader = new RecordsReader(problems, path.get(), models);
    if (text.isEmpty() || !reader.lines(text.get())) {
      return Optional.empty();
    }
    List<RecordedModel> recorded = new ArrayList<>();
    reader.byModel.forEach(
        (model, rounds) ->
            recorded.add(
                new RecordedModel(
                    model, List.copyOf(rounds.values()), lineage.standing(model, fields.at()))));
    return Optional.of(
        new AuthorsRecords(text.get().replace("\r\n", "\n"), where, shared, recorded));
  }

  private boolean lines(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
      return fault(1, "expected '" + HEAD + "'" + found(lines.isEmpty() ? "" : lines.get(0)));
    }
    for (int i = 1; i < lines.size(); i++) {
      if (!line(i + 1, lines.get(i))) {
        return false;
      }
    }
    if (byModel.isEmpty()) {
      return fault(lines.size(), "there are no rounds");
    }
    SortedMap<Integer, Double> first = byModel.values().iterator().next();
    for (Map.Entry<String, SortedMap<Integer, Double>> model : byModel.entrySet()) {
      for (int round : first.keySet()) {
        if (!model.getValue().containsKey(round)) {
          return fault(lines.size(), "round " + round + " of " + model.getKey() + " is missing");
        }
      }
      for (int round : model.getValue().keySet()) {
        if (!first.containsKey(round)) {
          return fault(
              lines.size(),
              "round " + round + " of " + byModel.keySet().iterator().next() + " is missing");
        }
      }
    }
    return true;
  }

  private boolean line(int number, String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != 3) {
      return fault(number, "expected a round, a model and an accuracy" + found(line));
    }
    Optional<Long> round =
        Numbers.whole(cells[0]).filter(r -> r >= 1 && r <= AuthorsRecords.ROUNDS.max());
    if (round.isEmpty()) {
      return fault(number, "round: expected " + AuthorsRecords.ROUNDS + found(cells[0]));
    }
    if (!models.contains(cells[1])) {
      return fault(number, "unknown model '" + cells[1] + "'; " + Hint.forName(cells[1], models));
    }
    Optional<Double> accuracy = Numbers.real(cells[2]).filter(FRACTION::contains);
    if (accuracy.isEmpty()) {
      return fault(number, "accuracy: expected " + FRACTION + found(cells[2]));
    }
    SortedMap<Integer, Double> rounds = byModel.computeIfAbsent(cells[1], m -> new TreeMap<>());
    return rounds.put(round.get().intValue(), accuracy.get()) == null
        || fault(number, "round " + cells[0] + " of " + cells[1] + " is there twice");
  }

  private static String found(String text) {
    return ", found " + (text.isEmpty() ? "nothing" : "'" + text + "'");
  }

  /** Records a problem; false. */
  private boolean fault(int line, String message) {
    problems.add(new Position(file, line), message);
    return false;
  }
}
