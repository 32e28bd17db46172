package dev.twintail.verify;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.record.VerificationLog;
import dev.twintail.record.VerificationRecord;
import dev.twintail.record.VerificationResult;
import dev.twintail.stage.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How well the results of an experiment's models are verified, by the records in a store. */
public final class VerifiedActions {
  private final Map<String, Standing> byModel;

  /**
   * How well the results of one model are verified.
   *
   * @param actions how many the results come from, evaluations included
   * @param verified how many of them were computed again with the same bytes
   * @param recomputations how often the action that was computed again least was; each verification
   *     counts once
   * @param disputed for how many of them somebody else's bytes came out
   */
  public record Standing(int actions, int verified, int recomputations, int disputed) {}

  private VerifiedActions(Map<String, Standing> byModel) {
    this.byModel = Collections.unmodifiableMap(new LinkedHashMap<>(byModel));
  }

  /**
   * Returns the standing of every model of a plan. Records of other bytes than the plan knows do
   * not count, nor those of pending actions.
   */
  public static VerifiedActions of(Plan plan, VerificationLog log)
      throws IOException, InterruptedException {
    Map<ActionKey, Manifest> known = plan.manifests();
    Map<ActionKey, List<VerificationRecord>> records = log.find(known.keySet());
    Map<String, List<Tally>> tallies = new LinkedHashMap<>();
    for (Graph.Node node : plan.graph().nodes()) {
      if (node.stage().scope() instanceof Scope.Round) {
        Tally tally =
            plan.known(node)
                .map(k -> Tally.of(k.manifest(), records.getOrDefault(k.key(), List.of())))
                .orElse(Tally.NONE);
        node.models().forEach(m -> tallies.computeIfAbsent(m, x -> new ArrayList<>()).add(tally));
      }
    }
    Map<String, Standing> byModel = new LinkedHashMap<>();
    tallies.forEach((model, all) -> byModel.put(model, standing(all)));
    return new VerifiedActions(byModel);
  }

  private static Standing standing(List<Tally> tallies) {
    return new Standing(
        tallies.size(),
        (int) tallies.stream().filter(t -> t.reproduced() > 0).count(),
        tallies.stream().mapToInt(Tally::reproduced).min().orElse(0),
        (int) tallies.stream().filter(t -> t.disputed() > 0).count());
  }

  /** How many verifications had the bytes of one action, and how many had others. */
  private record Tally(int reproduced, int disputed) {
    static final Tally NONE = new Tally(0, 0);

    static Tally of(Manifest manifest, List<VerificationRecord> records) {
      Digest bytes = manifest.blob().digest();
      Set<String> reproduced = new HashSet<>();
      Set<String> disputed = new HashSet<>();
      for (VerificationRecord record : records) {
        if (!record.manifest().equals(bytes)) {
          continue;
        }
        if (record.result() == VerificationResult.REPRODUCED
            && record.outputs().equals(manifest.outputs())) {
          reproduced.add(record.verification());
        } else if (record.result() == VerificationResult.DIFFERS) {
          disputed.add(record.verification());
        }
      }
      return new Tally(reproduced.size(), disputed.size());
    }
  }

  /** Returns the standings, in the order of the graph. */
  public Map<String, Standing> byModel() {
    return byModel;
  }

  /** Returns whether any action of any model was verified or disputed. */
  public boolean isAny() {
    return byModel.values().stream().anyMatch(s -> s.verified() > 0 || s.disputed() > 0);
  }
}
