package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.stats.Sharing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CollectResultsTest {
  /** The tables have the word of the spec, which reports read. */
  @ParameterizedTest
  @EnumSource(SharedAcrossRounds.class)
  void sharing_anyOfTheSpec_hasTheWordOfTheTables(SharedAcrossRounds shared) {
    assertThat(CollectResults.sharing(shared)).isEqualTo(Sharing.of(shared.word()));
  }
}
