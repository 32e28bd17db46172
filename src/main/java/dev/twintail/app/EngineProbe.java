package dev.twintail.app;

import dev.twintail.blob.Digest;
import dev.twintail.model.Examples;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One short training on made-up pairs: its bits tell whether two machines compute alike, which a
 * numeric environment only promises. A whole {@link SelfTest} takes ten times as long.
 */
final class EngineProbe {
  private static final Map<Engine, String> KNOWN = new EnumMap<>(Engine.class);
  private static final int SIDE = 14;
  private static final int PAIRS = 80;
  private static final int CLASSES = 10;

  private EngineProbe() {}

  /** Returns the SHA-256 of the weights that it learns in this process; trains once. */
  static String bits(Engine engine) {
    synchronized (KNOWN) {
      return KNOWN.computeIfAbsent(engine, e -> train(e.trainer(note -> {})));
    }
  }

  private static String train(Trainer trainer) {
    Shape image = new Shape.Image(1, SIDE, SIDE);
    Layer relu = new Layer.Relu();
    LayerList body =
        new LayerList(
            List.of(
                new Layer.Conv(1, 32, 3, 0),
                new Layer.MaxPool(2),
                relu,
                new Layer.Conv(32, 64, 3, 0),
                new Layer.MaxPool(2),
                relu,
                new Layer.Flatten(),
                new Layer.Linear(256, CLASSES)));
    LayerList tail =
        new LayerList(List.of(new Layer.Linear(2 * CLASSES, 33), relu, new Layer.Linear(33, 2)));
    SiameseNetwork network = SiameseNetwork.shared(image, body, Head.SOFTMAX, tail);
    Optimizer adam = new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8);
    Trainer.Trained trained =
        trainer.train(
            new Trainer.Task(
                network,
                Loss.sum(1, 0.5),
                TrainingConfig.plain(2, 32, true, true, adam),
                Weights.NONE,
                Set.of(),
                pairs("train"),
                pairs("validation"),
                new Trainer.Seeds(
                    seed("initialisation"),
                    seed("shuffle"),
                    seed("coin"),
                    seed("dropout"),
                    seed("augmentation"))));
    return Digest.of(Safetensors.encode(trained.weights(), Map.of())).sha256();
  }

  private static Examples pairs(String split) {
    Draws draws = new Draws(seed(split));
    float[] images = new float[2 * PAIRS * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = draws.below(256) / 255f;
    }
    int[] digits = new int[2 * PAIRS];
    for (int i = 0; i < digits.length; i++) {
      digits[i] = draws.below(CLASSES);
    }
    int[] targets = new int[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      targets[i] = digits[2 * i] <= digits[2 * i + 1] ? 1 : 0;
    }
    return new Examples(SIDE * SIDE, images, digits, targets);
  }

  private static Seed seed(String use) {
    return Seed.derive(1, "probe", use, 1);
  }
}
