package dev.twintail.plan;

import dev.twintail.stage.StageName;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One cause why an action is another than an earlier one. */
public sealed interface Cause {
  /**
   * A parameter, a version or a field of the environment; or an input of which no more is known.
   */
  record OtherField(FieldChange change) implements Cause {}

  /**
   * Other seeds, which have one cause together.
   *
   * @param streams whose seeds they are, sorted
   */
  record OtherSeeds(List<String> streams) implements Cause {
    public OtherSeeds {
      streams = List.copyOf(streams);
    }
  }

  /**
   * Inputs whose bytes are others, all for the same reason.
   *
   * @param inputs their roles
   * @param origins where the change began; one at least
   */
  record OtherInputs(List<String> inputs, List<Origin> origins) implements Cause {
    public OtherInputs {
      inputs = List.copyOf(inputs);
      origins = List.copyOf(origins);
    }
  }

  /**
   * Actions of one stage that are the first, on the way to an input, to be others than before. They
   * are told apart by what changed, not by their round.
   *
   * @param models whom they are for, in the order of the spec
   * @param cause what changed of them, never an input; empty if they put out other bytes, and no
   *     more is known
   */
  record Origin(StageName stage, Set<String> models, Optional<Cause> cause) {
    public Origin {
      models = Collections.unmodifiableSet(new LinkedHashSet<>(models));
    }
  }
}
