package dev.twintail.model;

import static dev.twintail.model.GradientTest.layers;
import static dev.twintail.model.GradientTest.linear;

import dev.twintail.network.Augmentation;
import dev.twintail.network.Augmentation.Pairing;
import dev.twintail.network.Branches;
import dev.twintail.network.DigitHead;
import dev.twintail.network.DigitRelation;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.Layer.BatchNorm.Statistics;
import dev.twintail.network.Layer.Shared.Spare;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Schedule;
import dev.twintail.network.Schedule.State;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small trainings that between them use every word a network, loss or training can have. */
public record Vocabulary(String name, SiameseNetwork network, Loss loss, TrainingConfig training) {
  private static final Shape IMAGE = new Shape.Image(2, 7, 6);
  private static final Layer RELU = new Layer.Relu();
  private static final Layer FLATTEN = new Layer.Flatten();
  private static final LayerList NOTHING = layers();
  private static final LayerList TAIL = layers(linear(20, 9), RELU, linear(9, 2));
  private static final LayerList ONE_LOGIT = layers(linear(20, 9), RELU, linear(9, 1));
  private static final LayerList DIGITS = layers(FLATTEN, linear(84, 10));
  private static final Optimizer.Adam ADAM = new Optimizer.Adam(1e-2, 0.9, 0.999, 1e-4);
  private static final TrainingConfig PLAIN = TrainingConfig.plain(3, 4, true, false, ADAM);
  private static final Loss BOTH = Loss.sum(0.7, 0.4);

  @Override
  public String toString() {
    return name;
  }

