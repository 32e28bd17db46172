package dev.twintail.spec;

import dev.twintail.network.Layer;
import dev.twintail.network.RealRange;
import dev.twintail.network.Shape;
import dev.twintail.spec.LayerTemplate.LayerItem;
import dev.twintail.spec.LayerTemplate.LayerRecipe;
import dev.twintail.spec.Size.Limit;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import dev.twintail.spec.Yaml.Scalar;
import dev.twintail.spec.Yaml.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads layers as a spec writes them, one item of a list each: {@code conv 1 -> 32 3x3}. */
final class LayerReader {
  /**
   * How a layer is written.
   *
   * @param form for messages
   * @param ranges what its numbers may be, for messages; empty if it has none
   * @param reading of one that stands by itself; of one that holds others, empty
   */
  private record Form(String form, String ranges, LayerRule reading) {}

  /** Reads the words of one item; empty if they are not of the form. */
  private interface LayerRule {
    Optional<LayerItem> item(LayerReader reader, String[] words, Scalar scalar);
  }

  private static final LayerRule GROUP = (reader, words, scalar) -> Optional.empty();

  private static final String OF_FEATURES = "features are from 1 to 99999";
  private static final String OF_TIMES = "times are from 1 to 999";

  /** All layers, by their first word. */
  private static final Map<String, Form> FORMS = new LinkedHashMap<>();

  static {
    add(
        "conv",
        "'conv IN -> OUT KxK' (channels; square window), such as 'conv 1 -> 32 3x3'",
        "channels are from 1 to 9999, windows and padding from 1 to 99",
        (reader, words, scalar) -> reader.conv(words).map(one(scalar)));
    add(
        "max-pool",
        "'max-pool WINDOW', such as 'max-pool 2'",
        "windows are from 1 to 99",
        (reader, words, scalar) -> reader.maxPool(words).map(one(scalar)));
    add("relu", new Layer.Relu());
    add("leaky-relu", new Layer.LeakyRelu());
    add("sigmoid", new Layer.Sigmoid());
    add("tanh", new Layer.Tanh());
    add("flatten", new Layer.Flatten());
    add(
        "linear",
        "'linear IN -> OUT' (features), such as 'linear 256 -> 200'",
        OF_FEATURES,
        (reader, words, scalar) -> reader.linear(words, scalar.at()));
    add(
        "dropout",
        "'dropout SHARE', such as 'dropout 0.5'",
        "shares are from 0.0 to below 1, with six decimals at most",
        (reader, words, scalar) -> reader.dropout(words).map(one(scalar)));
    add(
        "batch-norm",
        "'batch-norm' or 'batch-norm pooled'",
        OF_FEATURES,
        (reader, words, scalar) -> reader.batchNorm(words).map(one(scalar)));
    add(
        "tied",
        "'tied TIMES: [LAYERS]', such as 'tied 3: [linear 50 -> 50, relu]'",
        OF_TIMES,
        GROUP);
    add(
        "repeat",
        "'repeat TIMES: [LAYERS]', such as 'repeat 2: [linear -> 50, relu]'",
        OF_TIMES,
        GROUP);
    add("residual", "'residual: [LAYERS]'", "", GROUP);
    add("shared", "'shared: [LAYERS]'", "", GROUP);
    add("shared-by-accident", "'shared-by-accident: [LAYERS]'", "", GROUP);
  }

  /** Numbers as people write them, whatever a layer takes. */
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(?:\\.[0-9]*)?");

  private static final Pattern SQUARE = Pattern.compile("(" + NUMBER + ")x\\1");

  private static final Limit CHANNELS = new Limit(1, 9_999, "channels");
  private static final Limit FEATURES = new Limit(1, 99_999, "features");
  private static final Limit WINDOW = new Limit(1, 99, "pixels");
  private static final Limit TIED = new Limit(1, 999, "times");
  private static final Limit REPEATED = new Limit(0, 999, "times");
  private static final int CHANNEL_DIGITS = 4;
  private static final int FEATURE_DIGITS = 5;
  private static final int WINDOW_DIGITS = 2;
  private static final int TIMES_DIGITS = 3;

