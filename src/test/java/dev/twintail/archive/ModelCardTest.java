package dev.twintail.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCardTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "carparelli2019 | MLP_sharing_aux | in a new order each epoch, Adam at "
            + "| , times 0.1 after every 10 epochs, where the optimizer begins anew",
        "carparelli2019-as-run | MLP_sharing_aux | always in the same order, Adam at "
            + "| , times 0.1 after every 10 epochs, where the optimizer begins anew",
        "chahed | FCNBoth | in a new order each epoch, | , times 0.9 after every epoch",
        "beyond | DeepTwins | , times 0.955 after every epoch "
            + "| , paired anew each epoch, images moved by up to 1 px",
      })
  void training_isToldWithOrderScheduleAndAugmentation(
      String experiment, String model, String first, String second) {
    assertThat(card(experiment, model)).containsSubsequence(first, second);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fu | OneByOne | over rounds, each with pairs and initial weights of its own. It",
        "fu-as-run | OneByOne | over 20 tables of 3 rounds, which share one draw of pairs and have"
            + " initial weights of their own; a table has everything new. It",
        "chahed-as-run | FCNBoth | over 10 tables of 6 rounds, which share one draw of pairs and go"
            + " on from each other's weights; a table has everything new. It",
      })
  void limits_tellWhatTheRoundsShare(String experiment, String model, String words) {
    assertThat(card(experiment, model)).contains("- The interval is " + words);
  }

  /** Returns the card of a model of 60 rounds. */
  private static String card(String name, String model) {
    Experiment experiment = ExperimentReader.read(Path.of("pipelines", name + ".yaml"));
    ModelSpec spec =
        experiment.models().stream().filter(m -> m.name().equals(model)).findFirst().orElseThrow();
    ModelCard.Score score =
        new ModelCard.Score(60, 0.8, Optional.of(0.01), List.of(0.79, 0.81), List.of(), List.of());
    return ModelCard.of(experiment, spec, score, name);
  }
}
