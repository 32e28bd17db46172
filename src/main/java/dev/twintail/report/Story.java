package dev.twintail.report;

import dev.twintail.report.chart.Decimal;
import dev.twintail.report.chart.GreyImage;
import dev.twintail.result.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What a reader should know before any number: the task, the claims, the outcome, the flaws. */
final class Story {
  /** So many models whose rounds did not learn are told one by one. */
  private static final int MOST_IDLE = 3;

  private final Outline outline;
  private final Evidence evidence;
  private final List<ClaimRow> claims;
  private final Figures figures;

  Story(Outline outline, Evidence evidence, Chapters chapters) {
    this.outline = outline;
    this.evidence = evidence;
    this.claims = chapters.claims();
    this.figures = chapters.figures();
  }

  /** Two images of a test pair, and what is asked of them. */
  record Example(int class1, int class2, GreyImage image1, GreyImage image2) {
    String words() {
      return "Class %s, then class %s: %s"
          .formatted(class1, class2, class1 <= class2 ? "yes" : "no");
    }
  }

  /** Returns the first test pair whose classes differ; empty where nothing was tested. */
  Optional<Example> example() throws IOException {
    if (evidence.predictions().isEmpty()) {
      return Optional.empty();
    }
    Evidence.PredictedPairs first = evidence.predictions().get(0);
    int[] class1 = first.table().ints("digit1");
    int[] class2 = first.table().ints("digit2");
    for (int i = 0; i < class1.length; i++) {
      if (class1[i] != class2[i]) {
        Table pairs = evidence.datasets().pairs(first.dataset());
        return Optional.of(
            new Example(
                class1[i],
                class2[i],
                HardPair.image(pairs, "image1", i),
                HardPair.image(pairs, "image2", i)));
      }
    }
    return Optional.empty();
  }

  /** Says what is asked, and of how many pairs. */
  String task() {
    Outline.Data data = outline.data();
    String watched =
        data.validationPairs() == 0
            ? ""
            : ", is watched on " + Decimal.grouped(data.validationPairs()) + " more";
    return ("Two images of %s, which has %s classes: is the class of the first at most"
            + " that of the second? A model learns from %s%s, and is tested on %s others, in"
            + " each of %s.")
        .formatted(
            data.digits(),
            data.classes(),
            Chapters.counted(data.trainPairs() - data.validationPairs(), "pair"),
            watched,
            Decimal.grouped(data.testPairs()),
            Chapters.counted(outline.rounds(), "round"));
  }

  /** Says what was published; empty where nothing was. */
  Optional<String> claimed() {
    if (claims.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> rounds =
        claims.stream().map(c -> c.claimed().judgement().claim().n()).distinct().sorted().toList();
    return Optional.of(
        Chapters.counted(claims.size(), "mean accuracy", "mean accuracies")
            + " over "
            + (rounds.size() == 1
                ? Chapters.counted(rounds.get(0), "round")
                : rounds.get(0) + " to " + rounds.get(rounds.size() - 1) + " rounds")
            + span()
            + ".");
  }

  /** Says how high they are: on test and on training pairs apart, which are not to be compared. */
  private String span() {
    List<ClaimRow> training = claims.stream().filter(c -> c.claimed().isOfTraining()).toList();
    if (training.isEmpty()) {
      return span(claims);
    }
    List<ClaimRow> test = claims.stream().filter(c -> !c.claimed().isOfTraining()).toList();
    String ofTraining = training.size() + " on training pairs" + span(training);
    return ": "
        + (test.isEmpty() ? "" : test.size() + " on test pairs" + span(test) + "; ")
        + ofTraining;
  }

  private static String span(List<ClaimRow> claims) {
    ToDoubleFunction<ClaimRow> mean = c -> c.claimed().judgement().claim().mean();
    ClaimRow least = claims.stream().min(Comparator.comparingDouble(mean)).orElseThrow();
    ClaimRow most = claims.stream().max(Comparator.comparingDouble(mean)).orElseThrow();
    return claims.size() == 1
        ? ": " + percent(mean, most)
        : ", from " + percent(mean, least) + " to " + percent(mean, most);
  }

  private static String percent(ToDoubleFunction<ClaimRow> mean, ClaimRow claim) {
    return Decimal.of(mean.applyAsDouble(claim), 2) + " % (" + claim.model() + ")";
  }

  /** Says which model is the best here, and how good; empty without models. */
  Optional<String> best() {
    if (figures.models().isEmpty()) {
      return Optional.empty();
    }
    List<TableRow> ranked = League.ranked(evidence.table("summary.arrow"));
    String text = "Best of " + Chapters.counted(ranked.size(), "model") + " here: ";
    text += accuracy(ranked.get(0));
    if (ranked.size() > 1) {
      text += "; last: " + accuracy(ranked.get(ranked.size() - 1));
    }
    return Optional.of(text + ".");
  }

  private static String accuracy(TableRow row) {
    return (row.text("model") + ", " + row.percent("mean") + " % " + row.ends("ci95")).strip();
  }

  /**
   * Returns what is known to be wrong, or to be borne in mind: what concerns all claims, which of
   * them are about something else and why, and which rounds did not learn.
   */
  List<String> flaws() {
    List<String> flaws = new ArrayList<>();
    outline
        .claimsRemark()
        .ifPresent(remark -> flaws.add("Of all published numbers: " + remark + "."));
    Map<String, List<String>> others = new LinkedHashMap<>();
    for (ClaimRow claim : claims) {
      claim
          .common()
          .or(claim::asRun)
          .filter(o -> !o.isJudged())
          .ifPresent(
              o -> others.computeIfAbsent(o.reason(), r -> new ArrayList<>()).add(claim.model()));
    }
    others.forEach(
        (reason, models) ->
            flaws.add(
                (models.size() == claims.size() ? "All" : String.join(", ", models))
                    + ": "
                    + reason));
    if (!figures.models().isEmpty()) {
      List<String> idle =
          RoundNotes.of(evidence.table("summary.arrow"), evidence.table("evaluations.arrow"));
      if (idle.size() > MOST_IDLE) {
        flaws.add(idle.size() + " models have rounds that did not learn; they are told below.");
      } else {
        flaws.addAll(idle);
      }
    }
    return flaws;
  }
}