  private final Problems problems;
  private final Set<String> settings = new TreeSet<>();
  private boolean inShared;

  private static void add(String word, String form, String ranges, LayerRule reading) {
    FORMS.put(word, new Form(form, ranges, reading));
  }

  /** Adds a layer that is one word and nothing else. */
  private static void add(String word, Layer layer) {
    add(
        word,
        "'" + word + "' alone",
        "",
        (reader, words, scalar) ->
            words.length == 1
                ? Optional.of((Making) (input, with) -> layer).map(one(scalar))
                : Optional.empty());
  }

  LayerReader(Problems problems) {
    this.problems = problems;
  }

  /** Returns one body or tail; empty, with problems recorded, if any layer is wrong. */
  static Optional<LayerTemplate> read(String name, String where, Member entry, Problems problems) {
    int before = problems.count();
    LayerReader reader = new LayerReader(problems);
    List<LayerItem> items = reader.items(entry.value(), where);
    return problems.count() > before
        ? Optional.empty()
        : Optional.of(new LayerTemplate(name, where, entry.at(), items, reader.settings));
  }

  private List<LayerItem> items(Yaml value, String where) {
    List<LayerItem> items = new ArrayList<>();
    if (!(value instanceof Sequence sequence)) {
      problems.add(
          value.at(),
          where + ": expected a list of layers such as [flatten], found " + value.shown());
      return items;
    }
    for (int i = 0; i < sequence.items().size(); i++) {
      item(sequence.items().get(i), where + ", layer " + (i + 1)).ifPresent(items::add);
    }
    return items;
  }

  private Optional<LayerItem> item(Yaml item, String where) {
    if (item instanceof Scalar scalar) {
      return simple(scalar, where);
    }
    if (item instanceof Mapping mapping && mapping.entries().size() == 1) {
      Map.Entry<String, Member> only = mapping.entries().entrySet().iterator().next();
      return group(only.getKey(), only.getValue(), where)
          .map(recipe -> new LayerItem(item.at(), only.getKey(), Optional.empty(), recipe));
    }
    problems.add(
        item.at(),
        where + ": expected a layer such as 'relu' or 'tied 3: […]', found " + item.shown());
    return Optional.empty();
  }

  /** Reads layers that hold others: {@code tied 3: […]}. */
  private Optional<LayerRecipe> group(String key, Member entry, String where) {
    String[] words = key.split(" +", -1);
    Optional<Size> times =
        words.length == 2 ? Size.whole(words[1], TIMES_DIGITS, settings) : Optional.empty();
    boolean counted = words[0].equals("tied") || words[0].equals("repeat");
    boolean known =
        counted
            ? times.isPresent()
            : words.length == 1
                && Set.of("residual", "shared", "shared-by-accident").contains(words[0]);
    if (!known) {
      if (counted && words.length == 2 && NUMBER.matcher(words[1]).matches()) {
        outOfRange(entry.at(), where, key + ": …", Objects.requireNonNull(FORMS.get(words[0])));
      } else {
        malformed(entry.at(), where, key + ": …", words[0]);
      }
      return Optional.empty();
    }
    int before = problems.count();
    boolean shares = words[0].startsWith("shared");
    if (shares && inShared) {
      problems.add(
          entry.at(), where + ": '" + words[0] + "' stands in layers that are shared; remove it");
    }
    boolean outer = inShared;
    inShared |= shares;
    List<LayerItem> inner = items(entry.value(), where);
    inShared = outer;
    if (inner.isEmpty() && problems.count() == before) {
      problems.add(
          entry.at(),
          where
              + ": '"
              + words[0]
              + "' needs at least one layer"
              + (counted ? " to repeat" : " in it"));
    }
    if (problems.count() > before) {
      return Optional.empty();
    }
    return Optional.of(
        switch (words[0]) {
          case "tied" ->
              (input, with) ->
                  List.of(
                      new Layer.Tied(
                          times.orElseThrow().value(with, TIED), inside(inner, input, with)));
          case "repeat" -> (input, with) -> repeated(inner, times.orElseThrow(), input, with);
          case "residual" ->
              (input, with) -> List.of(new Layer.Residual(inside(inner, input, with)));
          default -> {
            Layer.Shared.Spare spare =
                words[0].equals("shared")
                    ? Layer.Shared.Spare.NONE
                    : Layer.Shared.Spare.SECOND_BODY;
            yield (input, with) -> List.of(new Layer.Shared(inside(inner, input, with), spare));
          }
        });
  }

