package dev.twintail.verify;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.record.Machine;
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
import java.util.SortedSet;
import java.util.TreeSet;

/** How well the results of an experiment's models are verified, by the records in a store. */
public final class VerifiedActions {
  private final Map<String, VerificationStanding> byModel;
  private final WholeStanding whole;

  /**
   * How well the results of one model are verified.
   *
   * @param actions how many the results come from, evaluations included
   * @param verified how many of them were computed again with the same bytes
   * @param recomputations how often the action that was computed again least was; each verification
   *     counts once
   * @param disputed for how many of them somebody else's bytes came out
   */
  public record VerificationStanding(int actions, int verified, int recomputations, int disputed) {}

  /**
   * How well all actions of a plan are verified, each counted once.
   *
   * @param actions those that are not pending
   * @param verified how many of them were computed again with the same bytes
   * @param disputed for how many of them somebody else's bytes came out
   * @param machines on how many machines the same bytes came out
   * @param makers of the processors of these, such as {@code AuthenticAMD}, sorted; those that are
   *     known
   */
  public record WholeStanding(
      int actions, int verified, int disputed, int machines, List<String> makers) {
    public WholeStanding {
      makers = List.copyOf(makers);
    }
  }

  private VerifiedActions(Map<String, VerificationStanding> byModel, WholeStanding whole) {
    this.byModel = Collections.unmodifiableMap(new LinkedHashMap<>(byModel));
    this.whole = whole;
  }

  /**
   * Returns the standing of every model of a plan. Records of other bytes than the plan knows do
   * not count, nor those of pending actions.
   */
  public static VerifiedActions of(Plan plan, VerificationLog log)
      throws IOException, InterruptedException {
    Map<ActionKey, Manifest> known = plan.manifests();
    Map<ActionKey, List<VerificationRecord>> records = log.find(known.keySet());
    Map<String, List<VerificationTally>> tallies = new LinkedHashMap<>();
    List<VerificationTally> all = new ArrayList<>();
    for (Graph.Node node : plan.graph().nodes()) {
      VerificationTally tally =
          plan.known(node)
              .map(
                  k -> VerificationTally.of(k.manifest(), records.getOrDefault(k.key(), List.of())))
              .orElse(VerificationTally.NONE);
      all.add(tally);
      if (node.stage().scope() instanceof Scope.Round) {
        node.models().forEach(m -> tallies.computeIfAbsent(m, x -> new ArrayList<>()).add(tally));
      }
    }
    Map<String, VerificationStanding> byModel = new LinkedHashMap<>();
    tallies.forEach((model, own) -> byModel.put(model, standing(own)));
    return new VerifiedActions(byModel, whole(known.size(), all));
  }

  private static WholeStanding whole(int actions, List<VerificationTally> tallies) {
    Set<String> machines = new TreeSet<>();
    SortedSet<String> makers = new TreeSet<>();
    for (VerificationTally tally : tallies) {
      for (Machine machine : tally.machines()) {
        machines.add(machine.host() + "\n" + machine.processor());
        makers.add(machine.processorMaker());
      }
    }
    makers.remove("");
    return new WholeStanding(
        actions,
        (int) tallies.stream().filter(t -> t.reproduced() > 0).count(),
        (int) tallies.stream().filter(t -> t.disputed() > 0).count(),
        machines.size(),
        List.copyOf(makers));
  }

  private static VerificationStanding standing(List<VerificationTally> tallies) {
    return new VerificationStanding(
        tallies.size(),
        (int) tallies.stream().filter(t -> t.reproduced() > 0).count(),
        tallies.stream().mapToInt(VerificationTally::reproduced).min().orElse(0),
        (int) tallies.stream().filter(t -> t.disputed() > 0).count());
  }

  /** How many verifications had the bytes of one action, where, and how many had others. */
  private record VerificationTally(int reproduced, int disputed, List<Machine> machines) {
    static final VerificationTally NONE = new VerificationTally(0, 0, List.of());

    static VerificationTally of(Manifest manifest, List<VerificationRecord> records) {
      Digest bytes = manifest.blob().digest();
      Set<String> reproduced = new HashSet<>();
      Set<String> disputed = new HashSet<>();
      List<Machine> machines = new ArrayList<>();
      for (VerificationRecord record : records) {
        if (!record.manifest().equals(bytes)) {
          continue;
        }
        if (record.result() == VerificationResult.REPRODUCED
            && record.outputs().equals(manifest.outputs())) {
          reproduced.add(record.verification());
          machines.add(record.machine());
        } else if (record.result() == VerificationResult.DIFFERS) {
          disputed.add(record.verification());
        }
      }
      return new VerificationTally(reproduced.size(), disputed.size(), machines);
    }
  }

  /** Returns the standings, in the order of the graph. */
  public Map<String, VerificationStanding> byModel() {
    return byModel;
  }

  /** Returns the standing of all actions together. */
  public WholeStanding whole() {
    return whole;
  }

  /** Returns whether any action of any model was verified or disputed. */
  public boolean isAny() {
    return byModel.values().stream().anyMatch(s -> s.verified() > 0 || s.disputed() > 0);
  }
}
