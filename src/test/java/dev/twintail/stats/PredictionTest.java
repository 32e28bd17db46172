package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.stats.Prediction.PredictionVerdict;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link StatisticsTest} and {@link CalibrationTest} do not compare: verdicts and words. */
class PredictionTest {
  private static final double MARGIN = 2;
  private static final Tables FOUR =
      new Tables(
          Sharing.DRAW,
          List.of(
              List.of(84.0, 84.5, 83.5),
              List.of(82.0, 81.5, 82.5),
              List.of(85.0, 85.5, 84.5),
              List.of(83.0, 83.5, 82.5)));

  /** Table means 84, 82, 85, 83: 83.5 ± 3.182 · 1.291 · √1.25. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          84.6 | CONSISTENT | One more table, by 4 tables of 3 rounds, would have a mean in [78.91, 88.09] (95 %); the claim is 84.6, within.
          88.5 | BELOW | One more table, by 4 tables of 3 rounds, would have a mean in [78.91, 88.09] (95 %); the claim is 88.5, above that.
          78.5 | ABOVE | One more table, by 4 tables of 3 rounds, would have a mean in [78.91, 88.09] (95 %); the claim is 78.5, below that.
          """)
  void of_tables_saysWhereTheClaimIs(double mean, PredictionVerdict verdict, String reason) {
    Prediction prediction = Prediction.of(FOUR, Sample.published(mean, 0.1, 3), MARGIN);

    assertThat(prediction.reason()).isEqualTo(reason);
    assertThat(prediction.verdict()).isEqualTo(verdict);
    assertThat(prediction.undecided()).isEmpty();
    assertThat(prediction.observations()).isEqualTo(4);
  }

  /** The published deviation is of rounds that share a draw: it must not narrow the interval. */
  @Test
  void of_tables_doesNotUseThePublishedDeviation() {
    assertThat(Prediction.of(FOUR, Sample.published(84.6, 0.01, 3), MARGIN))
        .isEqualTo(Prediction.of(FOUR, Sample.published(84.6, 3), MARGIN));
  }

