package dev.twintail.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.Published.ClaimStanding;
import dev.twintail.spec.Published.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A claim is judged only under the conditions that it is about. */
class SpecLineageTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeBase() throws IOException {
    TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.text());
    Files.copy(folder.resolve("digits.yaml"), folder.resolve("fashion.yaml"));
  }

  private ClaimStanding standing(String name, String base, String text) throws IOException {
    Path own =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            "extends: " + base + ".yaml\nname: " + name + "\n" + text.replace("⏎", "\n") + "\n");
    return ExperimentReader.read(own).models().get(0).published().get(0).standing();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rounds: 1",
        "seed: 8",
        "title: another",
        "training: {adam: {learning-rate: 0.001}}",
        "training: {epochs: 2}",
        "protocol: {tables: 3}",
        "protocol: {deviation: population}",
        "models: {Pixels: {remark: in other words}}",
        "models: {Logits: {loss: {target: 2.0}}}",
        "tails: {deep: [linear 20 -> 2]}",
      })
  void claim_whereNothingItIsAboutDiffers_stands(String text) throws IOException {
    assertThat(standing("own", "tiny", text)).isEqualTo(ClaimStanding.COMMON);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training: {epochs: 1} | training.epochs is 1 instead of 2",
        "training: {adam: {learning-rate: 900}} | training.adam.learning-rate is 900 instead of 0.001",
        "training: {sgd: {learning-rate: 0.1, momentum: 0}} | training.sgd.learning-rate is 0.1 instead of not set",
        "data: {train-pairs: 50} | data.train-pairs is 50 instead of 60",
        "data: {digits: fashion.yaml} | data.digits is fashion.yaml instead of digits.yaml",
        "protocol: {start: previous-round} | protocol.start is previous-round instead of not set",
        "models: {Pixels: {loss: {target: 2.0}}} | models.Pixels.loss.target is 2 instead of 1",
        "models: {Pixels: {training: {epochs: 1}}} | models.Pixels.training",
        "tails: {direct: [linear 392 -> 3, linear 3 -> 2]} | tails.direct",
      })
  void claim_underOtherConditions_isDropped(String text, String why) throws IOException {
    ClaimStanding standing = standing("own", "tiny", text);

    assertThat(standing.conditions()).isEqualTo(Conditions.OTHER);
    assertThat(standing.why()).contains(why).as("no folder").doesNotContain(folder.toString());
  }

  @Test
  void claim_ofASpecThatTellsHowItCameAbout_isJudgedByThat() throws IOException {
    String quirks = "conditions: as-run⏎training: {epochs: 1}";

    assertThat(standing("as-run", "tiny", quirks)).isEqualTo(ClaimStanding.AS_RUN);
    assertThat(standing("shorter", "as-run", "rounds: 1")).isEqualTo(ClaimStanding.AS_RUN);
    assertThat(standing("back", "as-run", "training: {epochs: 2}")).isEqualTo(ClaimStanding.COMMON);
    assertThat(standing("other", "as-run", "training: {epochs: 3}").conditions())
        .isEqualTo(Conditions.OTHER);
  }

  @Test
  void claim_statedAnewOrPrintedByAnotherModel_isJudgedWhereItIsStated() throws IOException {
    String claim = "accuracy: 55.0, rounds: 10, where: Table 2";
    String stated = "training: {epochs: 1}⏎models: {Pixels: {published: {%s}}}";

    assertThat(standing("stated", "tiny", stated.formatted(claim))).isEqualTo(ClaimStanding.COMMON);
    assertThat(standing("printed", "tiny", stated.formatted(claim + ", printed-by: Logits")))
        .isEqualTo(ClaimStanding.other("printed by another model: Logits"));
  }
}