  /** Returns one training for each word. */
  public static List<Vocabulary> all() {
    List<Vocabulary> all = new ArrayList<>();
    all.add(body("linear", FLATTEN, linear(84, 10)));
    all.add(body("conv", new Layer.Conv(2, 3, 3, 0), RELU, FLATTEN, linear(60, 10)));
    all.add(
        body(
            "max-pool with cut edges",
            new Layer.Conv(2, 4, 2, 0),
            new Layer.MaxPool(2),
            RELU,
            new Layer.Conv(4, 5, 2, 0),
            FLATTEN,
            linear(10, 10)));
    all.add(
        body(
            "edges cut through convolutions",
            new Layer.Conv(2, 6, 3, 1),
            RELU,
            new Layer.Conv(6, 4, 2, 0),
            new Layer.LeakyRelu(),
            new Layer.Conv(4, 3, 2, 0),
            new Layer.MaxPool(2),
            FLATTEN,
            linear(12, 10)));
    for (Layer whole :
        List.of(new Layer.Dropout(0.3), new Layer.BatchNorm(3, Statistics.EACH_IMAGE))) {
      all.add(
          body(
              "edges cut behind " + whole.text(),
              new Layer.Conv(2, 3, 2, 0),
              whole,
              RELU,
              new Layer.MaxPool(2),
              FLATTEN,
              linear(18, 10)));
    }
    all.add(
        body(
            "convolution of many channels",
            new Layer.Conv(2, 8, 2, 0),
            new Layer.Tanh(),
            new Layer.Conv(8, 4, 3, 0),
            new Layer.MaxPool(2),
            FLATTEN,
            linear(8, 10)));
    all.add(
        body(
            "convolution by tiles that overlap",
            new Layer.Conv(2, 32, 1, 0),
            new Layer.Tanh(),
            new Layer.Conv(32, 64, 3, 0),
            FLATTEN,
            linear(1280, 10)));
    all.add(
        body(
            // Few windows, so that no difference makes another pixel the largest of one.
            "convolution by one tile, cut and pooled",
            new Layer.Conv(2, 32, 1, 0),
            new Layer.Tanh(),
            new Layer.Conv(32, 64, 3, 0),
            new Layer.MaxPool(4),
            FLATTEN,
            linear(64, 10)));
    all.add(
        body(
            "convolution by tiles, padded and normalised",
            new Layer.Conv(2, 48, 1, 0),
            new Layer.Conv(48, 48, 3, 1),
            new Layer.BatchNorm(48, Statistics.EACH_IMAGE),
            RELU,
            FLATTEN,
            linear(2016, 10)));
    all.add(
        body(
            "max-pool 3",
            new Layer.Conv(2, 4, 1, 0),
            new Layer.MaxPool(3),
            FLATTEN,
            linear(16, 10)));
    all.add(
        body(
            "tied",
            FLATTEN,
            linear(84, 6),
            RELU,
            new Layer.Tied(3, List.of(linear(6, 6), RELU)),
            linear(6, 10)));
    all.add(body("padding", new Layer.Conv(2, 3, 3, 1), RELU, FLATTEN, linear(126, 10)));
    all.add(
        body(
            "padding inside",
            new Layer.Conv(2, 3, 2, 0),
            new Layer.Conv(3, 2, 5, 2),
            FLATTEN,
            linear(60, 10)));
    all.add(body("leaky-relu", FLATTEN, linear(84, 9), new Layer.LeakyRelu(), linear(9, 10)));
    all.add(body("sigmoid", FLATTEN, linear(84, 9), new Layer.Sigmoid(), linear(9, 10)));
    all.add(body("tanh", FLATTEN, linear(84, 9), new Layer.Tanh(), linear(9, 10)));
    all.add(body("dropout", FLATTEN, linear(84, 9), new Layer.Dropout(0.3), RELU, linear(9, 10)));
    for (Statistics statistics : Statistics.values()) {
      all.add(
          body(
              "batch-norm of images, " + statistics,
              new Layer.Conv(2, 3, 3, 0),
              new Layer.BatchNorm(3, statistics),
              RELU,
              FLATTEN,
              linear(60, 10)));
      all.add(
          body(
              "batch-norm of vectors, " + statistics,
              FLATTEN,
              linear(84, 5),
              new Layer.BatchNorm(5, statistics),
              new Layer.Tanh(),
              linear(5, 10)));
    }
    all.add(
        body(
            "batch-norm of the input",
            new Layer.BatchNorm(2, Statistics.EACH_IMAGE),
            RELU,
            new Layer.Conv(2, 3, 3, 0),
            FLATTEN,
            linear(60, 10)));
    all.add(
        body(
            "residual that begins with batch-norm",
            new Layer.Residual(
                List.of(
                    new Layer.BatchNorm(2, Statistics.POOLED), RELU, new Layer.Conv(2, 2, 3, 1))),
            FLATTEN,
            linear(84, 10)));
    all.add(
        body(
            "residual",
            FLATTEN,
            linear(84, 6),
            new Layer.Residual(List.of(linear(6, 6), RELU, linear(6, 6))),
            RELU,
            linear(6, 10)));
    all.add(
        body(
            "residual convolutions, normalised",
            new Layer.Conv(2, 3, 1, 0),
            new Layer.Residual(
                List.of(
                    new Layer.Conv(3, 3, 3, 1),
                    new Layer.BatchNorm(3, Statistics.EACH_IMAGE),
                    RELU)),
            FLATTEN,
            linear(126, 10)));
    all.add(
        body(
            "residual of nothing learnt",
            FLATTEN,
            new Layer.Residual(List.of(RELU)),
            linear(84, 10)));
    all.add(
        body(
            "tied with batch-norm",
            FLATTEN,
            linear(84, 6),
            new Layer.Tied(
                2, List.of(linear(6, 6), new Layer.BatchNorm(6, Statistics.EACH_IMAGE), RELU)),
            linear(6, 10)));
    all.add(
        body(
            "shared inside a shared body",
            FLATTEN,
            new Layer.Shared(List.of(linear(84, 9), RELU), Spare.SECOND_BODY),
            linear(9, 10)));

    LayerList partly =
        layers(
            FLATTEN,
            linear(84, 9),
            new Layer.Tanh(),
            new Layer.Shared(List.of(linear(9, 8), new Layer.Tanh()), Spare.NONE),
            linear(8, 10));
    LayerList byAccident =
        layers(
            new Layer.Conv(2, 3, 3, 0),
            RELU,
            new Layer.Shared(List.of(new Layer.Conv(3, 4, 2, 0), RELU), Spare.SECOND_BODY),
            FLATTEN,
            linear(48, 10));
    LayerList sharedNorm =
        layers(
            FLATTEN,
            linear(84, 6),
            new Layer.Shared(
                List.of(new Layer.BatchNorm(6, Statistics.POOLED), new Layer.Dropout(0.2)),
                Spare.NONE),
            RELU,
            linear(6, 10));
    all.add(of("separate", Branches.SEPARATE, DIGITS, Head.LOGITS, TAIL, BOTH));
    all.add(of("separate, softmax", Branches.SEPARATE, DIGITS, Head.SOFTMAX, TAIL, BOTH));
    all.add(of("separate, argmax", Branches.SEPARATE, DIGITS, Head.ARGMAX, TAIL, BOTH));
    all.add(of("partly shared", Branches.SEPARATE, partly, Head.LOGITS, TAIL, BOTH));
    all.add(of("shared by accident", Branches.SEPARATE, byAccident, Head.LOGITS, TAIL, BOTH));
    all.add(of("shared batch-norm", Branches.SEPARATE, sharedNorm, Head.LOGITS, TAIL, BOTH));

    LayerList mergedBody =
        layers(
            new Layer.Conv(4, 3, 3, 0),
            new Layer.BatchNorm(3, Statistics.EACH_IMAGE),
            RELU,
            FLATTEN);
    LayerList mergedTail = layers(linear(60, 8), new Layer.Dropout(0.5), RELU, linear(8, 2));
    Loss target = Loss.sum(1, 0);
    all.add(of("merged", Branches.MERGED, mergedBody, Head.LOGITS, mergedTail, target));
    all.add(
        of(
            "merged, softmax",
            Branches.MERGED,
            layers(FLATTEN, linear(168, 5)),
            Head.SOFTMAX,
            layers(linear(5, 1)),
            target));

    for (Branches bodies : List.of(Branches.SHARED, Branches.SEPARATE)) {
      for (Branches heads : List.of(Branches.SHARED, Branches.SEPARATE)) {
        DigitHead head = new DigitHead(layers(RELU, linear(7, 10)), heads);
        all.add(
            new Vocabulary(
                bodies + " bodies, " + heads + " digit heads",
                new SiameseNetwork(
                    IMAGE,
                    bodies,
                    layers(FLATTEN, linear(84, 7)),
                    Optional.of(head),
                    Head.LOGITS,
                    DigitRelation.AT_MOST,
                    layers(RELU, linear(14, 2))),
                BOTH,
                PLAIN));
      }
    }
    for (Layer first : List.of(new Layer.LeakyRelu(), new Layer.BatchNorm(7, Statistics.POOLED))) {
      DigitHead head = new DigitHead(layers(first, linear(7, 10)), Branches.SEPARATE);
      all.add(
          new Vocabulary(
              "separate digit heads that begin with " + first.text(),
              new SiameseNetwork(
                  IMAGE,
                  Branches.SHARED,
                  layers(FLATTEN, linear(84, 7)),
                  Optional.of(head),
                  Head.LOGITS,
                  DigitRelation.AT_MOST,
                  layers(linear(14, 2))),
              BOTH,
              PLAIN));
    }
    LayerList headLayers =
        layers(
            new Layer.BatchNorm(7, Statistics.EACH_IMAGE), new Layer.Dropout(0.25), linear(7, 10));
    all.add(
        new Vocabulary(
            "normalised digit head",
            new SiameseNetwork(
                IMAGE,
                Branches.SEPARATE,
                layers(FLATTEN, linear(84, 7)),
                Optional.of(new DigitHead(headLayers, Branches.SHARED)),
                Head.SOFT_ARITHMETIC,
                DigitRelation.AT_MOST,
                NOTHING),
            BOTH,
            PLAIN));

    all.add(of("softmax", Branches.SHARED, DIGITS, Head.SOFTMAX, TAIL, BOTH));
    all.add(of("argmax", Branches.SHARED, DIGITS, Head.ARGMAX, TAIL, BOTH));
    all.add(of("arithmetic", Branches.SHARED, DIGITS, Head.ARITHMETIC, NOTHING, digits()));
    LayerList tiedTail =
        layers(linear(168, 8), RELU, new Layer.Tied(2, List.of(linear(8, 8), RELU)), linear(8, 2));
    all.add(
        of("pixels, tied tail", Branches.SHARED, layers(FLATTEN), Head.LOGITS, tiedTail, target));
    all.add(of("one logit", Branches.SHARED, DIGITS, Head.LOGITS, ONE_LOGIT, BOTH));
    SiameseNetwork strict =
        new SiameseNetwork(
            IMAGE,
            Branches.SHARED,
            DIGITS,
            Optional.empty(),
            Head.ARITHMETIC,
            DigitRelation.LESS,
            NOTHING);
    all.add(new Vocabulary("strict", strict, digits(), PLAIN));
    all.add(of("soft, both", Branches.SHARED, DIGITS, Head.SOFT_ARITHMETIC, NOTHING, BOTH));
    all.add(of("soft, target", Branches.SHARED, DIGITS, Head.SOFT_ARITHMETIC, NOTHING, target));
    Loss doubled = new Loss(0.7, 0.4, Loss.Mix.SUM, Loss.DigitLosses.DOUBLE_SOFTMAX);
    all.add(of("double softmax", Branches.SHARED, DIGITS, Head.LOGITS, TAIL, doubled));
    all.add(
        of(
            "double softmax, soft",
            Branches.SEPARATE,
            DIGITS,
            Head.SOFT_ARITHMETIC,
            NOTHING,
            doubled));
    Loss coin = new Loss(1, 0.5, Loss.Mix.COIN, Loss.DigitLosses.CROSS_ENTROPY);
    all.add(of("coin", Branches.SHARED, DIGITS, Head.LOGITS, TAIL, coin));

    all.add(with("sgd", new Optimizer.Sgd(0.05, 0.9), Schedule.CONSTANT, Augmentation.NONE));
    all.add(with("decay", ADAM, new Schedule(0.9, 1, State.KEPT), Augmentation.NONE));
    all.add(with("restart", ADAM, new Schedule(0.1, 2, State.RESTARTED), Augmentation.NONE));
    all.add(with("re-pairing", ADAM, Schedule.CONSTANT, new Augmentation(Pairing.EVERY_EPOCH, 0)));
    all.add(with("shifts", ADAM, Schedule.CONSTANT, new Augmentation(Pairing.FIXED, 1)));
    return List.copyOf(all);
  }

  private static Loss digits() {
    return Loss.sum(0, 1);
  }

  private static Vocabulary body(String name, Layer... body) {
    return of(name, Branches.SHARED, layers(body), Head.LOGITS, TAIL, BOTH);
  }

  private static Vocabulary of(
      String name, Branches branches, LayerList body, Head head, LayerList tail, Loss loss) {
    SiameseNetwork network =
        new SiameseNetwork(
            IMAGE, branches, body, Optional.empty(), head, DigitRelation.AT_MOST, tail);
    return new Vocabulary(name, network, loss, PLAIN);
  }

  private static Vocabulary with(
      String name, Optimizer optimizer, Schedule schedule, Augmentation augmentation) {
    return new Vocabulary(
        name,
        SiameseNetwork.shared(IMAGE, DIGITS, Head.LOGITS, TAIL),
        BOTH,
        new TrainingConfig(3, 4, true, false, optimizer, schedule, augmentation));
  }
}
