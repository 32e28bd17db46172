package dev.twintail.spec;

import dev.twintail.network.WholeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One experiment, checked: every model can be built and has something to learn. It knows nothing of
 * the files it was read from, so that comments, key order and folders make no difference to it.
 *
 * @param source the report and the code it follows
 * @param links where these are
 * @param claimsRemark what is to be known of all published numbers; may be empty
 * @param seed root of every random stream, at least 0
 * @param rounds of one table; where the protocol shares nothing, each with pairs and initial
 *     weights of its own
 * @param rows the models in the order of the spec, chosen or still to be chosen; names are distinct
 * @param sweeps the searches whose results choose models, or are results themselves
 * @param factorials the 2×2 designs among the rows
 * @param records rounds that the report's authors recorded; may be empty
 */
public record Experiment(
    String name,
    String title,
    String source,
    Links links,
    Optional<String> claimsRemark,
    long seed,
    int rounds,
    DataSpec data,
    List<Entrant> rows,
    List<SweepSpec> sweeps,
    List<FactorialSpec> factorials,
    Optional<AuthorsRecords> records) {
  static final WholeRange SEED = new WholeRange(0, Long.MAX_VALUE);
  static final WholeRange ROUNDS = new WholeRange(1, 10_000);

  /** Returns the number of rounds of a model over all tables. */
  public int roundsOf(ModelSpec model) {
    return rounds * model.protocol().tables();
  }

  /**
   * Returns the first round of a round's table. Round r of table t is round (t − 1) · rounds + r of
   * the experiment, so that what is drawn for the first table is so however many there are.
   */
  public int firstOfTable(int round) {
    return (round - 1) / rounds * rounds + 1;
  }

  /** A row of the results: a model, or one whose settings a sweep has yet to choose. */
  public sealed interface Entrant permits ModelSpec, ChosenModel {
    String name();
  }

  public Experiment {
    SEED.require("seed", seed);
    ROUNDS.require("rounds", rounds);
    rows = List.copyOf(rows);
    sweeps = List.copyOf(sweeps);
    factorials = List.copyOf(factorials);
  }

  /** Returns the models whose settings are known, in the order of the spec. */
  public List<ModelSpec> models() {
    return rows.stream().filter(ModelSpec.class::isInstance).map(ModelSpec.class::cast).toList();
  }

  /**
   * Returns this experiment with the named models alone, in its own order, the sweeps that choose
   * them, and the designs that they complete.
   *
   * @throws UnknownModelException if it has no such model
   */
  public Experiment only(Collection<String> names) {
    Set<String> known = new LinkedHashSet<>();
    Set<String> needed = new LinkedHashSet<>();
    List<Entrant> chosen = new ArrayList<>();
    for (Entrant row : rows) {
      known.add(row.name());
      if (names.contains(row.name())) {
        chosen.add(row);
        if (row instanceof ChosenModel open) {
          needed.add(open.sweep());
        }
      }
    }
    for (String wanted : names) {
      if (!known.contains(wanted)) {
        throw new UnknownModelException(
            "Cannot find model '" + wanted + "' in " + name + "; " + Hint.forName(wanted, known));
      }
    }
    List<SweepSpec> kept = sweeps.stream().filter(s -> needed.contains(s.name())).toList();
    List<FactorialSpec> designs =
        factorials.stream().filter(f -> names.containsAll(f.models())).toList();
    return with(rounds, chosen, kept, designs);
  }

  /**
   * Returns this experiment with another number of rounds; those that both have are the same, those
   * of later tables only where rounds share nothing.
   *
   * @throws IllegalArgumentException if {@code rounds} is below 1 or above 10,000
   */
  public Experiment withRounds(int rounds) {
    return with(rounds, rows, sweeps, factorials);
  }

  /** Returns the names of the models whose settings a sweep chooses. */
  public List<String> chosenBy(String sweep) {
    return rows.stream()
        .filter(row -> row instanceof ChosenModel chosen && chosen.sweep().equals(sweep))
        .map(Entrant::name)
        .toList();
  }

  /**
   * Returns this experiment with the models that finished sweeps choose.
   *
   * @param choices by the sweep's name, which candidate of each step won so far
   */
  public Experiment choosing(Map<String, List<Integer>> choices) {
    List<Entrant> resolved =
        rows.stream()
            .map(row -> row instanceof ChosenModel open ? resolve(open, choices) : row)
            .toList();
    return with(rounds, resolved, sweeps, factorials);
  }

  /** Returns the same experiment with other rounds, models, searches and designs. */
  private Experiment with(
      int rounds, List<Entrant> rows, List<SweepSpec> sweeps, List<FactorialSpec> factorials) {
    return new Experiment(
        name,
        title,
        source,
        links,
        claimsRemark,
        seed,
        rounds,
        data,
        rows,
        sweeps,
        factorials,
        records);
  }

  private Entrant resolve(ChosenModel open, Map<String, List<Integer>> choices) {
    Optional<SweepSpec> sweep =
        sweeps.stream().filter(s -> s.name().equals(open.sweep())).findFirst();
    List<Integer> won = choices.getOrDefault(open.sweep(), List.of());
    return sweep.isPresent() && won.size() == sweep.get().steps().size()
        ? open.variation().of(sweep.get().settings(won))
        : open;
  }
}
