package dev.twintail.report;

import dev.twintail.report.chart.HeatMap;
import dev.twintail.result.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often a model is wrong about each pair of classes, over all rounds. */
final class ErrorRates {
  /** Pages of fewer classes have empty cells for the others, and are kept under their keys. */
  private static final int LEAST = 10;

  private final int classes;
  private final int[][] wrong;
  private final int[][] count;

  private ErrorRates(int classes) {
    this.classes = Math.max(LEAST, classes);
    this.wrong = new int[this.classes][this.classes];
    this.count = new int[this.classes][this.classes];
  }

  /**
   * Returns the rates by model, in the order of the predictions.
   *
   * @param classes how many there are of images
   */
  static Map<String, ErrorRates> byModel(List<Evidence.PredictedPairs> predictions, int classes) {
    Map<String, ErrorRates> rates = new LinkedHashMap<>();
    for (Evidence.PredictedPairs prediction : predictions) {
      rates
          .computeIfAbsent(prediction.model(), m -> new ErrorRates(classes))
          .add(prediction.table());
    }
    return rates;
  }

  private void add(Table table) {
    int[] first = table.ints("digit1");
    int[] second = table.ints("digit2");
    int[] target = table.ints("target");
    int[] predicted = table.ints("predicted");
    for (int i = 0; i < first.length; i++) {
      count[first[i]][second[i]]++;
      wrong[first[i]][second[i]] += target[i] == predicted[i] ? 0 : 1;
    }
  }

  HeatMap.Cell[][] cells() {
    HeatMap.Cell[][] cells = new HeatMap.Cell[classes][classes];
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        cells[i][j] = new HeatMap.Cell(wrong[i][j], count[i][j]);
      }
    }
    return cells;
  }

  /** Returns the highest rate of all cells in %, 0 if nothing is wrong. */
  double highest() {
    double highest = 0;
    for (HeatMap.Cell[] row : cells()) {
      for (HeatMap.Cell cell : row) {
        if (cell.count() > 0) {
          highest = Math.max(highest, 100.0 * cell.wrong() / cell.count());
        }
      }
    }
    return highest;
  }

  /** Says which pair is answered worst. */
  String worst() {
    int first = -1;
    int second = -1;
    double highest = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        double rate = count[i][j] == 0 ? 0 : (double) wrong[i][j] / count[i][j];
        if (rate > highest) {
          highest = rate;
          first = i;
          second = j;
        }
      }
    }
    return first < 0
        ? "No pair was answered wrong."
        : "Worst: %s then %s, wrong %s of %s times."
            .formatted(first, second, wrong[first][second], count[first][second]);
  }
}
