package dev.twintail.app;

import dev.twintail.plan.Graph;
import dev.twintail.verify.Verification;
import java.util.List;

/**
 * What came out of a verification.
 *
 * @param found of the actions that were chosen
 * @param pending actions of the chosen stages that the store does not hold
 * @param actions how many the chosen stages have, pending ones included
 */
public record VerifyReport(
    Verification.Recomputations found, List<Graph.Node> pending, int actions) {
  public VerifyReport {
    pending = List.copyOf(pending);
  }

  /** Hears how a verification goes on. */
  public interface VerifyListener extends Verification.ActionListener {
    /** The actions were chosen; each will be told of. */
    void chosen(int actions);
  }
}
