package dev.twintail.stage;

import dev.twintail.result.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@link CollectResults#CURVES}: the curves of all trainings, one after the other. */
final class CurveColumns {
  private record CurvePoint(
      String model, int round, int epoch, String split, String metric, double value) {}

  private final List<CurvePoint> points = new ArrayList<>();

  /** Each file has its words anew, and there are as many points as epochs in all rounds. */
  private final Map<String, String> words = new HashMap<>();

  void add(String model, int round, Table curve) {
    int[] epochs = curve.ints("epoch");
    List<String> splits = curve.strings("split");
    List<String> metrics = curve.strings("metric");
    double[] values = curve.doubles("value");
    for (int i = 0; i < epochs.length; i++) {
      points.add(
          new CurvePoint(
              model, round, epochs[i], once(splits.get(i)), once(metrics.get(i)), values[i]));
    }
  }

  private String once(String word) {
    return words.computeIfAbsent(word, w -> w);
  }

  Table table() {
    return new RowTable<>(Table.builder("curves", 1), points)
        .strings("model", CurvePoint::model)
        .ints("round", CurvePoint::round)
        .ints("epoch", CurvePoint::epoch)
        .strings("split", CurvePoint::split)
        .strings("metric", CurvePoint::metric)
        .doubles("value", CurvePoint::value)
        .build();
  }
}
