package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Loss;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.result.Table;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.PretrainTailSpec;
import dev.twintail.spec.ProtocolSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Trains a siamese network, from scratch, from pretrained parts, of which the tail may stay frozen,
 * or from the weights that the round before ended with.
 *
 * @param data the pairs to learn; of another round where all rounds learn the same
 * @param frozenTail whether the tail, pretrained here or in a round before, keeps its weights
 * @param previous the round before, where its weights are what this one starts from; then nothing
 *     is pretrained for this one
 */
public record TrainSiamese(
    GenerateData data,
    int round,
    SiameseNetwork network,
    Loss loss,
    TrainingConfig training,
    Optional<PretrainTail> pretrainedTail,
    boolean frozenTail,
    Optional<PretrainBody> pretrainedBody,
    Optional<TrainSiamese> previous)
    implements LearningStage {
  /** What every training puts out. */
  public static final Set<String> OUTPUTS = LearningColumns.OUTPUTS;

  private static final String TAIL = "tail";
  private static final String BODY = "body";
  private static final String PREVIOUS = "previous";

  /**
   * Returns the training of {@code model} in one round of an experiment with that root seed.
   *
   * @param first round of the table, whose rounds may share pairs or weights
   */
  public static TrainSiamese of(
      ModelSpec model, DataSpec data, long rootSeed, int round, int first) {
    boolean fresh = model.protocol().trainingPairs() == ProtocolSpec.Draw.EVERY_ROUND;
    GenerateData pairs = new GenerateData(data, rootSeed, fresh ? round : first);
    boolean continues =
        model.protocol().start() == ProtocolSpec.RoundStart.PREVIOUS_ROUND && round > first;
    SiameseNetwork network = model.network();
    Optional<PretrainTail> tail =
        model
            .pretrainTail()
            .map(
                p ->
                    new PretrainTail(
                        pairs, round, data.digits().classes(), network.tail(), p.training()));
    Optional<PretrainBody> body =
        model
            .pretrainBody()
            .map(
                p -> new PretrainBody(pairs, round, network.input(), network.body(), p.training()));
    // What goes on from the round before has its pretrained parts from there.
    return new TrainSiamese(
        pairs,
        round,
        network,
        model.loss(),
        model.training(),
        continues ? Optional.empty() : tail,
        model.pretrainTail().map(PretrainTailSpec::frozen).orElse(false),
        continues ? Optional.empty() : body,
        continues ? Optional.of(of(model, data, rootSeed, round - 1, first)) : Optional.empty());
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof TrainSiamese that
        && round == that.round
        && frozenTail == that.frozenTail
        && Objects.equals(data, that.data)
        && Objects.equals(network, that.network)
        && Objects.equals(loss, that.loss)
        && Objects.equals(training, that.training)
        && Objects.equals(pretrainedTail, that.pretrainedTail)
        && Objects.equals(pretrainedBody, that.pretrainedBody)
        && Objects.equals(previous, that.previous);
  }

  /** Of what tells stages apart cheaply; those that are alike in it are compared as a whole. */
  @Override
  public int hashCode() {
    return Objects.hash(
        data,
        round,
        network.head(),
        network.body().layers().size(),
        network.tail().layers().size(),
        loss.digit(),
        loss.mix(),
        training.epochs(),
        training.optimizer().learningRate(),
        frozenTail,
        pretrainedTail.isPresent());
  }

  @Override
  public StageName name() {
    return StageName.TRAIN_SIAMESE;
  }

  @Override
  public SortedMap<String, Input> inputs() {
    SortedMap<String, Input> inputs = LearningStage.super.inputs();
    pretrainedTail.ifPresent(t -> inputs.put(TAIL, new Input.OutputOf(t, LearningColumns.WEIGHTS)));
    pretrainedBody.ifPresent(b -> inputs.put(BODY, new Input.OutputOf(b, LearningColumns.WEIGHTS)));
    previous.ifPresent(p -> inputs.put(PREVIOUS, new Input.OutputOf(p, LearningColumns.WEIGHTS)));
    return inputs;
  }

  @Override
  public void describe(Description description) {
    description.part(network, LearningColumns::describe);
    description.parameter("tail.frozen", frozenTail);
    description.part(loss, LearningColumns::describe);
    LearningColumns.describe(description, this);
  }

  /** Returns why the trainer cannot train this, in one line, or empty if it can. */
  public Optional<String> refusal(Trainer trainer) {
    return trainer.refusal(network, loss, training);
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Table pairs = PairTables.read(inputs.bytes(LearningColumns.DATA));
    PixelScale scale = LearningColumns.scale(training, pairs);
    Weights initial = Weights.NONE;
    if (previous.isPresent()) {
      initial = PixelScale.without(Safetensors.decode(inputs.bytes(PREVIOUS)));
    } else {
      if (pretrainedTail.isPresent()) {
        initial = initial.with(Safetensors.decode(inputs.bytes(TAIL)).part(TAIL));
      }
      if (pretrainedBody.isPresent()) {
        initial = initial.with(Safetensors.decode(inputs.bytes(BODY)).part(BODY));
      }
    }
    Trainer.Trained trained =
        trainer.train(
            new Trainer.Task(
                network,
                loss,
                training,
                initial,
                frozenTail ? Set.of(Trainer.NetworkPart.TAIL) : Set.of(),
                PairTables.examples(pairs, "train", scale),
                PairTables.examples(pairs, "validation", scale),
                LearningColumns.seeds(this)));
    return LearningColumns.outputs(trained.weights().with(scale.tensors()), trained.curves());
  }
}
