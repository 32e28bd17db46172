package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Head;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.result.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains a tail on arithmetic: the one-hot true classes of the training pairs in, the comparison
 * out (vieli2021, PreTrain, first step).
 *
 * @param data the pairs to learn; of another round where all rounds learn the same
 * @param classes number of classes; the tail reads twice as many values
 */
public record PretrainTail(
    GenerateData data, int round, int classes, LayerList tail, TrainingConfig training)
    implements Stage {
  private static final LayerList NO_BODY = new LayerList(List.of());

  @Override
  public StageName name() {
    return StageName.PRETRAIN_TAIL;
  }

  @Override
  public Scope scope() {
    return new Scope.Round(round);
  }

  @Override
  public SortedMap<String, Input> inputs() {
    return new TreeMap<>(
        Map.of(LearningColumns.DATA, new Input.OutputOf(data, GenerateData.TRAIN)));
  }

  private Trainer.Seeds seeds() {
    return LearningColumns.seeds(data.rootSeed(), name(), round());
  }

  @Override
  public void describe(Description description) {
    description.parameter("classes", classes);
    LearningColumns.describe(description, "tail", tail);
    LearningColumns.describe(description, training);
    LearningColumns.describe(description, seeds());
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Table pairs = PairTables.read(inputs.bytes(LearningColumns.DATA));
    Trainer.Trained trained =
        trainer.train(
            new Trainer.Task(
                SiameseNetwork.shared(new Shape.Vector(classes), NO_BODY, Head.LOGITS, tail),
                Loss.sum(1, 0),
                training,
                Weights.NONE,
                Set.of(),
                PairTables.oneHot(pairs, "train", classes),
                PairTables.oneHot(pairs, "validation", classes),
                seeds()));
    return LearningColumns.outputs(trained.weights(), trained.curves());
  }
}
