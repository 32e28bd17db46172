package dev.twintail.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.twintail.report.chart.Curves;
import dev.twintail.report.chart.Decimal;
import dev.twintail.result.Table;
import dev.twintail.stats.Sample;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How every model learnt, epoch by epoch: means over the rounds and their deviations. */
final class LearningCurves {
  private static final String ACCURACY = "accuracy";
  private static final List<String> METRICS = List.of(ACCURACY, "loss", "digit_accuracy");
  private static final List<String> SPLITS = List.of("validation", "train");

  /** By model, metric and split. */
  private final Map<String, Map<String, Map<String, List<Curves.CurvePoint>>>> points =
      new LinkedHashMap<>();

  private LearningCurves() {}

  /** Returns that nothing learnt. */
  static LearningCurves none() {
    return new LearningCurves();
  }

  /** Returns what {@code curves.arrow} tells: accuracies in %, losses in nats. */
  static LearningCurves of(Table curves) {
    Map<String, Map<String, Map<String, SortedMap<Integer, List<Double>>>>> values =
        new LinkedHashMap<>();
    int[] epochs = curves.ints("epoch");
    double[] value = curves.doubles("value");
    List<String> models = curves.strings("model");
    List<String> metrics = curves.strings("metric");
    List<String> splits = curves.strings("split");
    for (int i = 0; i < epochs.length; i++) {
      double factor = metrics.get(i).equals("loss") ? 1 : 100;
      if (Double.isFinite(value[i])) {
        values
            .computeIfAbsent(models.get(i), m -> new LinkedHashMap<>())
            .computeIfAbsent(metrics.get(i), m -> new LinkedHashMap<>())
            .computeIfAbsent(splits.get(i), s -> new TreeMap<>())
            .computeIfAbsent(epochs[i], e -> new ArrayList<>())
            .add(factor * value[i]);
      }
    }
    LearningCurves learning = new LearningCurves();
    values.forEach(
        (model, ofModel) -> {
          Map<String, Map<String, List<Curves.CurvePoint>>> sorted = new LinkedHashMap<>();
          for (String metric : METRICS) {
            for (String split : SPLITS) {
              SortedMap<Integer, List<Double>> byEpoch =
                  ofModel.getOrDefault(metric, Map.of()).get(split);
              if (byEpoch != null) {
                sorted
                    .computeIfAbsent(metric, m -> new LinkedHashMap<>())
                    .put(split, summarised(byEpoch));
              }
            }
          }
          learning.points.put(model, sorted);
        });
    return learning;
  }

  private static List<Curves.CurvePoint> summarised(SortedMap<Integer, List<Double>> byEpoch) {
    List<Curves.CurvePoint> points = new ArrayList<>();
    byEpoch.forEach(
        (epoch, ofRounds) -> {
          Sample sample = Sample.of(ofRounds);
          double half = sample.std().orElse(0.0);
          points.add(
              new Curves.CurvePoint(
                  epoch, sample.mean(), sample.mean() - half, sample.mean() + half));
        });
    return points;
  }

  /** Returns the lines of each model that has accuracies: validation first, then training. */
  Map<String, List<Curves.Curve>> accuracies() {
    Map<String, List<Curves.Curve>> lines = new LinkedHashMap<>();
    points.forEach(
        (model, metrics) -> {
          List<Curves.Curve> ofModel = new ArrayList<>();
          metrics
              .getOrDefault(ACCURACY, Map.of())
              .forEach((split, all) -> ofModel.add(new Curves.Curve(split, all)));
          if (!ofModel.isEmpty()) {
            lines.put(model, ofModel);
          }
        });
    return lines;
  }

  /** Returns what the accuracies of all models span. */
  Curves.Span span() {
    double least = 100;
    double largest = 0;
    int last = 1;
    for (List<Curves.Curve> lines : accuracies().values()) {
      for (Curves.Curve line : lines) {
        for (Curves.CurvePoint point : line.points()) {
          least = Math.min(least, point.low());
          largest = Math.max(largest, point.high());
          last = Math.max(last, point.epoch());
        }
      }
    }
    return new Curves.Span(1, last, Math.max(0, least), Math.min(100, largest));
  }

  /** Returns whether there is nothing to draw. */
  boolean isEmpty() {
    return accuracies().isEmpty();
  }

  /**
   * Returns all series as JSON for the page's script: a list of {@code model, metric, split, epoch,
   * mean, std}.
   */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      for (var model : points.entrySet()) {
        for (var metric : model.getValue().entrySet()) {
          for (var split : metric.getValue().entrySet()) {
            json.writeStartObject();
            json.writeStringField("model", model.getKey());
            json.writeStringField("metric", metric.getKey());
            json.writeStringField("split", split.getKey());
            int digits = metric.getKey().equals("loss") ? 4 : 2;
            numbers(json, "epoch", split.getValue().stream().map(p -> p.epoch() + "").toList());
            numbers(
                json,
                "mean",
                split.getValue().stream().map(p -> Decimal.of(p.mean(), digits)).toList());
            numbers(
                json,
                "std",
                split.getValue().stream()
                    .map(p -> Decimal.of(p.high() - p.mean(), digits))
                    .toList());
            json.writeEndObject();
          }
        }
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void numbers(JsonGenerator json, String name, List<String> numbers)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }
}
