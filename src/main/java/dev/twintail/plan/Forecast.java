package dev.twintail.plan;

import dev.twintail.stage.Stage;
import dev.twintail.stage.TrainSiamese;
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
  private static final int FIRST_TRAINING = 2;

  private final Plan plan;
  private final Map<Graph.Node, Duration> durations;
  private final SortedMap<Integer, List<Graph.Node>> waves;

  private Forecast(
      Plan plan, Map<Graph.Node, Duration> durations, SortedMap<Integer, List<Graph.Node>> waves) {
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
    SortedMap<Integer, List<Graph.Node>> waves = new TreeMap<>();
    Map<Graph.Node, Integer> depths = new HashMap<>();
    for (Graph.Node node : plan.pending()) {
      durations.put(node, expected.apply(node));
      waves.computeIfAbsent(wave(node, plan, depths), w -> new ArrayList<>()).add(node);
    }
    return new Forecast(plan, durations, waves);
  }

  /** Stages that wait for the same start together; rounds that go on from each other do not. */
  private static int wave(Graph.Node node, Plan plan, Map<Graph.Node, Integer> depths) {
    Stage stage = node.stage();
    if (stage instanceof TrainSiamese training) {
      int depth =
          training.previous().map(p -> depths.getOrDefault(plan.graph().node(p), -1) + 1).orElse(0);
      depths.put(node, depth);
      return FIRST_TRAINING + depth;
    }
    return switch (stage.name()) {
      case DATA_GEN -> 0;
      case PRETRAIN_TAIL, PRETRAIN_BODY -> FIRST_TRAINING - 1;
      case TRAIN_SIAMESE -> throw new IllegalStateException("Cannot be another class: " + node);
      case SELECT, EVALUATE -> Integer.MAX_VALUE - 1;
      case RESULTS -> Integer.MAX_VALUE;
    };
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
