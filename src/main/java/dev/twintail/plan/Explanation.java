package dev.twintail.plan;

import dev.twintail.stage.StageName;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why an action is pending or was executed. */
public sealed interface Explanation {
  /**
   * Its result is there.
   *
   * @param execution why it was executed; empty if the runs on record do not tell
   */
  record Reused(Optional<Explanation> execution) implements Explanation {}

  /**
   * What it is made of differs from what the nearest action of earlier runs had: one of the same
   * model of the same spec, in the same round.
   *
   * @param causes all of it
   */
  record Changed(List<Cause> causes) implements Explanation {
    public Changed {
      causes = List.copyOf(causes);
    }
  }

  /**
   * Earlier runs had other rounds of it, and not this one.
   *
   * @param causes what differs from those but for what every round has of its own
   */
  record NewRound(List<Cause> causes) implements Explanation {
    public NewRound {
      causes = List.copyOf(causes);
    }
  }

  /**
   * Earlier runs had none of this model of this spec, but one of another that is near.
   *
   * @param spec whose action that is
   * @param models whom that is for
   * @param causes all that differs
   */
  record Alike(String spec, Set<String> models, List<Cause> causes) implements Explanation {
    public Alike {
      models = Collections.unmodifiableSet(new LinkedHashSet<>(models));
      causes = List.copyOf(causes);
    }
  }

  /**
   * It reads what is not there yet, so its key is not known.
   *
   * @param stages of the actions that it waits for, sorted by name
   */
  record Waits(List<StageName> stages) implements Explanation {
    public Waits {
      stages = List.copyOf(stages);
    }
  }

  /** The same action was executed before, but its result is missing or damaged. */
  record Lost() implements Explanation {}

  /** No earlier run had it, or anything near. */
  record Unprecedented() implements Explanation {}
}
