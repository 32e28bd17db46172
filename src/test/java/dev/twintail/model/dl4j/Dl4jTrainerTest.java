package dev.twintail.model.dl4j;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.model.Examples;
import dev.twintail.model.Initialisation;
import dev.twintail.model.ModelZoo;
import dev.twintail.model.Trainer;
import dev.twintail.model.Trainer.HistoryPoint;
import dev.twintail.model.Trainer.NetworkPart;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Dl4jTrainerTest {
  private static final Trainer TRAINER = new Dl4jTrainer();
  private static final Trainer.Seeds SEEDS =
      new Trainer.Seeds(
          seed("initialisation"),
          seed("shuffle"),
          seed("coin"),
          seed("dropout"),
          seed("augmentation"));
  private static final Examples NONE = new Examples(196, new float[0], new int[0], new int[0]);
  private static final Optimizer.Adam ADAM = new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8);
  private static final TrainingConfig SHORT = TrainingConfig.plain(2, 8, true, false, ADAM);

  @ParameterizedTest
  @EnumSource
  void train_everyModel_learnsAndPredictsAsItsCurvesSay(ModelZoo model) {
    Examples train = ModelZoo.images(20, seed("train"));
    Examples validation = ModelZoo.images(9, seed("validation"));
    Trainer.Trained trained = TRAINER.train(task(model, train, validation));

    Weights start = Initialisation.complete(model.network(), Weights.NONE, SEEDS.initialisation());
    assertThat(trained.weights().tensors())
        .extracting(Weights.Tensor::name)
        .isEqualTo(start.tensors().stream().map(Weights.Tensor::name).toList());
    assertThat(sameBits(trained.weights(), start)).isFalse();

    Trainer.Predictions predictions =
        TRAINER.predict(model.network(), trained.weights(), validation);
    assertThat(last(trained, "validation", "accuracy"))
        .isEqualTo(share(predictions.targets(), validation.targets()));
    if (predictions.digits() != null) {
      assertThat(last(trained, "validation", "digit_accuracy"))
          .isEqualTo(share(predictions.digits(), validation.digits()));
    }
    if (model.network().head() != Head.ARITHMETIC) {
      for (int i = 0; i < validation.size(); i++) {
        assertThat(predictions.probabilities()[i] > 0.5f).isEqualTo(predictions.targets()[i] == 1);
      }
    } else {
      assertThat(predictions.probabilities()).isNull();
    }
  }

  @Test
  void train_fewPairs_learnsThemByHeart() {
    Examples train = ModelZoo.images(16, seed("train"));
    Trainer.Trained trained =
        TRAINER.train(
            task(ModelZoo.CONV_AUX, TrainingConfig.plain(40, 8, true, false, ADAM), train, NONE));
    assertThat(last(trained, "train", "accuracy")).isEqualTo(1);
    assertThat(last(trained, "train", "digit_accuracy")).isEqualTo(1);
    assertThat(last(trained, "train", "loss")).isLessThan(0.1);
  }

  @Test
  void train_curves_areInOrder() {
    Examples pairs = ModelZoo.images(10, seed("train"));
    assertThat(TRAINER.train(task(ModelZoo.DIGITS, pairs, pairs)).curves())
        .extracting(p -> p.epoch() + " " + p.split() + " " + p.metric())
        .containsExactly(
            "1 train loss",
            "1 train accuracy",
            "1 train digit_accuracy",
            "1 validation loss",
            "1 validation accuracy",
            "1 validation digit_accuracy",
            "2 train loss",
            "2 train accuracy",
            "2 train digit_accuracy",
            "2 validation loss",
            "2 validation accuracy",
            "2 validation digit_accuracy");
    assertThat(TRAINER.train(task(ModelZoo.FC_BASELINE, pairs, NONE)).curves())
        .extracting(HistoryPoint::metric)
        .containsExactly("loss", "accuracy", "loss", "accuracy");
  }

  @Test
  void train_tailAlone_onOneHots() {
    Examples train = ModelZoo.oneHots(200, seed("train"));
    Trainer.Trained trained =
        TRAINER.train(
            new Trainer.Task(
                ModelZoo.TAIL_ALONE,
                Loss.sum(1, 0),
                TrainingConfig.plain(20, 10, true, false, ADAM),
                Weights.NONE,
                Set.of(),
                train,
                new Examples(10, new float[0], new int[0], new int[0]),
                SEEDS));
    assertThat(sameBits(trained.weights().part("tail"), trained.weights())).isTrue();
    assertThat(last(trained, "train", "accuracy")).isGreaterThan(0.97);
  }

  @ParameterizedTest
  @EnumSource(names = {"CONV_TAIL", "CONV_SOFT_MAX", "CONV_ARG_MAX"})
  void train_frozenTail_keepsItsBitsWhileTheBodyLearns(ModelZoo model) {
    Weights start = Initialisation.complete(model.network(), Weights.NONE, seed("other"));
    Trainer.Task task =
        new Trainer.Task(
            model.network(),
            model.loss(),
            SHORT,
            start,
            Set.of(NetworkPart.TAIL),
            ModelZoo.images(16, seed("train")),
            NONE,
            SEEDS);
    Weights end = TRAINER.train(task).weights();
    assertThat(sameBits(end.part("tail"), start.part("tail"))).isTrue();
    assertThat(sameBits(end.part("body"), start.part("body"))).isFalse();
  }

  @Test
  void train_frozenPart_mustBeGiven() {
    Trainer.Task task =
        new Trainer.Task(
            ModelZoo.CONV_TAIL.network(),
            ModelZoo.CONV_TAIL.loss(),
            SHORT,
            Weights.NONE,
            Set.of(NetworkPart.TAIL),
            ModelZoo.images(4, seed("train")),
            NONE,
            SEEDS);
    assertThatThrownBy(() -> TRAINER.train(task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tail.0.bias");
  }

  @Test
  void train_coin_isATrainingPartByPart() {
    // Behind argmax, heads of the coin train the tail alone and tails the body alone. One epoch of
    // two batches is so the same as two trainings, each of one part on its own batches.
    SiameseNetwork network = ModelZoo.PRE_TRAIN_RANDOM.network();
    Examples train = ModelZoo.images(16, seed("train"));
    TrainingConfig inOrder = TrainingConfig.plain(1, 8, false, false, ADAM);
    Seed heads = coinOf(true, false);
    Weights start = Initialisation.complete(network, Weights.NONE, SEEDS.initialisation());
    Trainer.Trained mixed = TRAINER.train(coin(network, inOrder, train, heads));

    Weights tail = trainOn(network, Loss.sum(1, 0), slice(train, 0, 8)).weights();
    Trainer.Trained second = trainOn(network, Loss.sum(0, 0.5), slice(train, 8, 16));
    assertThat(sameBits(tail.part("body"), start.part("body"))).isTrue();
    assertThat(sameBits(second.weights().part("tail"), start.part("tail"))).isTrue();
    assertThat(sameBits(mixed.weights(), tail.part("tail").with(second.weights().part("body"))))
        .isTrue();
  }

  @Test
  void train_coin_lossIsThatOfThePickedPart() {
    SiameseNetwork network = ModelZoo.PRE_TRAIN_RANDOM.network();
    Examples train = ModelZoo.images(8, seed("train"));
    TrainingConfig once = TrainingConfig.plain(1, 8, false, false, ADAM);
    Trainer.Trained target = TRAINER.train(coin(network, once, train, coinOf(true, true)));
    Trainer.Trained digit = TRAINER.train(coin(network, once, train, coinOf(false, true)));
    assertThat(last(target, "train", "loss"))
        .isEqualTo(last(trainOn(network, Loss.sum(1, 0), train), "train", "loss"));
    assertThat(last(digit, "train", "loss"))
        .isEqualTo(last(trainOn(network, Loss.sum(0, .5), train), "train", "loss"));
  }

  @Test
  void train_lastBatchSmaller_countsByItsPairs() {
    // With a learning rate of 0, any split into batches gives the loss of all pairs.
    Examples train = ModelZoo.images(11, seed("train"));
    Optimizer.Adam still = new Optimizer.Adam(1e-30, 0.9, 0.999, 1e-8);
    double whole =
        last(
            TRAINER.train(
                task(
                    ModelZoo.CONV_AUX,
                    TrainingConfig.plain(1, 11, false, false, still),
                    train,
                    NONE)),
            "train",
            "loss");
    double split =
        last(
            TRAINER.train(
                task(
                    ModelZoo.CONV_AUX,
                    TrainingConfig.plain(1, 4, true, false, still),
                    train,
                    train)),
            "train",
            "loss");
    assertThat(split).isCloseTo(whole, within(1e-6));
  }

  @Test
  void train_again_andInTwoThreadsAtOnce_givesTheSameBits() throws Exception {
    Trainer.Task task = task(ModelZoo.CONV_SOFT_MAX, ModelZoo.images(24, seed("train")), NONE);
    Trainer.Trained first = TRAINER.train(task);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Future<Trainer.Trained>> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        others.add(pool.submit(() -> TRAINER.train(task)));
      }
      for (Future<Trainer.Trained> other : others) {
        assertThat(sameBits(other.get().weights(), first.weights())).isTrue();
        assertThat(other.get().curves()).isEqualTo(first.curves());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void train_contradictions_areRefused() {
    Examples pairs = ModelZoo.images(4, seed("train"));
    SiameseNetwork digits = ModelZoo.DIGITS.network();
    assertThatThrownBy(() -> trainOn(digits, Loss.sum(1, 1), pairs))
        .hasMessageStartingWith("Cannot train a target loss behind head arithmetic");
    SiameseNetwork baseline = ModelZoo.FC_BASELINE.network();
    assertThatThrownBy(() -> trainOn(baseline, Loss.sum(1, 1), pairs))
        .hasMessageStartingWith("Cannot train a digit loss where nothing ends");
    assertThatThrownBy(() -> TRAINER.train(task(ModelZoo.DIGITS, NONE, NONE)))
        .hasMessageContaining("no pairs");
    assertThatThrownBy(
            () -> TRAINER.train(task(ModelZoo.DIGITS, ModelZoo.oneHots(3, seed("x")), NONE)))
        .hasMessageContaining("10 values");
  }

  @Test
  void predict_arithmetic_comparesTheLargest() {
    SiameseNetwork network =
        SiameseNetwork.shared(
            new Shape.Vector(10),
            new LayerList(List.of(new Layer.Linear(10, 10))),
            Head.ARITHMETIC,
            new LayerList(List.of()));
    float[] ones = new float[100];
    for (int i = 0; i < 10; i++) {
      ones[11 * i] = 1;
    }
    Weights identity =
        new Weights(
            List.of(
                new Weights.Tensor("body.0.weight", List.of(10, 10), ones),
                new Weights.Tensor("body.0.bias", List.of(10), new float[10])));
    Examples examples = ModelZoo.oneHots(250, seed("x"));
    Trainer.Predictions predictions = TRAINER.predict(network, identity, examples);
    assertThat(predictions.digits()).isEqualTo(examples.digits());
    assertThat(predictions.targets()).isEqualTo(examples.targets());
  }

  @Test
  void environment_names_whatDecidesTheBits() {
    assertThat(TRAINER.environment())
        .extracting(Trainer.EnvironmentField::name)
        .startsWith("engine", "engine.version", "deeplearning4j");
    assertThat(TRAINER.environment())
        .allSatisfy(field -> assertThat(field.value()).isNotBlank().doesNotContain("${"));
  }

  private static Trainer.Task task(ModelZoo model, Examples train, Examples validation) {
    return task(model, SHORT, train, validation);
  }

  private static Trainer.Task task(
      ModelZoo model, TrainingConfig training, Examples train, Examples validation) {
    return new Trainer.Task(
        model.network(), model.loss(), training, Weights.NONE, Set.of(), train, validation, SEEDS);
  }

  private static Trainer.Task coin(
      SiameseNetwork network, TrainingConfig training, Examples train, Seed coin) {
    return new Trainer.Task(
        network,
        new Loss(1, 0.5, Loss.Mix.COIN, Loss.DigitLosses.CROSS_ENTROPY),
        training,
        Weights.NONE,
        Set.of(),
        train,
        NONE,
        new Trainer.Seeds(
            SEEDS.initialisation(), SEEDS.shuffle(), coin, SEEDS.dropout(), SEEDS.augmentation()));
  }

  /** One step on all pairs, in order. */
  private static Trainer.Trained trainOn(SiameseNetwork network, Loss loss, Examples train) {
    return TRAINER.train(
        new Trainer.Task(
            network,
            loss,
            TrainingConfig.plain(1, train.size(), false, false, ADAM),
            Weights.NONE,
            Set.of(),
            train,
            NONE,
            SEEDS));
  }

  /** A seed whose first two coins fall so. */
  private static Seed coinOf(boolean first, boolean second) {
    for (int round = 1; ; round++) {
      Seed seed = Seed.derive(3, "test", "coin", round);
      Draws draws = new Draws(seed);
      if (draws.coin() == first && draws.coin() == second) {
        return seed;
      }
    }
  }

  private static Examples slice(Examples examples, int from, int to) {
    int features = examples.features();
    return new Examples(
        features,
        Arrays.copyOfRange(examples.images(), 2 * from * features, 2 * to * features),
        Arrays.copyOfRange(examples.digits(), 2 * from, 2 * to),
        Arrays.copyOfRange(examples.targets(), from, to));
  }

  private static double last(Trainer.Trained trained, String split, String metric) {
    return trained.curves().stream()
        .filter(p -> p.split().equals(split) && p.metric().equals(metric))
        .reduce((a, b) -> b)
        .orElseThrow()
        .value();
  }

  private static double share(int[] predicted, int[] truth) {
    int hits = 0;
    for (int i = 0; i < truth.length; i++) {
      hits += predicted[i] == truth[i] ? 1 : 0;
    }
    return (double) hits / truth.length;
  }

  private static Seed seed(String stream) {
    return Seed.derive(1, "test", stream, 1);
  }
}
