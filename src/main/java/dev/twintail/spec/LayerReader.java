package dev.twintail.spec;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.spec.Yaml.Entry;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Scalar;
import dev.twintail.spec.Yaml.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads layers as a spec writes them, one item of a list each: {@code conv 1 -> 32 3x3}. */
final class LayerReader {
  private static final List<String> WORDS =
      List.of("conv", "max-pool", "relu", "flatten", "linear", "tied");
  private static final long MAX_PARAMETERS = 100_000_000;
  private static final int CHANNEL_DIGITS = 4;
  private static final int FEATURE_DIGITS = 5;
  private static final int WINDOW_DIGITS = 2;
  private static final int TIMES_DIGITS = 3;

  private final Problems problems;

  LayerReader(Problems problems) {
    this.problems = problems;
  }

  /** Returns the layers of one body or tail; empty, with problems recorded, if any is wrong. */
  Optional<NamedLayers> read(String name, String where, Entry entry) {
    int before = problems.count();
    List<Position> lines = new ArrayList<>();
    List<Layer> layers = layers(entry.value(), where, lines);
    if (problems.count() > before) {
      return Optional.empty();
    }
    return Optional.of(new NamedLayers(name, where, entry.at(), new LayerList(layers), lines));
  }

  private List<Layer> layers(Yaml value, String where, List<Position> lines) {
    List<Layer> layers = new ArrayList<>();
    if (!(value instanceof Sequence sequence)) {
      problems.add(
          value.at(),
          where + ": expected a list of layers such as [flatten], found " + value.shown());
      return layers;
    }
    long parameters = 0;
    for (int i = 0; i < sequence.items().size(); i++) {
      Yaml item = sequence.items().get(i);
      Optional<Layer> layer = layer(item, where + ", layer " + (i + 1));
      if (layer.isPresent()) {
        layers.add(layer.get());
        lines.add(item.at());
        parameters += parameters(layer.get());
        if (parameters > MAX_PARAMETERS) {
          problems.add(
              item.at(), where + ": has more than " + MAX_PARAMETERS + " parameters by here");
          return layers;
        }
      }
    }
    return layers;
  }

  /** Returns what {@link Layer#parameters} does, without overflow. */
  private static long parameters(Layer layer) {
    if (layer instanceof Layer.Conv conv) {
      return conv.out() * ((long) conv.in() * conv.kernel() * conv.kernel() + 1);
    }
    return layer instanceof Layer.Linear linear
        ? linear.out() * (linear.in() + 1L)
        : layer.parameters();
  }

  private Optional<Layer> layer(Yaml item, String where) {
    if (item instanceof Scalar scalar) {
      return simple(scalar, where);
    }
    if (item instanceof Mapping mapping && mapping.entries().size() == 1) {
      Map.Entry<String, Entry> only = mapping.entries().entrySet().iterator().next();
      return tied(only.getKey(), only.getValue(), where);
    }
    problems.add(
        item.at(),
        where + ": expected a layer such as 'relu' or 'tied 3: […]', found " + item.shown());
    return Optional.empty();
  }

  private Optional<Layer> tied(String key, Entry entry, String where) {
    String[] words = key.split(" +", -1);
    int times = words.length == 2 ? number(words[1], TIMES_DIGITS) : 0;
    if (!words[0].equals("tied") || times == 0) {
      malformed(entry.at(), where, key + ": …", words[0]);
      return Optional.empty();
    }
    int before = problems.count();
    List<Layer> inner = layers(entry.value(), where, new ArrayList<>());
    if (inner.isEmpty() && problems.count() == before) {
      problems.add(entry.at(), where + ": 'tied' needs at least one layer to repeat");
    }
    return problems.count() > before ? Optional.empty() : Optional.of(new Layer.Tied(times, inner));
  }

  private Optional<Layer> simple(Scalar scalar, String where) {
    String[] words = scalar.text().split(" +", -1);
    Optional<Layer> layer =
        switch (words[0]) {
          case "conv" -> conv(words);
          case "linear" -> linear(words);
          case "max-pool" -> maxPool(words);
          case "relu" -> words.length == 1 ? Optional.of(new Layer.Relu()) : Optional.empty();
          case "flatten" -> words.length == 1 ? Optional.of(new Layer.Flatten()) : Optional.empty();
          default -> Optional.empty();
        };
    if (layer.isEmpty()) {
      malformed(scalar.at(), where, scalar.text(), words[0]);
    }
    return layer;
  }

  private static Optional<Layer> conv(String[] words) {
    if (words.length != 5 || !words[2].equals("->")) {
      return Optional.empty();
    }
    int in = number(words[1], CHANNEL_DIGITS);
    int out = number(words[3], CHANNEL_DIGITS);
    int x = words[4].indexOf('x');
    int kernel = x < 0 ? 0 : number(words[4].substring(0, x), WINDOW_DIGITS);
    boolean square = x >= 0 && words[4].substring(0, x).equals(words[4].substring(x + 1));
    return in == 0 || out == 0 || kernel == 0 || !square
        ? Optional.empty()
        : Optional.of(new Layer.Conv(in, out, kernel, 0));
  }

  private static Optional<Layer> linear(String[] words) {
    if (words.length != 4 || !words[2].equals("->")) {
      return Optional.empty();
    }
    int in = number(words[1], FEATURE_DIGITS);
    int out = number(words[3], FEATURE_DIGITS);
    return in == 0 || out == 0 ? Optional.empty() : Optional.of(new Layer.Linear(in, out));
  }

  private static Optional<Layer> maxPool(String[] words) {
    int window = words.length == 2 ? number(words[1], WINDOW_DIGITS) : 0;
    return window == 0 ? Optional.empty() : Optional.of(new Layer.MaxPool(window));
  }

  /** Returns a number above 0 without leading zeros and of so many digits at most; else 0. */
  private static int number(String word, int digits) {
    if (word.isEmpty() || word.length() > digits || word.charAt(0) == '0') {
      return 0;
    }
    int value = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      value = 10 * value + (c - '0');
    }
    return value;
  }

  private void malformed(Position at, String where, String text, String word) {
    String form =
        switch (word) {
          case "conv" ->
              "'conv IN -> OUT KxK' (channels; square window), such as 'conv 1 -> 32 3x3'";
          case "linear" -> "'linear IN -> OUT' (features), such as 'linear 256 -> 200'";
          case "max-pool" -> "'max-pool WINDOW', such as 'max-pool 2'";
          case "tied" -> "'tied TIMES: [LAYERS]', such as 'tied 3: [linear 50 -> 50, relu]'";
          case "relu", "flatten" -> "'" + word + "' alone";
          default -> "";
        };
    problems.add(
        at,
        where
            + ": "
            + (form.isEmpty()
                ? "unknown layer '" + text + "'; " + Hint.forName(word, WORDS)
                : "cannot read '" + text + "'; write " + form));
  }
}
