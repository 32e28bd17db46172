package dev.twintail.model;

import static dev.twintail.model.GradientTest.examples;
import static dev.twintail.model.GradientTest.layers;
import static dev.twintail.model.GradientTest.linear;
import static dev.twintail.model.GradientTest.seed;
import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.model.Trainer.HistoryPoint;
import dev.twintail.model.Trainer.NetworkPart;
import dev.twintail.model.Trainer.Trained;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlasTrainerTest {
  private static final Shape IMAGE = new Shape.Image(1, 8, 8);
  private static final LayerList BODY =
      layers(
          new Layer.Conv(1, 4, 3, 0),
          new Layer.MaxPool(2),
          new Layer.Relu(),
          new Layer.Flatten(),
          linear(36, 10));
  private static final LayerList TAIL = layers(linear(20, 8), new Layer.Relu(), linear(8, 2));
  private static final TrainingConfig TRAINING =
      TrainingConfig.plain(3, 8, true, false, new Optimizer.Adam(1e-2, 0.9, 0.999, 1e-8));
  private static final Examples TRAIN = examples(50, 64);
  private static final Examples NONE = new Examples(64, new float[0], new int[0], new int[0]);

  private final Trainer trainer = new BlasTrainer();

  @ParameterizedTest
  @EnumSource(
      value = Head.class,
      names = {"LOGITS", "SOFTMAX", "ARGMAX"})
  void train_frozenTail_keepsItsBytesAndTrainsTheBody(Head head) {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, head, TAIL);
    Weights start = Initialisation.complete(network, Weights.NONE, seed("start"));
    Trained trained =
        trainer.train(task(network, Loss.sum(1, 0.5), start, Set.of(NetworkPart.TAIL)));
    assertThat(sameBits(trained.weights().part("tail"), start.part("tail"))).isTrue();
    assertThat(sameBits(trained.weights().part("body"), start.part("body"))).isFalse();
  }

  @Test
  void methods_networks_onlyWhereTilesPay() {
    BlasTrainer trainer = new BlasTrainer();
    assertThat(trainer.methods(ModelZoo.CONV_NET.network()))
        .containsExactly(new Trainer.EnvironmentField("engine.convolution", "winograd"));
    assertThat(trainer.methods(ModelZoo.FC_AUX.network())).isEmpty();
    assertThat(trainer.methods(ModelZoo.TAIL_ALONE)).isEmpty();
  }

  @Test
  void train_argmaxWithoutDigitLoss_passesNothingToTheBody() {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.ARGMAX, TAIL);
    Weights start = Initialisation.complete(network, Weights.NONE, seed("start"));
    Trained trained = trainer.train(task(network, Loss.sum(1, 0), start, Set.of()));
    assertThat(sameBits(trained.weights().part("body"), start.part("body"))).isTrue();
    assertThat(sameBits(trained.weights().part("tail"), start.part("tail"))).isFalse();
  }

  @Test
  void train_softmaxThroughFrozenTail_targetLossReachesTheBody() {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.SOFTMAX, TAIL);
    Weights start = Initialisation.complete(network, Weights.NONE, seed("start"));
    Trained trained = trainer.train(task(network, Loss.sum(1, 0), start, Set.of(NetworkPart.TAIL)));
    assertThat(sameBits(trained.weights().part("body"), start.part("body"))).isFalse();
  }

  @Test
  void train_frozenPartNotGiven_isRefused() {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.SOFTMAX, TAIL);
    assertThatThrownBy(
            () ->
                trainer.train(
                    task(network, Loss.sum(1, 0), Weights.NONE, Set.of(NetworkPart.TAIL))))
        .hasMessageContaining("Cannot freeze the tail: 0 of its 186 weights are given");
  }

  @Test
  void trainAndPredict_imagesOfAnotherSize_areRefused() {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.SOFTMAX, TAIL);
    Weights start = Initialisation.complete(network, Weights.NONE, seed("start"));
    Trainer.Task fits = task(network, Loss.sum(1, 0), start, Set.of());
    Examples larger = examples(50, 81);

    assertThatThrownBy(
            () ->
                trainer.train(
                    new Trainer.Task(
                        network,
                        fits.loss(),
                        fits.training(),
                        start,
                        Set.of(),
                        larger,
                        NONE,
                        fits.seeds())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use training images of 81 values: the network reads ");
    assertThatThrownBy(
            () ->
                trainer.train(
                    new Trainer.Task(
                        network,
                        fits.loss(),
                        fits.training(),
                        start,
                        Set.of(),
                        TRAIN,
                        larger,
                        fits.seeds())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use validation images of 81 values: ");
    assertThatThrownBy(() -> trainer.predict(network, start, larger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use test images of 81 values: ");
  }

  @Test
  void train_coin_stepsOnlyThePartWhoseLossWasPicked() {
    // Behind argmax the target loss trains the tail alone and the digit loss the body alone: after
    // one batch exactly one of them has moved, and over many seeds both happen.
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.ARGMAX, TAIL);
    Weights start = Initialisation.complete(network, Weights.NONE, seed("start"));
    TrainingConfig oneBatch = TrainingConfig.plain(1, 50, true, false, TRAINING.optimizer());
    int bodyMoved = 0;
    for (int i = 0; i < 20; i++) {
      Trained trained =
          trainer.train(
              new Trainer.Task(
                  network,
                  new Loss(1, 1, Loss.Mix.COIN, Loss.DigitLosses.CROSS_ENTROPY),
                  oneBatch,
                  start,
                  Set.of(),
                  TRAIN,
                  NONE,
                  new Trainer.Seeds(
                      seed("init"),
                      seed("shuffle"),
                      seed("coin" + i),
                      seed("dropout"),
                      seed("augmentation"))));
      boolean body = !sameBits(trained.weights().part("body"), start.part("body"));
      boolean tail = !sameBits(trained.weights().part("tail"), start.part("tail"));
      assertThat(body).isNotEqualTo(tail);
      bodyMoved += body ? 1 : 0;
    }
    assertThat(bodyMoved).isBetween(3, 17);
  }

  @Test
  void train_sideBySide_givesTheBitsOfATrainingAlone() throws Exception {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.LOGITS, TAIL);
    Trainer.Task task = task(network, Loss.sum(1, 0.6), Weights.NONE, Set.of());
    Trained alone = trainer.train(task);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Trained>> together = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        together.add(threads.submit(() -> trainer.train(task)));
      }
      for (Future<Trained> other : together) {
        assertThat(sameBits(other.get().weights(), alone.weights())).isTrue();
        assertThat(other.get().curves()).isEqualTo(alone.curves());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void train_learnsWhatCanBeLearnt_andReportsIt() {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.ARITHMETIC, layers());
    TrainingConfig training = TrainingConfig.plain(60, 8, true, false, TRAINING.optimizer());
    Trained trained =
        trainer.train(
            new Trainer.Task(
                network, Loss.sum(0, 1), training, Weights.NONE, Set.of(), TRAIN, TRAIN, seeds()));
    HistoryPoint last = trained.curves().get(trained.curves().size() - 1);
    assertThat(last.split()).isEqualTo("validation");
    assertThat(last.metric()).isEqualTo("digit_accuracy");
    assertThat(last.epoch()).isEqualTo(60);
    assertThat(last.value()).isGreaterThan(0.9);

    Trainer.Predictions predictions = trainer.predict(network, trained.weights(), TRAIN);
    int correct = 0;
    for (int i = 0; i < TRAIN.digits().length; i++) {
      correct += predictions.digits()[i] == TRAIN.digits()[i] ? 1 : 0;
    }
    assertThat((double) correct / TRAIN.digits().length).isEqualTo(last.value());
    assertThat(predictions.probabilities()).isNull();
  }

  @Test
  void predict_anotherLibraryRaisedTheThreads_givesTheSameBits() {
    // Large enough that OpenBLAS would split the products among two threads, and so round
    // differently.
    LayerList body =
        layers(
            new Layer.Conv(1, 32, 3, 0),
            new Layer.Flatten(),
            linear(32 * 36, 200),
            linear(200, 10));
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, body, Head.LOGITS, TAIL);
    Weights weights = Initialisation.complete(network, Weights.NONE, seed("start"));
    Examples examples = examples(100, 64);
    float[] before = trainer.predict(network, weights, examples).probabilities();
    openblas_nolapack.blas_set_num_threads(2);
    assertThat(trainer.predict(network, weights, examples).probabilities()).isEqualTo(before);
  }

  @Test
  void initialisation_givenTensors_doNotShiftTheOthers() {
    SiameseNetwork network = SiameseNetwork.shared(IMAGE, BODY, Head.LOGITS, TAIL);
    Weights all = Initialisation.complete(network, Weights.NONE, seed("start"));
    Weights other = Initialisation.complete(network, Weights.NONE, seed("other"));
    Weights mixed = Initialisation.complete(network, other.part("body"), seed("start"));
    assertThat(sameBits(mixed.part("body"), other.part("body"))).isTrue();
    assertThat(sameBits(mixed.part("tail"), all.part("tail"))).isTrue();
    float bound = (float) (1 / Math.sqrt(36));
    for (float value : all.require("body.4.weight").values()) {
      assertThat(value).isBetween(-bound, bound);
    }
  }

  private static Trainer.Task task(
      SiameseNetwork network, Loss loss, Weights initial, Set<NetworkPart> frozen) {
    return new Trainer.Task(network, loss, TRAINING, initial, frozen, TRAIN, NONE, seeds());
  }

  private static Trainer.Seeds seeds() {
    return new Trainer.Seeds(
        seed("init"), seed("shuffle"), seed("coin"), seed("dropout"), seed("augmentation"));
  }
}
