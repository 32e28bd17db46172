package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwoVerdictsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CONSISTENT | REPRODUCED | Their procedure gives this number, and it holds under the common protocol within the margin: it stands.
          CONSISTENT | ABOVE | Their procedure gives this number, but the common protocol gives more: it is right about that procedure, and should not be compared with numbers of another.
          CONSISTENT | INCONCLUSIVE | Their procedure gives this number; whether it holds under the common protocol is open.
          BELOW | REPRODUCED | Their procedure gives less than this number, though it holds under the common protocol within the margin: the agreement is no reproduction, since the number did not come about as told.
          ABOVE | BELOW | Their procedure gives more than this number, and the common protocol gives less: something that made the number is not known.
          BELOW | INCONCLUSIVE | Their procedure gives less than this number; whether it holds under the common protocol is open.
          """)
  void conclusion_ofBoth_isASentence(
      Prediction.PredictionVerdict procedure,
      Reproduction.ReproductionVerdict common,
      String conclusion) {
    TwoVerdicts both =
        new TwoVerdicts(
            new Prediction(procedure, Optional.empty(), 20, Optional.empty(), "."),
            new Reproduction(common, ".", Optional.empty(), Optional.empty(), Optional.empty()));

    assertThat(both.conclusion()).isEqualTo(conclusion);
  }

  @Test
  void conclusion_withoutVerdicts_saysWhy() {
    TwoVerdicts both =
        new TwoVerdicts(
            new Prediction(
                Prediction.PredictionVerdict.UNDECIDED,
                Optional.empty(),
                1,
                Optional.of(Undecided.ONE_TABLE),
                "."),
            Reproduction.of(Sample.published(80, 2), Sample.published(85, 1, 10), 2));

    assertThat(both.conclusion())
        .isEqualTo(
            "Whether their procedure gives this number cannot be told (one table only); whether it"
                + " holds under the common protocol is open (fewer than 3 rounds).");
  }
}
