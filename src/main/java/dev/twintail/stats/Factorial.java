package dev.twintail.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Two choices, with and without, in all four combinations over the same rounds: shared weights and
 * the auxiliary loss. Each effect is one contrast a round and is tested like any difference; its t²
 * is the F of a repeated-measures analysis of variance.
 *
 * @param neither a measurement a round, round 1 first; so the others
 * @param sharing with shared weights only
 * @param auxiliary with the auxiliary loss only
 * @param both with both
 */
public record Factorial(
    List<Double> neither, List<Double> sharing, List<Double> auxiliary, List<Double> both) {
  public Factorial {
    Differences.requireSameRounds(neither, sharing);
    Differences.requireSameRounds(neither, auxiliary);
    Differences.requireSameRounds(neither, both);
    neither = List.copyOf(neither);
    sharing = List.copyOf(sharing);
    auxiliary = List.copyOf(auxiliary);
    both = List.copyOf(both);
  }

  /**
   * Returns what sharing adds, averaged over the loss: (both − auxiliary + sharing − neither) / 2.
   */
  public Differences effectOfSharing() {
    return contrast(-0.5, 0.5, -0.5, 0.5);
  }

  /**
   * Returns what the loss adds, averaged over sharing: (both − sharing + auxiliary − neither) / 2.
   */
  public Differences effectOfAuxiliary() {
    return contrast(-0.5, -0.5, 0.5, 0.5);
  }

  /**
   * Returns how much more one choice adds where the other is made: (both − auxiliary) − (sharing −
   * neither).
   */
  public Differences interaction() {
    return contrast(1, -1, -1, 1);
  }

  private Differences contrast(double n, double s, double a, double b) {
    List<Double> contrasts = new ArrayList<>();
    double largest = 0;
    for (int i = 0; i < neither.size(); i++) {
      contrasts.add(
          n * neither.get(i) + s * sharing.get(i) + a * auxiliary.get(i) + b * both.get(i));
      for (List<Double> cell : List.of(neither, sharing, auxiliary, both)) {
        largest = Math.max(largest, Math.abs(cell.get(i)));
      }
    }
    return Differences.of(contrasts, largest);
  }
}
