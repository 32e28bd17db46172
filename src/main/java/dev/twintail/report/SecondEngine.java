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
          List<Double> ours = new ArrayList<>();
          for (int i = 0; i < evaluations.rows() && ours.size() < theirs.size(); i++) {
            if (evaluations.strings("model").get(i).equals(model)) {
              ours.add(evaluations.doubles("accuracy")[i]);
            }
          }
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
    StringBuilder text = new StringBuilder(engine);
    text.append(" ran ")
        .append(Chapters.counted(opinion.models().size(), "model"))
        .append(" of ")
        .append(experiment)
        .append(" in ")
        .append(opinion.rounds())
        .append(opinion.rounds().equals("1") ? " round" : " rounds")
        .append(opinion.models().size() == 1 ? "" : " each")
        .append(": its accuracy differs by ")
        .append(Decimal.signed(100 * opinion.difference(), 2))
        .append(" points");
    opinion
        .standardError()
        .ifPresent(
            error ->
                text.append(" on average over models (standard error ")
                    .append(Decimal.of(100 * error, 2))
                    .append(')'));
    opinion
        .std()
        .ifPresentOrElse(
            std ->
                text.append("; ")
                    .append(opinion.beyond())
                    .append(" of ")
                    .append(opinion.models().size())
                    .append(" differ by more than rounds deviate (")
                    .append(Decimal.of(100 * std, 2))
                    .append(" a round; 5 %, Holm)."),
            () -> text.append("; one round each does not tell how far rounds deviate."));
    return text.toString();
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
            .map(
                i ->
                    " [%s, %s]"
                        .formatted(
                            Decimal.signed(100 * i.low(), 2), Decimal.signed(100 * i.high(), 2)))
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
