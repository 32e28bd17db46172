package dev.twintail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Digest;
import dev.twintail.network.Shape;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.spec.ExperimentReader;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Some records write their equality out, since a record's own is slow until it has been called
 * often. Were a component forgotten there, different stages would count as the same work.
 */
class RecordEqualityTest {
  private static final Pattern WRITTEN_OUT =
      Pattern.compile(
          "boolean equals\\(Object other\\) \\{\\s+return other instanceof (\\w+) that");

  /** Of each record that experiments are made of, one for each set of components that it has. */
  private final Map<Class<?>, Map<List<Boolean>, Record>> samples = new LinkedHashMap<>();

  private final Set<Object> visited = new HashSet<>();

  @Test
  void equals_anyComponentDiffers_isFalse() throws Exception {
    collect(new Choices(Map.of("sweep", List.of(1))));
    collect(Digest.of(new byte[1]));
    collect(new Shape.Vector(3));
    for (String spec : List.of("all", "smoke", "carparelli2019-search")) {
      Graph graph =
          Graph.of(ExperimentReader.read(Path.of("pipelines", spec + ".yaml")), Choices.NONE);
      graph.nodes().forEach(node -> collect(node.stage()));
      graph.nodes().forEach(node -> collect(node.names()));
    }
    Set<String> written = writtenOut();

    Set<String> seen = new TreeSet<>();
    for (Map.Entry<Class<?>, Map<List<Boolean>, Record>> entry : samples.entrySet()) {
      Class<?> type = entry.getKey();
      if (written.contains(type.getSimpleName())) {
        seen.add(type.getSimpleName());
        Set<String> compared = new HashSet<>();
        for (Record sample : entry.getValue().values()) {
          compared.addAll(compared(sample));
        }
        assertThat(compared)
            .as("components of %s", type)
            .containsExactlyInAnyOrderElementsOf(
                Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList());
      }
    }

    assertThat(written).hasSizeGreaterThan(10);
    assertThat(seen).isEqualTo(written);
  }

  private static Set<String> writtenOut() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = Files.readString(source);
        WRITTEN_OUT.matcher(text).results().forEach(m -> names.add(m.group(1)));
      }
    }
    return names;
  }

  private void collect(Object value) {
    if (value instanceof Collection<?> items) {
      items.forEach(this::collect);
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(this::collect);
    } else if (value instanceof Record item && visited.add(item)) {
      List<Object> parts = List.of(parts(item));
      samples
          .computeIfAbsent(item.getClass(), type -> new LinkedHashMap<>())
          .putIfAbsent(parts.stream().map(part -> !part.equals(Optional.empty())).toList(), item);
      parts.forEach(this::collect);
    }
  }

  /** Returns the components that can be others, and then are another record. */
  private static Set<String> compared(Record sample) {
    Set<String> compared = new HashSet<>();
    RecordComponent[] components = sample.getClass().getRecordComponents();
    Object[] parts = parts(sample);
    Record copy = made(sample.getClass(), parts).orElseThrow();
    assertThat(copy).isEqualTo(sample).hasSameHashCodeAs(sample);
    for (int i = 0; i < parts.length; i++) {
      for (Object other : others(components[i].getType(), parts[i])) {
        Object[] changed = parts.clone();
        changed[i] = other;
        Optional<Record> different = made(sample.getClass(), changed);
        // A record may change what it is given; then nothing differs.
        if (different.isPresent() && !Arrays.equals(parts(different.get()), parts)) {
          compared.add(components[i].getName());
          assertThat(different.get().equals(sample) || sample.equals(different.get()))
              .as("%s with another %s", sample.getClass(), components[i].getName())
              .isFalse();
        }
      }
    }
    return compared;
  }

  /** Returns values of the same type that are not this one. */
  private static List<Object> others(Class<?> type, Object value) {
    List<Object> others = new ArrayList<>();
    if (value instanceof Integer number) {
      Stream.of(number + 1, number - 1, 2 * number, 0, 1).forEach(others::add);
    } else if (value instanceof Long number) {
      Stream.of(number + 1, number - 1).forEach(others::add);
    } else if (value instanceof Double number) {
      Stream.of(number / 2, number + 0.25, 1.0).forEach(others::add);
    } else if (value instanceof Boolean flag) {
      others.add(!flag);
    } else if (value instanceof String text) {
      others.add(text.replace(text.charAt(0), text.charAt(0) == 'a' ? 'b' : 'a'));
      others.add(text + "x");
    } else if (value instanceof Enum<?>) {
      others.addAll(List.of(type.getEnumConstants()));
    } else if (value instanceof Optional<?> optional) {
      others.add(Optional.empty());
      optional.ifPresent(v -> others(v.getClass(), v).forEach(o -> others.add(Optional.of(o))));
    } else if (value instanceof List<?> list) {
      others.add(list.isEmpty() ? List.of(URI.create("http://localhost/")) : List.of());
      others.add(Stream.concat(list.stream(), list.stream()).toList());
    } else if (value instanceof Map<?, ?>) {
      others.add(Map.of());
    } else if (value instanceof Record item) {
      Object[] parts = parts(item);
      RecordComponent[] components = item.getClass().getRecordComponents();
      for (int i = 0; i < parts.length; i++) {
        for (Object other : others(components[i].getType(), parts[i])) {
          Object[] changed = parts.clone();
          changed[i] = other;
          made(item.getClass(), changed).ifPresent(others::add);
        }
      }
    }
    others.removeIf(other -> other.equals(value));
    return others;
  }

  private static Object[] parts(Record item) {
    try {
      RecordComponent[] components = item.getClass().getRecordComponents();
      Object[] parts = new Object[components.length];
      for (int i = 0; i < parts.length; i++) {
        components[i].getAccessor().setAccessible(true);
        parts[i] = components[i].getAccessor().invoke(item);
      }
      return parts;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the record of these components, unless they do not go together. */
  private static Optional<Record> made(Class<?> type, Object[] parts) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return Optional.of((Record) constructor.newInstance(parts));
    } catch (InvocationTargetException e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