  @Test
  void of_intervalOfManyMargins_isUndecidedUnlessOutside() {
    Prediction within = Prediction.of(FOUR, Sample.published(84.6, 3), 0.9);
    Prediction outside = Prediction.of(FOUR, Sample.published(88.5, 3), 0.9);

    assertThat(within.verdict()).isEqualTo(PredictionVerdict.UNDECIDED);
    assertThat(within.undecided()).contains(Undecided.TOO_WIDE);
    assertThat(within.interval95()).isPresent();
    assertThat(within.reason()).endsWith("An interval of more than ±4.5 holds nearly any number.");
    assertThat(outside.verdict()).isEqualTo(PredictionVerdict.BELOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NOTHING | 1 | 1 | TOO_FEW_ROUNDS | No verdict under 3 rounds; there is 1 round.
          NOTHING | 1 | 2 | TOO_FEW_ROUNDS | No verdict under 3 rounds; there are 2 rounds.
          DRAW | 1 | 10 | ONE_TABLE | The rounds of a table share one draw of pairs, and there is one table: nothing tells how far another would be from it.
          DRAW | 2 | 10 | TOO_FEW_TABLES | The rounds of a table share one draw of pairs: no verdict under 3 tables; there are 2 tables.
          WEIGHTS | 1 | 10 | ONE_TABLE | The rounds of a table share pairs and weights, and there is one table: nothing tells how far another would be from it.
          WEIGHTS | 5 | 9 | SHORTER_TABLES | The rounds of a table share pairs and weights, and the claim's table has more than our 9: later rounds would be better.
          """)
  void of_tooLittle_isUndecidedWithItsReason(
      Sharing sharing, int tables, int rounds, Undecided undecided, String reason) {
    Tables ours =
        new Tables(sharing, Collections.nCopies(tables, Collections.nCopies(rounds, 80.0)));
    Prediction prediction = Prediction.of(ours, Sample.published(99, 0.5, 10), MARGIN);

    assertThat(prediction.verdict()).isEqualTo(PredictionVerdict.UNDECIDED);
    assertThat(prediction.undecided()).contains(undecided);
    assertThat(prediction.interval95()).isEmpty();
    assertThat(prediction.reason()).isEqualTo(reason);
    assertThat(Reproduction.of(Sample.published(80, 1, 10), Sample.published(99, 0.5, 10), ours, 2))
        .extracting(Reproduction::verdict)
        .isEqualTo(
            sharing == Sharing.NOTHING
                ? Reproduction.ReproductionVerdict.BELOW
                : Reproduction.ReproductionVerdict.INCONCLUSIVE);
  }

  @ParameterizedTest
  @EnumSource(Sharing.class)
  void of_allAlike_isUndecidedForLackOfSpread(Sharing sharing) {
    Tables ours = new Tables(sharing, Collections.nCopies(4, Collections.nCopies(3, 80.0)));
    Prediction prediction = Prediction.of(ours, Sample.published(80, 3), MARGIN);

    assertThat(prediction.undecided()).contains(Undecided.NO_SPREAD);
    assertThat(prediction.reason()).contains("agree on 80; the claim is 80.");
  }

  @Test
  void of_tablesLongerThanTheClaims_countTheirFirstRounds() {
    Tables longer =
        new Tables(
            Sharing.WEIGHTS,
            FOUR.rounds().stream().map(t -> List.of(t.get(0), t.get(1), t.get(2), 99.0)).toList());
    Tables same = new Tables(Sharing.WEIGHTS, FOUR.rounds());
    Sample claim = Sample.published(84.6, 0.1, 3);

    assertThat(Prediction.of(longer, claim, MARGIN)).isEqualTo(Prediction.of(same, claim, MARGIN));
  }

  @Test
  void of_tablesShorterThanTheClaims_saysThatTheIntervalIsWide() {
    assertThat(Prediction.of(FOUR, Sample.published(84.6, 0.1, 10), MARGIN).reason())
        .endsWith("The claim's 10 rounds scatter less than ours: the interval is wide.");
  }

  @Test
  void of_independentRounds_isWelchFromOursAndTheirs() {
    Tables ours = new Tables(Sharing.NOTHING, List.of(List.of(84.0, 85.0, 86.0, 85.5, 84.5)));
    Prediction prediction = Prediction.of(ours, Sample.published(84.8, 1.2, 10), MARGIN);

    assertThat(prediction.verdict()).isEqualTo(PredictionVerdict.CONSISTENT);
    assertThat(prediction.observations()).isEqualTo(5);
    assertThat(prediction.reason())
        .isEqualTo(
            "10 rounds more, by 5 of ours and the deviation of theirs, would have a mean in"
                + " [83.87, 86.13] (95 %); the claim is 84.8, within.");
  }

  @Test
  void of_noMargin_isRefused() {
    assertThatThrownBy(() -> Prediction.of(FOUR, Sample.published(84.6, 3), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot be equivalent within a margin of 0.0");
  }

  @Test
  void new_tablesOfUnequalLength_areRefused() {
    assertThatThrownBy(() -> new Tables(Sharing.DRAW, List.of(List.of(1.0), List.of(1.0, 2.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot pair 1 rounds with 2");
    assertThatThrownBy(() -> new Tables(Sharing.DRAW, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot summarise no rounds");
  }

  /** Each table by the three others: the outlier alone is an alarm. */
  @Test
  void leaveOneOut_withAnOutlier_countsIt() {
    Tables tables =
        new Tables(
            Sharing.DRAW,
            List.of(List.of(80.0), List.of(80.2), List.of(79.9), List.of(80.1), List.of(90.0)));

    assertThat(LeaveOneOut.of(List.of(tables), MARGIN)).isEqualTo(new LeaveOneOut(1, 1, 4));
    assertThat(LeaveOneOut.of(List.of(tables), 1e9)).isEqualTo(new LeaveOneOut(5, 1, 0));
  }

  @Test
  void reproduction_ofTables_variesAsTablesDo() {
    Sample ours = Sample.published(84, 1, 10);
    Sample claim = Sample.published(87, 0.3, 3);

    Reproduction asIfIndependent = Reproduction.of(ours, claim, MARGIN);
    Reproduction reproduction = Reproduction.of(ours, claim, FOUR, MARGIN);

    assertThat(asIfIndependent.verdict()).isEqualTo(Reproduction.ReproductionVerdict.BELOW);
    assertThat(reproduction.verdict()).isEqualTo(Reproduction.ReproductionVerdict.INCONCLUSIVE);
    assertThat(reproduction.undecided()).isEqualTo(Optional.empty());
    assertThat(reproduction.reason())
        .endsWith(
            "Their mean is taken to vary as the means of our 4 tables do, which share one draw of"
                + " pairs.");
  }

  /** They stand in tables: a constant may be renamed, its word never. */
  @Test
  void word_ofEveryVerdict_isFrozen() {
    assertThat(Prediction.PredictionVerdict.values())
        .extracting(Prediction.PredictionVerdict::word)
        .containsExactly("consistent", "above", "below", "undecided");
  }
}
