package dev.twintail.spec;

import dev.twintail.network.FrozenWord;
import dev.twintail.network.WholeRange;
import dev.twintail.spec.Published.ClaimStanding;
import java.util.List;

/**
 * Test accuracies that a report's authors recorded, round by round: their rounds beside ours.
 *
 * @param contents of the file, its lines ended by line feeds
 * @param where the place that has them, such as a file of the authors' repository
 * @param shared what the models have in common in one round
 * @param models in the order of the file; names are those of the experiment's models
 */
public record AuthorsRecords(
    String contents, String where, ModelsShare shared, List<RecordedModel> models) {
  static final WholeRange ROUNDS = new WholeRange(1, 10_000);

  /** What all models of a round have in common. */
  public enum ModelsShare implements FrozenWord {
    NOTHING("NOTHING"),
    /** All learn from the same pairs, and are tested on the same pairs. */
    PAIRS("PAIRS");

    private final String keyWord;

    ModelsShare(String keyWord) {
      this.keyWord = keyWord;
    }

    @Override
    public String keyWord() {
      return keyWord;
    }
  }

  /**
   * One model.
   *
   * @param accuracies fractions of 1, round 1 first; as many as of every other model
   * @param standing whether they were made under the conditions of the experiment
   */
  public record RecordedModel(String model, List<Double> accuracies, ClaimStanding standing) {
    public RecordedModel {
      accuracies = List.copyOf(accuracies);
    }
  }

  public AuthorsRecords {
    models = List.copyOf(models);
  }
}
