package dev.twintail.bench;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.DigitHead;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Schedule;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.stage.Stage;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the stages of a model ask a trainer for. */
final class Tasks {
  private static final int STEPS = 4;
  private static final double RATE = 0.01;

  private final Map<Digest, Blob> sources;
  private final Map<Stage, Map<String, Blob>> outputs = new HashMap<>();
  private final Map<String, Trainer.Task> asked = new LinkedHashMap<>();

  private Tasks(Map<Digest, Blob> sources) {
    this.sources = sources;
  }

  /**
   * Returns the tasks by stage, in the order in which they are trained. Nothing is trained yet, so
   * a later stage starts from the initial weights of the earlier ones, and a frozen part keeps
   * them.
   *
   * @param training the last of the stages
   * @param sources the files that the stages read
   */
  static Map<String, Trainer.Task> of(Stage training, Map<Digest, Blob> sources)
      throws IOException {
    Tasks tasks = new Tasks(sources);
    tasks.outputs(training);
    return tasks.asked;
  }

  private Map<String, Blob> outputs(Stage stage) throws IOException {
    Map<String, Blob> known = outputs.get(stage);
    if (known == null) {
      known = stage.run(role -> input(stage.inputs().get(role)).bytes(), new Recorder(stage));
      outputs.put(stage, known);
    }
    return known;
  }

  private Blob input(Stage.Input input) throws IOException {
    if (input instanceof Stage.Input.OutputOf output) {
      return outputs(output.stage()).get(output.output());
    }
    return sources.get(((Stage.Input.Pinned) input).digest());
  }

  /** Notes what it is asked and answers with the weights to start from. */
  private final class Recorder implements Trainer {
    private final Stage stage;

    Recorder(Stage stage) {
      this.stage = stage;
    }

    @Override
    public Trained train(Task task) {
      asked.put(stage.name().label(), task);
      return new Trained(initial(task), List.of());
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      throw new UnsupportedOperationException("No stage that trains predicts");
    }

    @Override
    public List<EnvironmentField> environment() {
      return List.of();
    }
  }

  /** Returns all weights that a training starts from. */
  static Weights initial(Trainer.Task task) {
    return Initialisation.complete(task.network(), task.initial(), task.seeds().initialisation());
  }

  /** Returns the same task for at most {@code epochs} epochs. */
  static Trainer.Task shortened(Trainer.Task task, int epochs) {
    TrainingConfig training = task.training();
    return with(
        task,
        task.network(),
        new TrainingConfig(
            Math.min(epochs, training.epochs()),
            training.batch(),
            training.shuffle(),
            training.standardize(),
            training.optimizer(),
            training.schedule(),
            training.augment()));
  }

  /** Returns the first epoch of a task. Nothing is dropped, for another program draws otherwise. */
  static Trainer.Task firstEpoch(Trainer.Task task) {
    return withoutDropout(shortened(task, 1));
  }

  /**
   * Returns a few steps of plain gradient descent in place of a task's first epoch. So few do not
   * let rounding grow, as Adam does, which makes whole steps even of gradients that are nothing
   * else.
   */
  static Trainer.Task firstSteps(Trainer.Task task) {
    Trainer.Task epoch = firstEpoch(task);
    int batch = epoch.training().batch();
    Examples all = epoch.train();
    int pairs = Math.min(STEPS * batch, all.size());
    Examples few =
        new Examples(
            all.features(),
            Arrays.copyOf(all.images(), 2 * pairs * all.features()),
            Arrays.copyOf(all.digits(), 2 * pairs),
            Arrays.copyOf(all.targets(), pairs));
    return new Trainer.Task(
        epoch.network(),
        epoch.loss(),
        new TrainingConfig(
            1,
            batch,
            epoch.training().shuffle(),
            false,
            new Optimizer.Sgd(RATE, 0),
            Schedule.CONSTANT,
            epoch.training().augment()),
        epoch.initial(),
        epoch.frozen(),
        few,
        epoch.validation(),
        epoch.seeds());
  }

  private static Trainer.Task withoutDropout(Trainer.Task task) {
    SiameseNetwork network = task.network();
    return with(
        task,
        new SiameseNetwork(
            network.input(),
            network.branches(),
            withoutDropout(network.body()),
            network.digitHead().map(h -> new DigitHead(withoutDropout(h.layers()), h.branches())),
            network.head(),
            network.comparison(),
            withoutDropout(network.tail())),
        task.training());
  }

  private static LayerList withoutDropout(LayerList list) {
    return new LayerList(withoutDropout(list.layers()));
  }

  private static List<Layer> withoutDropout(List<Layer> layers) {
    return layers.stream().map(Tasks::withoutDropout).toList();
  }

  private static Layer withoutDropout(Layer layer) {
    if (layer instanceof Layer.Dropout) {
      return new Layer.Dropout(0); // Not none: tensors are named by position.
    } else if (layer instanceof Layer.Tied tied) {
      return new Layer.Tied(tied.times(), withoutDropout(tied.layers()));
    } else if (layer instanceof Layer.Residual residual) {
      return new Layer.Residual(withoutDropout(residual.layers()));
    } else if (layer instanceof Layer.Shared shared) {
      return new Layer.Shared(withoutDropout(shared.layers()), shared.spare());
    }
    return layer;
  }

  private static Trainer.Task with(
      Trainer.Task task, SiameseNetwork network, TrainingConfig training) {
    return new Trainer.Task(
        network,
        task.loss(),
        training,
        task.initial(),
        task.frozen(),
        task.train(),
        task.validation(),
        task.seeds());
  }
}
