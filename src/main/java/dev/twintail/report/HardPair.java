package dev.twintail.report;

import dev.twintail.report.chart.GreyImage;
import dev.twintail.result.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A test pair that was often answered wrong.
 *
 * @param dataset names the pairs that it is one of
 * @param pair its row
 * @param target 1 if the first digit is at most the second
 * @param wrong how many answers were wrong, at most {@code asked}
 */
record HardPair(
    String dataset,
    int pair,
    int digit1,
    int digit2,
    int target,
    int wrong,
    int asked,
    GreyImage image1,
    GreyImage image2) {

  private static final Comparator<MissedPair> HARDEST =
      Comparator.comparingDouble((MissedPair c) -> -c.share())
          .thenComparingInt(c -> -c.wrong)
          .thenComparingDouble(MissedPair::belief);

  /** A pair that is counted. */
  private static final class MissedPair {
    private final Evidence.PredictedPairs source;
    private final int row;
    private int wrong;
    private int asked;
    private double beliefs;
    private int believers;

    MissedPair(Evidence.PredictedPairs source, int row) {
      this.source = source;
      this.row = row;
    }

    double share() {
      return (double) wrong / asked;
    }

    /** Returns the mean probability of the right answer; 1 if no model gives one. */
    double belief() {
      return believers == 0 ? 1 : beliefs / believers;
    }
  }

  /**
   * Returns the pairs with the largest share of wrong answers, hardest first. Between equals, the
   * one of whose right answer models are less sure comes first, then the earlier one.
   */
  static List<HardPair> of(
      List<Evidence.PredictedPairs> predictions, Evidence.Datasets datasets, int most)
      throws IOException {
    Map<String, MissedPair[]> byDataset = new LinkedHashMap<>();
    for (Evidence.PredictedPairs prediction : predictions) {
      Table table = prediction.table();
      MissedPair[] candidates =
          byDataset.computeIfAbsent(prediction.dataset(), d -> candidates(prediction));
      int[] target = table.ints("target");
      int[] predicted = table.ints("predicted");
      Double[] probability = table.optionalDoubles("probability");
      for (int i = 0; i < target.length; i++) {
        MissedPair candidate = candidates[i];
        candidate.asked++;
        candidate.wrong += target[i] == predicted[i] ? 0 : 1;
        Double yes = probability[i];
        if (yes != null) {
          candidate.beliefs += target[i] == 1 ? yes : 1 - yes;
          candidate.believers++;
        }
      }
    }
    List<MissedPair> all = new ArrayList<>();
    byDataset.values().forEach(candidates -> all.addAll(Arrays.asList(candidates)));
    List<HardPair> hardest = new ArrayList<>();
    for (MissedPair candidate :
        all.stream().filter(c -> c.wrong > 0).sorted(HARDEST).limit(most).toList()) {
      hardest.add(pictured(candidate, datasets));
    }
    return hardest;
  }

  private static MissedPair[] candidates(Evidence.PredictedPairs prediction) {
    MissedPair[] candidates = new MissedPair[prediction.table().rows()];
    for (int i = 0; i < candidates.length; i++) {
      candidates[i] = new MissedPair(prediction, i);
    }
    return candidates;
  }

  private static HardPair pictured(MissedPair candidate, Evidence.Datasets datasets)
      throws IOException {
    Evidence.PredictedPairs source = candidate.source;
    Table pairs = datasets.pairs(source.dataset());
    int row = candidate.row;
    return new HardPair(
        source.dataset(),
        source.table().ints("pair")[row],
        source.table().ints("digit1")[row],
        source.table().ints("digit2")[row],
        source.table().ints("target")[row],
        candidate.wrong,
        candidate.asked,
        image(pairs, "image1", row),
        image(pairs, "image2", row));
  }

  /** Returns a picture of one image of a row. */
  static GreyImage image(Table pairs, String column, int row) {
    int features = pairs.width(column);
    float[] pixels = pairs.floats(column);
    return GreyImage.of(
        Integer.parseInt(pairs.metadata().getOrDefault("width", "")),
        Integer.parseInt(pairs.metadata().getOrDefault("height", "")),
        Arrays.copyOfRange(pixels, row * features, (row + 1) * features));
  }
}
