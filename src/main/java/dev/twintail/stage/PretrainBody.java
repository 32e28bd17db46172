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
 * Trains a body to read digits, with the digit loss alone (vieli2021, PreTrain, second step).
 *
 * @param data the pairs to learn; of another round where all rounds learn the same
 */
public record PretrainBody(
    GenerateData data, int round, Shape image, LayerList body, TrainingConfig training)
    implements LearningStage {
  @Override
  public SiameseNetwork network() {
    return SiameseNetwork.shared(image, body, Head.ARITHMETIC, LayerList.NONE);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof PretrainBody that
        && round == that.round
        && Objects.equals(data, that.data)
        && Objects.equals(image, that.image)
        && Objects.equals(body, that.body)
        && Objects.equals(training, that.training);
  }

  /** Of what tells stages apart cheaply; those that are alike in it are compared as a whole. */
  @Override
  public int hashCode() {
    return 31 * data.hashCode() + round;
  }

  @Override
  public StageName name() {
    return StageName.PRETRAIN_BODY;
  }

  @Override
  public void describe(Description description) {
    description.parameter("image", image.keyWord());
    LearningColumns.describe(description, "body", body);
    LearningColumns.describe(description, this);
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Table pairs = PairTables.read(inputs.bytes(LearningColumns.DATA));
    PixelScale scale = LearningColumns.scale(training, pairs);
    Trainer.Trained trained =
        trainer.train(
            new Trainer.Task(
                network(),
                Loss.sum(0, 1),
                training,
                Weights.NONE,
                Set.of(),
                PairTables.examples(pairs, "train", scale),
                PairTables.examples(pairs, "validation", scale),
                LearningColumns.seeds(this)));
    return LearningColumns.outputs(trained.weights().with(scale.tensors()), trained.curves());
  }
}
