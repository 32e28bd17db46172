package dev.twintail.model;

import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.util.ArrayList;
import java.util.List;

/** The ten networks of vieli2021 with their losses, and random pairs to feed them. */
@SuppressWarnings("ImmutableEnumChecker") // Records of values all the way down.
public enum ModelZoo {
  FC_BASELINE(70_722, list(flatten()), Head.LOGITS, fcBaselineTail(), sum(1, 0)),
  FC_AUX(72_112, fcAuxBody(), Head.LOGITS, fcAuxTail(), sum(1, 0.5)),
  CONV_NET(72_268, leNet(), Head.LOGITS, list(linear(20, 2)), sum(1, 0)),
  CONV_AUX(72_268, leNet(), Head.LOGITS, list(linear(20, 2)), sum(1, 0.8)),
  DIGITS(72_226, leNet(), Head.ARITHMETIC, list(), sum(0, 1)),
  CONV_TAIL(83_300, leNet(), Head.LOGITS, tail(), sum(1, 0.6)),
  CONV_SOFT_MAX(83_300, leNet(), Head.SOFTMAX, tail(), sum(1, 0.6)),
  CONV_ARG_MAX(83_300, leNet(), Head.ARGMAX, tail(), sum(1, 0.6)),
  PRE_TRAIN(83_300, leNet(), Head.ARGMAX, tail(), sum(1, 0.5)),
  PRE_TRAIN_RANDOM(
      83_300,
      leNet(),
      Head.ARGMAX,
      tail(),
      new Loss(1, 0.5, Loss.Mix.COIN, Loss.DigitLosses.CROSS_ENTROPY));

  /** The tail alone, as the stage pretrain-tail trains it on one-hot digits. */
  public static final SiameseNetwork TAIL_ALONE =
      SiameseNetwork.shared(new Shape.Vector(10), list(), Head.LOGITS, tail());

  private static final Shape IMAGE = new Shape.Image(1, 14, 14);

  private final int parameters;
  private final SiameseNetwork network;
  private final Loss loss;

  ModelZoo(int parameters, LayerList body, Head head, LayerList tail, Loss loss) {
    this.parameters = parameters;
    this.network = SiameseNetwork.shared(new Shape.Image(1, 14, 14), body, head, tail);
    this.loss = loss;
  }

  /** Returns the published number of parameters. */
  public int parameters() {
    return parameters;
  }

  public SiameseNetwork network() {
    return network;
  }

  public Loss loss() {
    return loss;
  }

  /** Returns {@code n} pairs of 14×14 noise, uniform in ±2, with random digits and true targets. */
  public static Examples images(int n, Seed seed) {
    Draws draws = new Draws(seed);
    float[] images = new float[2 * n * IMAGE.size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = draws.symmetric(2);
    }
    int[] digits = digits(n, draws);
    return new Examples(IMAGE.size(), images, digits, targets(digits));
  }

  /** Returns {@code n} pairs whose images are their digits' one-hot vectors. */
  public static Examples oneHots(int n, Seed seed) {
    int[] digits = digits(n, new Draws(seed));
    float[] images = new float[digits.length * 10];
    for (int i = 0; i < digits.length; i++) {
      images[10 * i + digits[i]] = 1;
    }
    return new Examples(10, images, digits, targets(digits));
  }

  private static int[] digits(int n, Draws draws) {
    int[] digits = new int[2 * n];
    for (int i = 0; i < digits.length; i++) {
      digits[i] = draws.below(10);
    }
    return digits;
  }

  private static int[] targets(int[] digits) {
    int[] targets = new int[digits.length / 2];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = digits[2 * i] <= digits[2 * i + 1] ? 1 : 0;
    }
    return targets;
  }

  private static Loss sum(double target, double digit) {
    return Loss.sum(target, digit);
  }

  private static LayerList leNet() {
    return list(
        new Layer.Conv(1, 32, 3, 0),
        new Layer.MaxPool(2),
        relu(),
        new Layer.Conv(32, 64, 3, 0),
        new Layer.MaxPool(2),
        relu(),
        flatten(),
        linear(256, 200),
        relu(),
        linear(200, 10));
  }

  private static LayerList tail() {
    return dense(20, 128, 64, 2);
  }

  private static LayerList fcBaselineTail() {
    List<Layer> layers = new ArrayList<>(dense(392, 150, 50, 50, 20).layers());
    layers.add(relu());
    layers.add(new Layer.Tied(2, List.of(linear(20, 20), relu())));
    layers.addAll(dense(20, 10, 2).layers());
    return new LayerList(layers);
  }

  private static LayerList fcAuxBody() {
    List<Layer> layers = new ArrayList<>();
    layers.add(flatten());
    layers.addAll(dense(196, 160, 120, 100, 50).layers());
    layers.add(relu());
    layers.add(new Layer.Tied(3, List.of(linear(50, 50), relu())));
    layers.addAll(dense(50, 20, 10).layers());
    return new LayerList(layers);
  }

  private static LayerList fcAuxTail() {
    return list(
        linear(20, 10), relu(), new Layer.Tied(3, List.of(linear(10, 10), relu())), linear(10, 2));
  }

  /** Linear layers of these widths with ReLU between them, none after the last. */
  private static LayerList dense(int... widths) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 1; i < widths.length; i++) {
      if (i > 1) {
        layers.add(relu());
      }
      layers.add(linear(widths[i - 1], widths[i]));
    }
    return new LayerList(layers);
  }

  private static LayerList list(Layer... layers) {
    return new LayerList(List.of(layers));
  }

  private static Layer linear(int in, int out) {
    return new Layer.Linear(in, out);
  }

  private static Layer relu() {
    return new Layer.Relu();
  }

  private static Layer flatten() {
    return new Layer.Flatten();
  }
}
