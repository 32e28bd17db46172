package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import dev.twintail.model.Head;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Siamese;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.result.Table;
import dev.twintail.spec.HeadKind;
import dev.twintail.spec.LossSpec;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.TrainingSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains a siamese network, from scratch or from pretrained parts, of which the tail may stay
 * frozen.
 *
 * @param frozenTail whether the pretrained tail keeps its weights
 */
public record TrainSiamese(
    GenerateData data,
    Shape image,
    LayerList body,
    HeadKind head,
    LayerList tail,
    LossSpec loss,
    TrainingSpec training,
    Optional<PretrainTail> pretrainedTail,
    boolean frozenTail,
    Optional<PretrainBody> pretrainedBody)
    implements Stage {
  private static final String TAIL = "tail";
  private static final String BODY = "body";

  /** Returns the training of {@code model} in one round. */
  public static TrainSiamese of(ModelSpec model, GenerateData data) {
    Shape image = data.data().image();
    return new TrainSiamese(
        data,
        image,
        model.body(),
        model.head(),
        model.tail(),
        model.loss(),
        model.training(),
        model
            .pretrainTail()
            .map(
                p ->
                    new PretrainTail(
                        data, data.data().digits().classes(), model.tail(), p.training())),
        model.pretrainTail().map(dev.twintail.spec.PretrainTail::frozen).orElse(false),
        model.pretrainBody().map(p -> new PretrainBody(data, image, model.body(), p.training())));
  }

  @Override
  public StageName name() {
    return StageName.TRAIN_SIAMESE;
  }

  @Override
  public int round() {
    return data.round();
  }

  @Override
  public SortedMap<String, Input> inputs() {
    SortedMap<String, Input> inputs = new TreeMap<>();
    inputs.put(Learning.DATA, new Input.OutputOf(data, GenerateData.TRAIN));
    pretrainedTail.ifPresent(t -> inputs.put(TAIL, new Input.OutputOf(t, Learning.WEIGHTS)));
    pretrainedBody.ifPresent(b -> inputs.put(BODY, new Input.OutputOf(b, Learning.WEIGHTS)));
    return inputs;
  }

  private Trainer.Seeds seeds() {
    return Learning.seeds(data.rootSeed(), name(), round());
  }

  @Override
  public void describe(Description description) {
    description.parameter("image", image.toString());
    Learning.describe(description, BODY, body);
    description.parameter("head", head.name());
    Learning.describe(description, TAIL, tail);
    description.parameter("tail.frozen", frozenTail);
    Learning.describe(description, loss);
    Learning.describe(description, training);
    Learning.describe(description, seeds());
  }

  Siamese network() {
    return Siamese.shared(
        image,
        body,
        switch (head) {
          case LOGITS -> Head.LOGITS;
          case SOFTMAX -> Head.SOFTMAX;
          case ARGMAX -> Head.ARGMAX;
          case ARITHMETIC -> Head.ARITHMETIC;
        },
        tail);
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    Table pairs = PairTables.read(inputs.bytes(Learning.DATA));
    PixelScale scale = Learning.scale(training, pairs);
    Weights initial = Weights.NONE;
    if (pretrainedTail.isPresent()) {
      initial = initial.with(Safetensors.decode(inputs.bytes(TAIL)).part(TAIL));
    }
    if (pretrainedBody.isPresent()) {
      initial = initial.with(Safetensors.decode(inputs.bytes(BODY)).part(BODY));
    }
    Trainer.Trained trained =
        trainer.train(
            new Trainer.Task(
                network(),
                Learning.loss(loss),
                Learning.training(training),
                initial,
                frozenTail ? Set.of(Trainer.Part.TAIL) : Set.of(),
                PairTables.examples(pairs, "train", scale),
                PairTables.examples(pairs, "validation", scale),
                seeds()));
    return Learning.outputs(trained.weights().with(scale.tensors()), trained.curves());
  }
}
