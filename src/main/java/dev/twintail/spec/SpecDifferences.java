package dev.twintail.spec;

import dev.twintail.network.FrozenWord;
import dev.twintail.network.LayerList;
import dev.twintail.network.SiameseNetwork;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one experiment does otherwise than another, in the spec's words, for people. */
public final class SpecDifferences {
  /** Fields that do not change how a model is run and measured. */
  private static final Set<String> SILENT =
      Set.of("name", "published", "remark", "body-name", "tail-name", "digit-head-name");

  /** Fields of a network that the data and the protocol tell of. */
  private static final Set<String> TOLD = Set.of("input", "comparison", "loss.digit-losses");

  private SpecDifferences() {}

  /**
   * Returns one line for each difference, such as {@code training.shuffle: true → false}: first
   * those of the data, then those that all common models share, then the others with the models'
   * names.
   */
  public static List<String> between(Experiment base, Experiment other) {
    List<String> lines = new ArrayList<>(differences("data", base.data(), other.data()));
    if (base.seed() != other.seed()) {
      lines.add("seed: " + base.seed() + " → " + other.seed());
    }
    Map<String, Set<String>> byLine = new LinkedHashMap<>();
    int common = 0;
    for (ModelSpec model : other.models()) {
      Optional<ModelSpec> twin =
          base.models().stream().filter(m -> m.name().equals(model.name())).findFirst();
      if (twin.isPresent()) {
        common++;
        for (String line : differences("", twin.get(), model)) {
          byLine.computeIfAbsent(line, l -> new LinkedHashSet<>()).add(model.name());
        }
      }
    }
    for (Map.Entry<String, Set<String>> line : byLine.entrySet()) {
      if (line.getValue().size() == common) {
        lines.add(line.getKey());
      }
    }
    for (Map.Entry<String, Set<String>> line : byLine.entrySet()) {
      if (line.getValue().size() < common) {
        lines.add(line.getKey() + " (" + String.join(", ", line.getValue()) + ")");
      }
    }
    return lines;
  }

  private static List<String> differences(String path, Record base, Record other) {
    Map<String, String> from = new LinkedHashMap<>();
    Map<String, String> to = new LinkedHashMap<>();
    flatten(path, base, from);
    flatten(path, other, to);
    Set<String> names = new LinkedHashSet<>(from.keySet());
    names.addAll(to.keySet());
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      String before = from.getOrDefault(name, "none");
      String after = to.getOrDefault(name, "none");
      if (!before.equals(after) && !SILENT.contains(name) && !TOLD.contains(name)) {
        lines.add(name + ": " + before + " → " + after);
      }
    }
    return lines;
  }

  private static void flatten(String path, Object value, Map<String, String> into) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(v -> flatten(path, v, into));
    } else if (value instanceof LayerList layers) {
      into.put(path, layers.text());
    } else if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        String name = kebab(component.getName());
        Object part = read(component, value);
        // What a network is made of stands beside its name and its loss in a spec.
        String inner = part instanceof SiameseNetwork ? path : join(path, name);
        flatten(inner, part, into);
      }
    } else if (value instanceof FrozenWord word) {
      into.put(path, word.word());
    } else {
      into.put(path, String.valueOf(value));
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static Object read(RecordComponent component, Object value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
