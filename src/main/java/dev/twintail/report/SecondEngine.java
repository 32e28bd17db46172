package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.SecondOpinion;
import dev.twintail.stats.SecondOpinion.ModelOpinion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What another engine made of an experiment, from the same pairs: an independent implementation,
 * beside the one whose results the experiment's are.
 *
 * @param experiment its name
 * @param engine what the other engine is called
 * @param opinion accuracies as fractions of 1
 */
public record SecondEngine(String experiment, String engine, SecondOpinion opinion) {
  /**
   * Compares both engines in the rounds that the other one has.
   *
   * @param evaluations {@code evaluations.arrow} of the experiment
   * @param others the other engine's accuracies by model, of rounds 1 to k
   */
  public static SecondEngine of(
      String experiment, String engine, Table evaluations, Map<String, List<Double>> others) {
    List<SecondOpinion.TwoPrograms> models = new ArrayList<>();
    others.forEach(
        (model, theirs) -> {
          List<Double> ours =
              TableRow.of(evaluations).stream()
                  .filter(row -> row.text("model").equals(model))
                  .limit(theirs.size())
                  .map(row -> row.number("accuracy"))
                  .toList();
          models.add(new SecondOpinion.TwoPrograms(model, ours, theirs));
        });
    return new SecondEngine(experiment, engine, SecondOpinion.of(models));
  }

  /** Returns the part of a report that tells of it. */
  static Chapter chapter(List<SecondEngine> all) {
    List<Chapter.Grid> grids = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (SecondEngine one : all) {
      grids.add(one.grid());
      words.add(one.words());
    }
    return new Chapter(
        "second-engine",
        "A second engine’s opinion",
        "Two independent implementations learnt from the same pairs, in the same rounds. "
            + String.join(" ", words),
        grids,
        List.of(),
        List.of());
  }

  /** Says in two sentences how far both agree. */
  public String words() {
    int models = opinion.models().size();
    String average =
        opinion
            .standardError()
            .map(
                error ->
                    " on average over models (standard error " + Decimal.of(100 * error, 2) + ")")
            .orElse("");
    String beyond =
        opinion
            .std()
            .map(
                std ->
                    "%s of %s differ by more than rounds deviate (%s a round; 5 %%, Holm)."
                        .formatted(opinion.beyond(), models, Decimal.of(100 * std, 2)))
            .orElse("one round each does not tell how far rounds deviate.");
    return "%s ran %s of %s in %s %s%s: its accuracy differs by %s points%s; %s"
        .formatted(
            engine,
            Chapters.counted(models, "model"),
            experiment,
            opinion.rounds(),
            opinion.rounds().equals("1") ? "round" : "rounds",
            models == 1 ? "" : " each",
            Decimal.signed(100 * opinion.difference(), 2),
            average,
            beyond);
  }

  Chapter.Grid grid() {
    List<List<String>> rows = new ArrayList<>();
    for (ModelOpinion model : opinion.models()) {
      rows.add(
          List.of(
              model.model(),
              Integer.toString(model.n()),
              Decimal.of(100 * model.first(), 2),
              Decimal.of(100 * model.second(), 2),
              difference(model),
              model.p().map(p -> Decimal.of(p, 4)).orElse("")));
    }
    return new Chapter.Grid(
        "second-engine-" + experiment,
        "Both engines on the same rounds of " + experiment,
        List.of("Model", "Rounds", "This engine", engine, "Difference", "p, Holm"),
        rows);
  }

  private static String difference(ModelOpinion model) {
    return Decimal.signed(100 * model.difference(), 2)
        + model
            .interval95()
            .map(i -> " " + Decimal.signedInterval(100 * i.low(), 100 * i.high()))
            .orElse("");
  }

  /**
   * Returns the other engine's mean and its difference, by model, such as {@code 98.10 (-0.05)}.
   */
  public Map<String, String> cells() {
    Map<String, String> cells = new LinkedHashMap<>();
    for (ModelOpinion model : opinion.models()) {
      cells.put(
          model.model(), Decimal.of(100 * model.second(), 2) + " (" + difference(model) + ")");
    }
    return cells;
  }
}
