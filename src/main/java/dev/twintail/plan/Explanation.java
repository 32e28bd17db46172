package dev.twintail.plan;

import dev.twintail.stage.StageName;
import java.util.List;

/** Why an action is pending or was executed. */
public sealed interface Explanation {
  /**
   * Its result is there.
   *
   * @param causes what it is made of that differs from what the nearest action of the same model
   *     had in the runs before the first that had this one; empty if there was none
   */
  record Reused(List<Cause> causes) implements Explanation {
    public Reused {
      causes = List.copyOf(causes);
    }
  }

  /**
   * What it is made of differs from what the nearest action of earlier runs had.
   *
   * @param causes all of it
   */
  record Changed(List<Cause> causes) implements Explanation {
    public Changed {
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

  /** No earlier run had an action of this stage in this round. */
  record Unprecedented() implements Explanation {}
}
