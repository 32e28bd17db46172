package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.record.Provenance;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunRecord;
import dev.twintail.stage.Scope;
import dev.twintail.stage.StageName;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * How long what is pending will take and how much it will put out, by what the store has on record
 * of the same work: of the same stage for the same models, else of the stage for any. What is
 * observed meanwhile counts more than what is on record, since that may be of other machines. May
 * be used by several threads.
 */
public final class Estimate {
  /** How many runs are searched, newest first. */
  private static final int RUNS = 10;

  /** How many actions of a kind are looked at. */
  private static final int SAMPLES = 3;

  /** Work that takes about as long, whatever the round. */
  private record RepeatedWork(String stage, Set<String> models) {
    static RepeatedWork of(Graph.Node node) {
      return new RepeatedWork(node.stage().name().label(), node.models());
    }
  }

  /** What one recorded action took and put out. */
  private record Cost(long millis, long bytes) {}

  private final Plan plan;
  private final Map<RepeatedWork, List<Cost>> recorded;
  private final int records;
  private final Map<RepeatedWork, List<Long>> observed = new HashMap<>();

  private Estimate(Plan plan, Map<RepeatedWork, List<Cost>> recorded, int records) {
    this.plan = plan;
    this.recorded = recorded;
    this.records = records;
  }

  /** Returns the estimate for what is pending of a plan. */
  public static Estimate of(Plan plan, Workspace workspace)
      throws IOException, InterruptedException {
    Map<RepeatedWork, Set<ActionKey>> wanted = wanted(plan, steps(plan, workspace));
    Set<ActionKey> keys = new LinkedHashSet<>();
    wanted.values().forEach(keys::addAll);
    Map<ActionKey, Cost> costs = new ConcurrentHashMap<>();
    Parallel.forEach(
        List.copyOf(keys),
        Math.max(1, workspace.objects().parallelism()),
        key -> cost(key, workspace).ifPresent(cost -> costs.put(key, cost)));
    Map<RepeatedWork, List<Cost>> recorded = new HashMap<>();
    wanted.forEach(
        (work, of) -> {
          List<Cost> found = of.stream().filter(costs::containsKey).map(costs::get).toList();
          if (!found.isEmpty()) {
            recorded.put(work, found);
          }
        });
    return new Estimate(plan, recorded, costs.size());
  }

  private static List<RunRecord.Step> steps(Plan plan, Workspace workspace) throws IOException {
    List<RunRecord.Step> steps = new ArrayList<>();
    if (!plan.pending().isEmpty()) {
      workspace.runs().newest(RUNS, run -> steps.addAll(run.steps()));
    }
    return steps;
  }

  /** Returns which recorded actions tell of the work that is pending, the newest first. */
  private static Map<RepeatedWork, Set<ActionKey>> wanted(Plan plan, List<RunRecord.Step> steps) {
    Map<RepeatedWork, Set<ActionKey>> same = new HashMap<>();
    Map<String, Set<ActionKey>> alike = new HashMap<>();
    for (RunRecord.Step step : steps) {
      add(
          step.key(),
          same.computeIfAbsent(new RepeatedWork(step.stage(), step.models()), w -> keys()));
      add(step.key(), alike.computeIfAbsent(step.stage(), s -> keys()));
    }
    Map<RepeatedWork, Set<ActionKey>> wanted = new LinkedHashMap<>();
    for (Graph.Node node : plan.pending()) {
      RepeatedWork work = RepeatedWork.of(node);
      Set<ActionKey> found = same.getOrDefault(work, alike.getOrDefault(work.stage(), Set.of()));
      wanted.putIfAbsent(work, found);
    }
    return wanted;
  }

  private static Set<ActionKey> keys() {
    return new LinkedHashSet<>();
  }

  private static void add(ActionKey key, Set<ActionKey> keys) {
    if (keys.size() < SAMPLES) {
      keys.add(key);
    }
  }

  private static Optional<Cost> cost(ActionKey key, Workspace workspace) throws IOException {
    List<Provenance> made = ProvenanceLog.of(key, workspace.objects());
    Optional<Manifest> manifest = workspace.cache().lookup(key);
    if (made.isEmpty() || manifest.isEmpty()) {
      return Optional.empty();
    }
    long bytes = manifest.get().outputs().values().stream().mapToLong(Digest::size).sum();
    return Optional.of(new Cost(made.get(made.size() - 1).elapsed().toMillis(), bytes));
  }

  /** Returns the plan whose pending actions it is of. */
  public Plan plan() {
    return plan;
  }

  /** Returns how many recorded actions it rests on. */
  public int records() {
    return records;
  }

  /**
   * Returns the stages of which nobody knows how long they take; of stages that gather what is of
   * all rounds it does not matter.
   */
  public synchronized Set<StageName> unknown() {
    Set<StageName> unknown = EnumSet.noneOf(StageName.class);
    for (Graph.Node node : plan.pending()) {
      if (node.stage().scope() instanceof Scope.Round
          && expected(RepeatedWork.of(node)).isEmpty()) {
        unknown.add(node.stage().name());
      }
    }
    return Collections.unmodifiableSet(unknown);
  }

