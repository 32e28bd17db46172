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
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Trains a tail on arithmetic: the one-hot true classes of the training pairs in, the comparison
 * out (vieli2021, PreTrain, first step).
 *
 * @param data the pairs to learn; of another round where all rounds learn the same
 * @param classes number of classes; the tail reads twice as many values
 */
public record PretrainTail(
    GenerateData data, int round, int classes, LayerList tail, TrainingConfig training)
    implements LearningStage {
  @Override
  public SiameseNetwork network() {
    return SiameseNetwork.shared(new Shape.Vector(classes), LayerList.NONE, Head.LOGITS, tail);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof PretrainTail that
        && round == that.round
        && classes == that.classes
        && Objects.equals(data, that.data)
        && Objects.equals(tail, that.tail)
        && Objects.equals(training, that.training);
  }

  /** Of what tells stages apart cheaply; those that are alike in it are compared as a whole. */
  @Override
  public int hashCode() {
    return 31 * data.hashCode() + 7 * round + classes;
  }

  @Override
  public StageName name() {
    return StageName.PRETRAIN_TAIL;
  }

  @Override
  public void describe(Description description) {
    description.parameter("classes", classes);
    LearningColumns.describe(description, "tail", tail);
    LearningColumns.describe(description, this);
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Table pairs = PairTables.read(inputs.bytes(LearningColumns.DATA));
    Trainer.Trained trained =
        trainer.train(
            new Trainer.Task(
                network(),
                Loss.sum(1, 0),
                training,
                Weights.NONE,
                Set.of(),
                PairTables.oneHot(pairs, "train", classes),
                PairTables.oneHot(pairs, "validation", classes),
                LearningColumns.seeds(this)));
    return LearningColumns.outputs(trained.weights(), trained.curves());
  }
}
