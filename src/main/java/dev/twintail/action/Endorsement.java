package dev.twintail.action;

import java.io.IOException;

/** Whose manifests count in an {@link ActionCache}, and who stands up for new ones. */
public interface Endorsement {
  /** Every manifest counts, and nobody stands up for any. */
  Endorsement NONE =
      new Endorsement() {
        @Override
        public boolean accepts(ActionKey key, Manifest manifest) {
          return true;
        }

        @Override
        public void vouch(ActionKey key, Manifest manifest) {}
      };

  /**
   * Returns whether this manifest of this action counts; one that does not is as good as absent.
   */
  boolean accepts(ActionKey key, Manifest manifest) throws IOException;

  /** Stands up for the result of an action that this process has computed. */
  void vouch(ActionKey key, Manifest manifest) throws IOException;
}