  /** Returns how many bytes what is pending, and known, puts out. */
  public long bytes() {
    return plan.pending().stream()
        .map(node -> recorded.getOrDefault(RepeatedWork.of(node), List.of()))
        .mapToLong(costs -> mean(costs, Cost::bytes))
        .sum();
  }

  /** Hears how long an action took. */
  public synchronized void took(Graph.Node node, Duration elapsed) {
    observed.computeIfAbsent(RepeatedWork.of(node), w -> new ArrayList<>()).add(elapsed.toMillis());
  }

  /**
   * Returns how long all that is pending takes; empty if that is not known of all.
   *
   * @param workers how many actions are executed at once
   */
  public Optional<Duration> time(int workers) {
    return left(Map.of(), Set.of(), workers);
  }

  /**
   * Returns how long it takes until all that is pending is done; empty if that is not known of all.
   *
   * @param running how long the actions under way already took
   * @param finished the actions that are done
   * @param workers how many actions are executed at once
   */
  public synchronized Optional<Duration> left(
      Map<Graph.Node, Duration> running, Collection<Graph.Node> finished, int workers) {
    Set<Graph.Node> done = new HashSet<>(finished);
    List<Graph.Node> open = plan.pending().stream().filter(n -> !done.contains(n)).toList();
    Map<Graph.Node, Long> times = new HashMap<>();
    for (Graph.Node node : open) {
      Optional<Long> whole = expected(RepeatedWork.of(node));
      if (whole.isEmpty() && node.stage().scope() instanceof Scope.Round) {
        return Optional.empty();
      }
      long spent = running.getOrDefault(node, Duration.ZERO).toMillis();
      times.put(node, Math.max(0, whole.orElse(0L) - spent));
    }
    return Optional.of(Duration.ofMillis(makespan(open, times, workers)));
  }

  /** Returns what an action of that work takes, in milliseconds. */
  private Optional<Long> expected(RepeatedWork work) {
    List<Long> seen = observed.getOrDefault(work, List.of());
    if (!seen.isEmpty()) {
      return Optional.of(mean(seen, Long::longValue));
    }
    if (recorded.containsKey(work)) {
      return Optional.of(
          (long) (speed() * mean(recorded.getOrDefault(work, List.of()), Cost::millis)));
    }
    List<Long> alike = new ArrayList<>();
    observed.forEach(
        (other, times) -> {
          if (other.stage().equals(work.stage())) {
            alike.addAll(times);
          }
        });
    return alike.isEmpty() ? Optional.empty() : Optional.of(mean(alike, Long::longValue));
  }

  /** Returns how much slower it goes than is on record. */
  private double speed() {
    double now = 0;
    double then = 0;
    for (Map.Entry<RepeatedWork, List<Long>> work : observed.entrySet()) {
      if (recorded.containsKey(work.getKey())) {
        now += mean(work.getValue(), Long::longValue);
        then += mean(recorded.getOrDefault(work.getKey(), List.of()), Cost::millis);
      }
    }
    return now > 0 && then > 0 ? now / then : 1;
  }

  private static <T> long mean(List<T> all, ToLongFunction<T> value) {
    return (long) all.stream().mapToLong(value).average().orElse(0);
  }

  /** A time and an action. */
  private record At(long time, Graph.Node node) {}

  /** Returns when the last action is done, if each begins as soon as it can. */
  private long makespan(List<Graph.Node> open, Map<Graph.Node, Long> times, int workers) {
    Map<Graph.Node, Integer> missing = new HashMap<>();
    Map<Graph.Node, List<Graph.Node>> readers = new HashMap<>();
    Map<Graph.Node, Long> ready = new HashMap<>();
    PriorityQueue<At> next =
        new PriorityQueue<>(
            Comparator.comparingLong(At::time).thenComparingInt(at -> at.node().index()));
    for (Graph.Node node : open) {
      List<Graph.Node> above = plan.waitsFor(node).stream().filter(times::containsKey).toList();
      missing.put(node, above.size());
      above.forEach(n -> readers.computeIfAbsent(n, a -> new ArrayList<>()).add(node));
      if (above.isEmpty()) {
        next.add(new At(0, node));
      }
    }
    PriorityQueue<Long> free = new PriorityQueue<>(Collections.nCopies(workers, 0L));
    long last = 0;
    for (At at = next.poll(); at != null; at = next.poll()) {
      long end =
          Math.max(at.time(), Optional.ofNullable(free.poll()).orElse(0L))
              + times.getOrDefault(at.node(), 0L);
      free.add(end);
      last = Math.max(last, end);
      for (Graph.Node reader : readers.getOrDefault(at.node(), List.of())) {
        ready.merge(reader, end, Math::max);
        if (missing.merge(reader, -1, Integer::sum) == 0) {
          next.add(new At(ready.getOrDefault(reader, end), reader));
        }
      }
    }
    return last;
  }
}
