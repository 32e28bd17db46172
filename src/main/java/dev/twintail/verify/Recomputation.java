package dev.twintail.verify;

import dev.twintail.blob.Digest;
import dev.twintail.record.VerificationResult;
import dev.twintail.stage.OutputDifference;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was found of one recorded action.
 *
 * @param differences of each output whose bytes are not those that came out
 * @param obstacle why nothing came out, if nothing did
 * @param outputs what came out, by name; empty if nothing did
 * @param elapsed how long the computation took; zero if there was none
 */
public record Recomputation(
    RecordedAction action,
    VerificationResult result,
    List<OutputDifference> differences,
    Optional<Obstacle> obstacle,
    SortedMap<String, Digest> outputs,
    Duration elapsed) {
  public Recomputation {
    differences = List.copyOf(differences);
    outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
  }

  /** Returns what was found of an action of which nothing came out. */
  static Recomputation failed(
      RecordedAction action, VerificationResult result, Obstacle obstacle, Duration elapsed) {
    return new Recomputation(
        action, result, List.of(), Optional.of(obstacle), Collections.emptySortedMap(), elapsed);
  }
}
