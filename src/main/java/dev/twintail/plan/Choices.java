package dev.twintail.plan;

import dev.twintail.spec.Experiment;
import dev.twintail.spec.SweepSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the sweeps of an experiment have decided so far.
 *
 * @param bySweep the winning candidate of each decided step, by the sweep's name
 */
public record Choices(Map<String, List<Integer>> bySweep) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Nothing is decided yet. */
  public static final Choices NONE = new Choices(Map.of());

  public Choices {
    Map<String, List<Integer>> copy = new TreeMap<>();
    bySweep.forEach((sweep, won) -> copy.put(sweep, List.copyOf(won)));
    bySweep = Collections.unmodifiableMap(copy);
  }

  List<Integer> of(SweepSpec sweep) {
    return bySweep.getOrDefault(sweep.name(), List.of());
  }

  /** Returns how many steps of a sweep are decided. */
  public int count(String sweep) {
    return bySweep.getOrDefault(sweep, List.of()).size();
  }

  /** Returns whether every step of every sweep is decided. */
  boolean complete(Experiment experiment) {
    return experiment.sweeps().stream().allMatch(s -> of(s).size() == s.steps().size());
  }

  /** Returns these choices and the winner of a sweep's next step. */
  public Choices with(String sweep, int winner) {
    Map<String, List<Integer>> more = new TreeMap<>(bySweep);
    List<Integer> won = new ArrayList<>(more.getOrDefault(sweep, List.of()));
    won.add(winner);
    more.put(sweep, won);
    return new Choices(more);
  }

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof Choices that && Objects.equals(bySweep, that.bySweep);
  }

  @Override
  public int hashCode() {
    return bySweep.hashCode();
  }
}
