package dev.twintail.spec;

import dev.twintail.layer.LayerList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One experiment, checked: every model can be built and has something to learn. It knows nothing of
 * the files it was read from, so that comments, key order and folders make no difference to it.
 *
 * @param source the report and the code it follows
 * @param seed root of every random stream, at least 0
 * @param rounds repetitions, each with pairs and initial weights of its own
 * @param training what models train with unless they say otherwise
 * @param bodies by name, in the order of the spec
 * @param tails by name, in the order of the spec
 * @param models in the order of the spec; names are distinct
 */
public record Experiment(
    String name,
    String title,
    String source,
    long seed,
    int rounds,
    DataSpec data,
    TrainingSpec training,
    Map<String, LayerList> bodies,
    Map<String, LayerList> tails,
    List<ModelSpec> models) {
  static final WholeRange SEED = new WholeRange(0, Long.MAX_VALUE);
  static final WholeRange ROUNDS = new WholeRange(1, 10_000);

  public Experiment {
    SEED.require("seed", seed);
    ROUNDS.require("rounds", rounds);
    bodies = Collections.unmodifiableMap(new LinkedHashMap<>(bodies));
    tails = Collections.unmodifiableMap(new LinkedHashMap<>(tails));
    models = List.copyOf(models);
  }

  /**
   * Returns this experiment with the named models alone, in its own order.
   *
   * @throws UnknownModelException if it has no such model
   */
  public Experiment only(Collection<String> names) {
    Set<String> known = new LinkedHashSet<>();
    List<ModelSpec> chosen = new ArrayList<>();
    for (ModelSpec model : models) {
      known.add(model.name());
      if (names.contains(model.name())) {
        chosen.add(model);
      }
    }
    for (String wanted : names) {
      if (!known.contains(wanted)) {
        throw new UnknownModelException(
            "Cannot find model '" + wanted + "' in " + name + "; " + Hint.forName(wanted, known));
      }
    }
    return new Experiment(name, title, source, seed, rounds, data, training, bodies, tails, chosen);
  }

  /**
   * Returns this experiment with another number of rounds; those that both have are the same.
   *
   * @throws IllegalArgumentException if {@code rounds} is below 1 or above 10,000
   */
  public Experiment withRounds(int rounds) {
    return new Experiment(name, title, source, seed, rounds, data, training, bodies, tails, models);
  }
}
