package dev.twintail.verify;

import dev.twintail.blob.Digest;
import dev.twintail.plan.EnvironmentChange;
import dev.twintail.stage.StageName;
import java.util.List;

/** Why nothing came out when a recorded action was to be computed again. */
public sealed interface Obstacle {
  /** It was recorded in another numeric environment than that of this machine. */
  record OtherEnvironment(List<EnvironmentChange> changes) implements Obstacle {
    public OtherEnvironment {
      changes = List.copyOf(changes);
    }
  }

  /**
   * It was recorded by another version of its stage than this program's.
   *
   * @param there the version that recorded it, as its key has it
   * @param here this program's
   */
  record OtherVersion(StageName stage, String there, int here) implements Obstacle {}

  /**
   * What it reads, or what it is to be compared with, is missing or damaged.
   *
   * @param name of the input or output
   */
  record Unavailable(ActionPart part, String name, Digest digest, BlobLoss loss)
      implements Obstacle {}

  /**
   * What it reads is not what its stage can work on, yet the store says that something came out.
   *
   * @param message of the stage
   */
  record StageFailed(String message) implements Obstacle {}

  /** A part of an action. */
  enum ActionPart {
    INPUT,
    OUTPUT
  }

  /** What became of a blob. */
  enum BlobLoss {
    MISSING,
    DAMAGED
  }
}
