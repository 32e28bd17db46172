package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.DigitHead;
import dev.twintail.network.Head;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Seed;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What the three training stages have in common: their outputs, parameters and seeds. */
final class LearningColumns {
  static final String WEIGHTS = "weights.safetensors";
  static final String CURVES = "curves.arrow";
  static final Set<String> OUTPUTS = Set.of(WEIGHTS, CURVES);
  static final String CURVES_SCHEMA = "training-curves";
  static final int CURVES_VERSION = 1;
  static final String DATA = "pairs";

  private LearningColumns() {}

  static void describe(Stage.Description description, LearningStage stage) {
    description.part(stage.training(), LearningColumns::describe);
    describe(description, seeds(stage));
  }

  private static void describe(Stage.Description description, TrainingConfig training) {
    description.parameter("training.epochs", training.epochs());
    description.parameter("training.batch", training.batch());
    description.parameter("training.shuffle", training.shuffle());
    description.parameter("training.standardize", training.standardize());
    if (training.optimizer() instanceof Optimizer.Adam adam) {
      description.parameter("training.adam.learning-rate", adam.learningRate());
      description.parameter("training.adam.beta1", adam.beta1());
      description.parameter("training.adam.beta2", adam.beta2());
      description.parameter("training.adam.epsilon", adam.epsilon());
    } else if (training.optimizer() instanceof Optimizer.Sgd sgd) {
      description.parameter("training.sgd.learning-rate", sgd.learningRate());
      description.parameter("training.sgd.momentum", sgd.momentum());
    }
    description.parameter("training.schedule.factor", training.schedule().factor());
    description.parameter("training.schedule.every", training.schedule().every());
    description.parameter("training.schedule.optimizer", training.schedule().optimizer().keyWord());
    description.parameter("training.augment.pairing", training.augment().pairing().keyWord());
    description.parameter("training.augment.shift", training.augment().shift());
  }

  static void describe(Stage.Description description, Loss loss) {
    description.parameter("loss.target", loss.target());
    description.parameter("loss.digit", loss.digit());
    description.parameter("loss.mix", loss.mix().keyWord());
    description.parameter("loss.digit-losses", loss.digitLosses().keyWord());
  }

  static void describe(Stage.Description description, SiameseNetwork network) {
    description.parameter("image", network.input().keyWord());
    description.parameter("branches", network.branches().keyWord());
    describe(description, "body", network.body());
    if (network.digitHead().isPresent()) {
      DigitHead digitHead = network.digitHead().get();
      description.parameter("digit-head.branches", digitHead.branches().keyWord());
      describe(description, "digit-head", digitHead.layers());
    }
    description.parameter("head", network.head().keyWord());
    if (network.head() == Head.ARITHMETIC) {
      description.parameter("comparison", network.comparison().keyWord());
    }
    describe(description, "tail", network.tail());
  }

  static void describe(Stage.Description description, String part, LayerList layers) {
    description.parameter(part + ".layers", layers.layers().size());
    for (int i = 0; i < layers.layers().size(); i++) {
      description.parameter(part + "." + i, layers.layers().get(i).keyWord());
    }
  }

  private static void describe(Stage.Description description, Trainer.Seeds seeds) {
    description.seed("initialisation", seeds.initialisation());
    description.seed("shuffle", seeds.shuffle());
    description.seed("coin", seeds.coin());
    description.seed("dropout", seeds.dropout());
    description.seed("augmentation", seeds.augmentation());
  }

  static Trainer.Seeds seeds(LearningStage stage) {
    Function<String, Seed> stream =
        name -> Seed.derive(stage.data().rootSeed(), stage.name().label(), name, stage.round());
    return new Trainer.Seeds(
        stream.apply("initialisation"),
        stream.apply("shuffle"),
        stream.apply("coin"),
        stream.apply("dropout"),
        stream.apply("augmentation"));
  }

  static PixelScale scale(TrainingConfig training, Table pairs) {
    return training.standardize() ? PixelScale.standardizing(pairs) : PixelScale.raw();
  }

  /** Returns the outputs of a training: weights and curves. */
  static Map<String, Blob> outputs(Weights weights, List<Trainer.HistoryPoint> curves) {
    Table table =
        new RowTable<>(Table.builder(CURVES_SCHEMA, CURVES_VERSION), curves)
            .ints("epoch", Trainer.HistoryPoint::epoch)
            .strings("split", Trainer.HistoryPoint::split)
            .strings("metric", Trainer.HistoryPoint::metric)
            .doubles("value", Trainer.HistoryPoint::value)
            .build();
    return Map.of(
        WEIGHTS, Blob.of(Safetensors.encode(weights, Map.of("format", "pt"))),
        CURVES, Blob.of(ArrowFiles.encode(table)));
  }
}
