package dev.twintail.stage;

import dev.twintail.network.Branches;
import dev.twintail.network.Layer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.network.Weight;
import java.util.List;

/**
 * How long trainings take beside each other, estimated from their sizes: those that begin last
 * should be short, or processors wait for one of them.
 */
public final class Effort {
  /** Forward, and back to the weights and to the inputs. */
  private static final int PASSES = 3;

  /** Multiplications in products that take as long as an optimizer takes to move a weight. */
  private static final int STEP = 10;

  private Effort() {}

  /** Returns about as many multiplications as the stage takes; 0 if it trains nothing. */
  public static long of(Stage stage) {
    if (!(stage instanceof LearningStage learning)) {
      return 0;
    }
    SiameseNetwork network = learning.network();
    TrainingConfig training = learning.training();
    long pairs = learning.data().data().trainPairs();
    long steps = (pairs + training.batch() - 1) / training.batch();
    return training.epochs()
        * (PASSES * pairs * pair(network) + STEP * steps * network.parameters());
  }

  /** Returns the multiplications that a pair takes on its way through the network. */
  private static long pair(SiameseNetwork network) {
    Shape read = network.bodyInput();
    long image = multiplications(network.body().layers(), read);
    if (network.digitHead().isPresent()) {
      image +=
          multiplications(network.digitHead().get().layers().layers(), network.body().output(read));
    }
    long joined = multiplications(network.tail().layers(), new Shape.Vector(network.tailInputs()));
    return (network.branches() == Branches.MERGED ? 1 : 2) * image + joined;
  }

  /** Returns those for one image: each weight is used once for each pixel that comes out. */
  private static long multiplications(List<Layer> layers, Shape input) {
    long all = 0;
    Shape shape = input;
    for (Layer layer : layers) {
      Shape output = layer.output(shape);
      long pixels = output instanceof Shape.Image image ? (long) image.height() * image.width() : 1;
      int times = layer instanceof Layer.Tied tied ? tied.times() : 1;
      all += pixels * layer.weights().stream().mapToInt(Weight::size).sum();
      all += times * multiplications(layer.layers(), shape);
      shape = output;
    }
    return all;
  }
}
