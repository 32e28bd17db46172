package dev.twintail.plan;

import dev.twintail.stage.StageName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How long what is pending takes on a number of slots, if each action takes as long as is said of
 * it. Stages wait for each other, as the pipeline lets them; within one, actions are dealt to the
 * slots in turn, in the order of the graph. Nothing is added for the engine and the store.
 */
public final class Forecast {
  private final Plan plan;
  private final Map<Graph.Node, Duration> durations;
  private final SortedMap<Wave, List<Graph.Node>> waves;

  private Forecast(
      Plan plan, Map<Graph.Node, Duration> durations, SortedMap<Wave, List<Graph.Node>> waves) {
    this.plan = plan;
    this.durations = durations;
    this.waves = waves;
  }

  /**
   * Returns the forecast for what is pending of a plan.
   *
   * @param expected how long an action is expected to take
   */
  public static Forecast of(Plan plan, Function<Graph.Node, Duration> expected) {
    Map<Graph.Node, Duration> durations = new HashMap<>();
    SortedMap<Wave, List<Graph.Node>> waves = new TreeMap<>();
    plan.graph()
        .depths(plan.pending())
        .forEach(
            (node, depth) -> {
              durations.put(node, expected.apply(node));
              waves
                  .computeIfAbsent(
                      new Wave(level(node.stage().name()), depth), w -> new ArrayList<>())
                  .add(node);
            });
    return new Forecast(plan, durations, waves);
  }

  /** Stages that wait for the same start together; rounds that go on from each other do not. */
  private record Wave(int level, int depth) implements Comparable<Wave> {
    @Override
    public int compareTo(Wave other) {
      return level == other.level
          ? Integer.compare(depth, other.depth)
          : Integer.compare(level, other.level);
    }
  }

  private static int level(StageName stage) {
    return stage.reads().stream().mapToInt(read -> level(read) + 1).max().orElse(0);
  }

  /** Returns how many actions it is of. */
  public int actions() {
    return durations.size();
  }

  /** Returns how long one slot would work. */
  public Duration work() {
    return durations.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  /** Returns how long the longest chain of actions that wait for each other takes. */
  public Duration criticalPath() {
    Map<Graph.Node, Duration> ends = new HashMap<>();
    Duration last = Duration.ZERO;
    for (Graph.Node node : plan.pending()) {
      Duration start =
          plan.waitsFor(node).stream()
              .map(n -> ends.getOrDefault(n, Duration.ZERO))
              .max(Duration::compareTo)
              .orElse(Duration.ZERO);
      Duration end = start.plus(duration(node));
      ends.put(node, end);
      last = end.compareTo(last) > 0 ? end : last;
    }
    return last;
  }

  /**
   * Returns how long it takes.
   *
   * @param slots how many actions run at once, 1 or more
   */
  public Duration wall(int slots) {
    Duration wall = Duration.ZERO;
    for (List<Graph.Node> wave : waves.values()) {
      Duration[] ends = new Duration[Math.min(slots, wave.size())];
      Arrays.fill(ends, Duration.ZERO);
      for (int i = 0; i < wave.size(); i++) {
        ends[i % ends.length] = ends[i % ends.length].plus(duration(wave.get(i)));
      }
      wall = wall.plus(Arrays.stream(ends).max(Duration::compareTo).orElse(Duration.ZERO));
    }
    return wall;
  }

  private Duration duration(Graph.Node node) {
    return Objects.requireNonNull(durations.get(node));
  }
}
