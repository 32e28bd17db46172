package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.layer.LayerList;
import dev.twintail.model.Loss;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.model.Training;
import dev.twintail.model.Weights;
import dev.twintail.random.Seed;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.LossSpec;
import dev.twintail.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the three training stages have in common: their outputs, parameters and seeds. */
final class Learning {
  static final String WEIGHTS = "weights.safetensors";
  static final String CURVES = "curves.arrow";
  static final String CURVES_SCHEMA = "training-curves";
  static final int CURVES_VERSION = 1;
  static final String DATA = "pairs";

  private Learning() {}

  static void describe(Stage.Description description, TrainingSpec training) {
    description.parameter("training.epochs", training.epochs());
    description.parameter("training.batch", training.batch());
    description.parameter("training.shuffle", training.shuffle());
    description.parameter("training.standardize", training.standardize());
    description.parameter("training.adam.learning-rate", training.adam().learningRate());
    description.parameter("training.adam.beta1", training.adam().beta1());
    description.parameter("training.adam.beta2", training.adam().beta2());
    description.parameter("training.adam.epsilon", training.adam().epsilon());
  }

  static void describe(Stage.Description description, LossSpec loss) {
    description.parameter("loss.target", loss.target());
    description.parameter("loss.digit", loss.digit());
    description.parameter("loss.mix", loss.mix().name());
  }

  static void describe(Stage.Description description, String part, LayerList layers) {
    description.parameter(part + ".layers", layers.layers().size());
    for (int i = 0; i < layers.layers().size(); i++) {
      description.parameter(part + "." + i, layers.layers().get(i).text());
    }
  }

  static void describe(Stage.Description description, Trainer.Seeds seeds) {
    description.seed("initialisation", seeds.initialisation());
    description.seed("shuffle", seeds.shuffle());
    description.seed("coin", seeds.coin());
    description.seed("dropout", seeds.dropout());
    description.seed("augmentation", seeds.augmentation());
  }

  static Trainer.Seeds seeds(long rootSeed, StageName stage, int round) {
    return new Trainer.Seeds(
        Seed.derive(rootSeed, stage.label(), "initialisation", round),
        Seed.derive(rootSeed, stage.label(), "shuffle", round),
        Seed.derive(rootSeed, stage.label(), "coin", round),
        Seed.derive(rootSeed, stage.label(), "dropout", round),
        Seed.derive(rootSeed, stage.label(), "augmentation", round));
  }

  static Training training(TrainingSpec spec) {
    return Training.plain(
        spec.epochs(),
        spec.batch(),
        spec.shuffle(),
        new Training.Adam(
            spec.adam().learningRate(),
            spec.adam().beta1(),
            spec.adam().beta2(),
            spec.adam().epsilon()));
  }

  static Loss loss(LossSpec spec) {
    Loss.Mix mix =
        switch (spec.mix()) {
          case SUM -> Loss.Mix.SUM;
          case COIN -> Loss.Mix.COIN;
        };
    return new Loss(spec.target(), spec.digit(), mix, Loss.DigitReading.LOGITS);
  }

  static PixelScale scale(TrainingSpec training, Table pairs) {
    return training.standardize() ? PixelScale.standardizing(pairs) : PixelScale.raw();
  }

  /** Returns the outputs of a training: weights and curves. */
  static Map<String, Blob> outputs(Weights weights, List<Trainer.Point> curves) {
    List<String> splits = new ArrayList<>();
    List<String> metrics = new ArrayList<>();
    for (Trainer.Point point : curves) {
      splits.add(point.split());
      metrics.add(point.metric());
    }
    Table table =
        Table.builder(CURVES_SCHEMA, CURVES_VERSION)
            .ints("epoch", curves.stream().mapToInt(Trainer.Point::epoch).toArray())
            .strings("split", splits)
            .strings("metric", metrics)
            .doubles("value", curves.stream().mapToDouble(Trainer.Point::value).toArray())
            .build();
    return Map.of(
        WEIGHTS, Blob.of(Safetensors.encode(weights, Map.of("format", "pt"))),
        CURVES, Blob.of(ArrowFiles.encode(table)));
  }
}