  private static List<Layer> inside(List<LayerItem> items, Shape input, Map<String, Double> with) {
    LayerSequence made = new LayerSequence(input);
    for (LayerItem item : items) {
      made.addAll(item.recipe().layers(made.output(), with));
    }
    return made.layers();
  }

  /** Returns the layers so many times in a row, each time with weights of their own. */
  private static List<Layer> repeated(
      List<LayerItem> items, Size times, Shape input, Map<String, Double> with) {
    LayerSequence made = new LayerSequence(input);
    int count = times.value(with, REPEATED);
    for (int i = 0; i < count; i++) {
      List<Layer> layers = inside(items, made.output(), with);
      if (layers.isEmpty()) {
        break; // Nor would the other times make any, and many times inside many would take forever.
      }
      made.addAll(layers);
    }
    return made.layers();
  }

  private Optional<LayerItem> simple(Scalar scalar, String where) {
    String[] words = scalar.text().split(" +", -1);
    Form form = FORMS.get(words[0]);
    Optional<LayerItem> item =
        form == null ? Optional.empty() : form.reading().item(this, words, scalar);
    if (item.isEmpty()) {
      if (form != null && form.reading().item(this, inRange(words), scalar).isPresent()) {
        outOfRange(scalar.at(), where, scalar.text(), form);
      } else {
        malformed(scalar.at(), where, scalar.text(), words[0]);
      }
    }
    return item;
  }

  /** Returns the words with each number replaced by one that every layer takes in its place. */
  private static String[] inRange(String[] words) {
    String one = words[0].equals("dropout") ? "0.5" : "1";
    String[] replaced = words.clone();
    for (int i = 1; i < words.length; i++) {
      if (NUMBER.matcher(words[i]).matches()) {
        replaced[i] = one;
      } else if (SQUARE.matcher(words[i]).matches()) {
        replaced[i] = "1x1";
      }
    }
    return replaced;
  }

  private void outOfRange(Position at, String where, String text, Form form) {
    problems.add(at, "%s: '%s' is out of range: %s".formatted(where, text, form.ranges()));
  }

  /** Makes exactly one layer. */
  private interface Making {
    Layer layer(Shape input, Map<String, Double> settings);
  }

  private static Function<Making, LayerItem> one(Scalar scalar) {
    return making ->
        new LayerItem(
            scalar.at(),
            scalar.text(),
            Optional.empty(),
            (input, with) -> List.of(making.layer(input, with)));
  }

  /** conv [IN] -> OUT KxK [pad N]. */
  private Optional<Making> conv(String[] words) {
    int arrow = arrow(words);
    boolean padded = words.length >= 3 && words[words.length - 2].equals("pad");
    int length = words.length - (padded ? 2 : 0);
    if (arrow < 0 || length != arrow + 3) {
      return Optional.empty();
    }
    Optional<Size> in = Size.whole(arrow == 2 ? words[1] : "1", CHANNEL_DIGITS, settings);
    Optional<Size> out = Size.whole(words[arrow + 1], CHANNEL_DIGITS, settings);
    Optional<Size> kernel = window(words[arrow + 2]);
    Optional<Size> pad =
        Size.whole(padded ? words[words.length - 1] : "1", WINDOW_DIGITS, settings);
    if (in.isEmpty() || out.isEmpty() || kernel.isEmpty() || pad.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        (input, with) -> {
          int found = input instanceof Shape.Image image ? image.channels() : 1;
          int inputs = arrow == 2 ? in.get().value(with, CHANNELS) : found;
          int outputs = out.get().value(with, CHANNELS);
          int side = kernel.get().value(with, WINDOW);
          LayerSequence.requireParameters(outputs * ((long) inputs * side * side + 1));
          return new Layer.Conv(inputs, outputs, side, padded ? pad.get().value(with, WINDOW) : 0);
        });
  }

