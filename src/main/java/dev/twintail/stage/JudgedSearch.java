package dev.twintail.stage;

import dev.twintail.spec.AuthorsChoice;
import java.util.List;
import java.util.Optional;

/**
 * A search whose trials are judged on test pairs, too. {@link SelectSetting} chooses, and reads
 * none of these judgements; they are gathered with the results, once everything is chosen.
 *
 * @param sweep its name
 * @param steps in their order
 * @param authors what the report's authors chose; may be empty
 */
public record JudgedSearch(String sweep, List<JudgedStep> steps, Optional<TheirChoice> authors) {
  /**
   * One step.
   *
   * @param choice what chose by validation pairs
   * @param trials one a candidate of {@code choice}
   */
  public record JudgedStep(SelectSetting choice, List<JudgedTrial> trials) {
    public JudgedStep {
      trials = List.copyOf(trials);
      if (trials.size() != choice.trials().size()) {
        throw new IllegalArgumentException(
            "Cannot judge " + trials.size() + " trials of " + choice.trials().size());
      }
    }
  }

  /**
   * A candidate.
   *
   * @param setting all that the search sets, what earlier steps chose included
   * @param authors whether the report's authors chose it
   * @param evaluations one a round, round 1 first
   */
  public record JudgedTrial(String setting, TrialOrigin authors, List<Evaluate> evaluations) {
    public JudgedTrial {
      evaluations = List.copyOf(evaluations);
    }
  }

  /** Who had a setting. */
  public enum TrialOrigin {
    /** The search alone. */
    OURS,
    /** The report's authors chose it, too. */
    AUTHORS
  }

  /**
   * What the report's authors chose.
   *
   * @param published the mean accuracy that the report has of it on test pairs, in percent; empty
   *     where it was chosen on them
   */
  public record TheirChoice(AuthorsChoice choice, Optional<Double> published) {}

  public JudgedSearch {
    steps = List.copyOf(steps);
  }
}
