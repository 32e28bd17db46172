package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.data.IdxFormatException;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.DigitsSpec;
import org.junit.jupiter.api.Test;

class GenerateDataTest {
  /** As many pixels, so that the size of the file does not tell. */
  @Test
  void run_imagesOfAnotherSizeThanThePinsHave_isRefused() {
    DataSpec data = TinyExperiment.read().data();
    DigitsSpec digits = data.digits();
    DigitsSpec flat =
        new DigitsSpec(
            digits.name(),
            digits.classes(),
            digits.height() / 2,
            digits.width() * 2,
            digits.trainImages(),
            digits.trainLabels(),
            digits.testImages(),
            digits.testLabels(),
            digits.mirrors(),
            digits.npm());
    DataSpec wrong =
        new DataSpec(
            flat,
            data.pool(),
            data.trainPairs(),
            data.testPairs(),
            data.validationPairs(),
            data.validation());

    assertThatThrownBy(() -> new StageOutputs().of(new GenerateData(wrong, 1, 1)))
        .isInstanceOf(IdxFormatException.class)
        .hasMessageContaining("train-images: its images have 28×28 pixels, not 14×56; ");
  }
}
