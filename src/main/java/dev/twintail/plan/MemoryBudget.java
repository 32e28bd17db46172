package dev.twintail.plan;

import dev.twintail.stage.MemoryNeed;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether actions fit into the memory of this process, told before any of them runs. */
public final class MemoryBudget {
  /** What the program takes besides: its libraries, the plan, and what it just asks of a store. */
  private static final long PROGRAM = 72L << 20;

  private MemoryBudget() {}

  /**
   * Makes sure that those of {@code actions} that take most may run at once.
   *
   * @param workers how many run at once
   * @throws NotEnoughMemoryException if they do not fit
   */
  public static void require(Collection<Graph.Node> actions, int workers) {
    Map<Graph.Node, Long> needs = new HashMap<>();
    actions.forEach(node -> needs.put(node, MemoryNeed.of(node.stage())));
    require(needs, workers);
  }

  /**
   * Does the same where it is known what each action takes.
   *
   * @param needs bytes, by action
   */
  public static void require(Map<Graph.Node, Long> needs, int workers) {
    require(needs, workers, Runtime.getRuntime().maxMemory());
  }

  static void require(Map<Graph.Node, Long> needs, int workers, long available) {
    List<Map.Entry<Graph.Node, Long>> largest =
        needs.entrySet().stream()
            .sorted(
                Map.Entry.<Graph.Node, Long>comparingByValue()
                    .reversed()
                    .thenComparing(
                        Map.Entry.comparingByKey(Comparator.comparingInt(Graph.Node::index))))
            .limit(workers)
            .toList();
    long needed = PROGRAM;
    int fitting = 0;
    for (Map.Entry<Graph.Node, Long> each : largest) {
      needed += each.getValue();
      fitting += needed <= available ? 1 : 0;
    }
    if (needed > available && !largest.isEmpty()) {
      Map.Entry<Graph.Node, Long> first = largest.get(0);
      throw new NotEnoughMemoryException(
          largest.size(), fitting, needed, available, first.getKey(), PROGRAM + first.getValue());
    }
  }
}