  /** Returns the position of the arrow after none or one number, or −1. */
  private static int arrow(String[] words) {
    if (words.length > 1 && words[1].equals("->")) {
      return 1;
    }
    return words.length > 2 && words[2].equals("->") ? 2 : -1;
  }

  /** Reads {@code 3x3}, or a setting that stands for both sides. */
  private Optional<Size> window(String word) {
    if (word.startsWith("$")) {
      return Size.setting(word, settings);
    }
    int x = word.indexOf('x');
    return x >= 0 && word.substring(0, x).equals(word.substring(x + 1))
        ? Size.whole(word.substring(0, x), WINDOW_DIGITS, settings)
        : Optional.empty();
  }

  /** linear [IN] -> OUT. */
  private Optional<LayerItem> linear(String[] words, Position at) {
    int arrow = arrow(words);
    if (arrow < 0 || words.length != arrow + 2) {
      return Optional.empty();
    }
    Optional<Size> in = Size.whole(arrow == 2 ? words[1] : "1", FEATURE_DIGITS, settings);
    Optional<Size> out = Size.whole(words[arrow + 1], FEATURE_DIGITS, settings);
    if (in.isEmpty() || out.isEmpty()) {
      return Optional.empty();
    }
    LayerRecipe recipe =
        (input, with) -> {
          int inputs = arrow == 2 ? in.get().value(with, FEATURES) : input.size();
          int outputs = out.get().value(with, FEATURES);
          LayerSequence.requireParameters(outputs * (inputs + 1L));
          return List.of(new Layer.Linear(inputs, outputs));
        };
    return Optional.of(
        new LayerItem(at, words[0], arrow == 2 ? in.get().fixed() : Optional.empty(), recipe));
  }

  private Optional<Making> maxPool(String[] words) {
    return words.length != 2
        ? Optional.empty()
        : Size.whole(words[1], WINDOW_DIGITS, settings)
            .map(window -> (input, with) -> new Layer.MaxPool(window.value(with, WINDOW)));
  }

  private Optional<Making> dropout(String[] words) {
    if (words.length != 2) {
      return Optional.empty();
    }
    if (Size.isFraction(words[1])) {
      double rate = Double.parseDouble(words[1]);
      return Optional.of((input, with) -> new Layer.Dropout(rate));
    }
    return Size.setting(words[1], settings)
        .map(
            size ->
                (input, with) -> {
                  double rate = size.real(with);
                  if (rate < 0 || rate >= 1) {
                    throw new IllegalArgumentException(
                        "cannot drop a share of "
                            + RealRange.plain(rate)
                            + "; expected a number from 0 to below 1");
                  }
                  return new Layer.Dropout(rate);
                });
  }

  /** batch-norm [N] [pooled]. */
  private Optional<Making> batchNorm(String[] words) {
    boolean pooled = words[words.length - 1].equals("pooled");
    int length = words.length - (pooled ? 1 : 0);
    if (length > 2) {
      return Optional.empty();
    }
    Layer.BatchNorm.Statistics statistics =
        pooled ? Layer.BatchNorm.Statistics.POOLED : Layer.BatchNorm.Statistics.EACH_IMAGE;
    if (length == 1) {
      return Optional.of(
          (input, with) ->
              new Layer.BatchNorm(
                  input instanceof Shape.Image image ? image.channels() : input.size(),
                  statistics));
    }
    return Size.whole(words[1], FEATURE_DIGITS, settings)
        .map(size -> (input, with) -> new Layer.BatchNorm(size.value(with, FEATURES), statistics));
  }

  private void malformed(Position at, String where, String text, String word) {
    Form form = FORMS.get(word);
    problems.add(
        at,
        where
            + ": "
            + (form == null
                ? "unknown layer '" + text + "'; " + Hint.forName(word, FORMS.keySet())
                : "cannot read '"
                    + text
                    + (text.contains(" stride ")
                        ? "': there is no stride, a conv moves by 1 and a max-pool by its window"
                        : "'")
                    + "; write "
                    + form.form()));
  }
}
