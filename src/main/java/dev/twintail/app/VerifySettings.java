package dev.twintail.app;

import dev.twintail.plan.ActionPattern;
import dev.twintail.stage.StageName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What of a study is verified, and how.
 *
 * @param stages whose actions are computed again
 * @param actions which of these; all if empty
 * @param sample how many actions, spread over the stages; all if empty
 * @param seed chooses the sample; the experiment's if empty
 * @param workers how many actions are computed at once
 */
public record VerifySettings(
    Set<StageName> stages,
    List<ActionPattern> actions,
    OptionalInt sample,
    Optional<Long> seed,
    int workers) {
  public VerifySettings {
    stages = Set.copyOf(stages);
    actions = List.copyOf(actions);
  }
}
