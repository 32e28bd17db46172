package dev.twintail.verify;

import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.plan.EnvironmentChange;
import dev.twintail.plan.Graph;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a store says that an action put out; nothing of it was checked.
 *
 * @param preimage of the recorded action
 * @param inputs the digests of what it reads, by role
 * @param otherEnvironment how the numeric environment in which it was recorded differs from that of
 *     this machine; empty if it does not
 * @param otherVersion how the version of the stage that recorded it differs from this program's;
 *     empty if it does not
 */
public record RecordedAction(
    Graph.Node node,
    Preimage preimage,
    Map<String, Digest> inputs,
    Manifest manifest,
    List<EnvironmentChange> otherEnvironment,
    Optional<Obstacle.OtherVersion> otherVersion) {
  public RecordedAction {
    inputs = Map.copyOf(inputs);
    otherEnvironment = List.copyOf(otherEnvironment);
  }
}
