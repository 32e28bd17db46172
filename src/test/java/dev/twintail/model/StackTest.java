package dev.twintail.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.SiameseNetwork;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StackTest {
  static Stream<Arguments> networks() {
    return Stream.concat(
        Vocabulary.all().stream().map(v -> Arguments.of(v.name(), v.network())),
        Stream.of(ModelZoo.values()).map(m -> Arguments.of(m.name(), m.network())));
  }

  /** The engine's version in a key rests on it, and is told before a network is made. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void hasWinograd_network_asItIsMade(String name, SiameseNetwork siamese) {
    try (Network network = new Network(siamese, 4, Set.of())) {
      boolean made =
          assertThat(network)
              .extracting(
                  "parameters.byName", InstanceOfAssertFactories.map(Object.class, Object.class))
              .actual()
              .values()
              .stream()
              .anyMatch(p -> p instanceof WinogradFilters);
      assertThat(Stack.hasWinograd(siamese)).isEqualTo(made);
    }
  }
}
