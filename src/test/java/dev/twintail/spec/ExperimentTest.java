package dev.twintail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExperimentTest {
  private static final Experiment VIELI =
      ExperimentReader.read(Schema.PIPELINES.resolve("vieli2021.yaml"));

  @Test
  void only_someModels_keepsTheOrderOfTheSpec() {
    assertThat(VIELI.only(List.of("PreTrain", "FCAux")).models())
        .extracting(ModelSpec::name)
        .containsExactly("FCAux", "PreTrain");
  }

  @Test
  void only_misspeltModel_suggestsTheNearest() {
    assertThatThrownBy(() -> VIELI.only(List.of("Digits", "PreTrian")))
        .isInstanceOf(UnknownModelException.class)
        .hasMessage("Cannot find model 'PreTrian' in vieli2021; did you mean 'PreTrain'?");
  }

  @Test
  void only_unknownModel_namesThoseThereAre() {
    assertThatThrownBy(() -> VIELI.only(List.of("Transformer")))
        .isInstanceOf(UnknownModelException.class)
        .hasMessageStartingWith(
            "Cannot find model 'Transformer' in vieli2021; known: FCBaseline, ");
  }

  @Test
  void withRounds_changesNothingElse() {
    assertThat(VIELI.withRounds(3).rounds()).isEqualTo(3);
    assertThat(VIELI.withRounds(3).withRounds(10)).isEqualTo(VIELI);
  }

  @Test
  void withRounds_zero_isRefused() {
    assertThatThrownBy(() -> VIELI.withRounds(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use rounds 0: expected a whole number from 1 to 10000");
  }
}
