package dev.twintail.cli;

import dev.twintail.action.Outcome;
import dev.twintail.app.RunWatcher;
import dev.twintail.plan.Estimate;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells on stderr how a run goes on: one live line on a terminal, else a line an action. */
final class RunProgress implements RunWatcher {
  private final PrintWriter err;
  private final LiveLine live;

  /** When the actions under way began, by the clock of {@link System#nanoTime}. */
  private final Map<Graph.Node, Long> running = new LinkedHashMap<>();

  private final Set<Graph.Node> finished = new HashSet<>();
  private Estimating estimating = plan -> Optional.empty();
  private Optional<Estimate> estimate = Optional.empty();
  private int workers = 1;
  private int total;

  /** Tells how long the pending actions of a plan take. */
  @FunctionalInterface
  interface Estimating {
    Optional<Estimate> of(Plan plan);
  }

  RunProgress(PrintWriter err) {
    this.err = err;
    live = new LiveLine(err);
  }

  /**
   * Has it told how long it takes.
   *
   * @param actions how many are executed at once
   */
  synchronized void estimating(Estimating source, int actions) {
    estimating = source;
    workers = actions;
  }

  @Override
  public synchronized void planned(Plan plan) {
    total = plan.pending().size();
    finished.clear();
    int actions = plan.graph().nodes().size();
    if (total > 0) {
      estimate = estimating.of(plan);
      err.println(
          "%s: %s pending, %s reused%s"
              .formatted(
                  Counts.counted(actions, "action"),
                  total,
                  actions - total,
                  left().map(text -> "; " + text).orElse("")));
    }
  }

  @Override
  public synchronized void started(Graph.Node node) {
    running.put(node, System.nanoTime());
    show();
  }

  @Override
  public synchronized void finished(Graph.Node node, Outcome outcome) {
    running.remove(node);
    finished.add(node);
    if (!outcome.reused()) {
      estimate.ifPresent(f -> f.took(node, outcome.elapsed()));
    }
    if (!live.isSeen()) {
      err.println(
          "[%s/%s] %s %s%s"
              .formatted(
                  finished.size(),
                  total,
                  node,
                  outcome.reused() ? "reused" : seconds(outcome.elapsed()),
                  left().map(text -> ", " + text).orElse("")));
    }
    show();
  }

  /** Returns how long is left, as far as anybody knows. */
  private Optional<String> left() {
    if (finished.size() == total) {
      return Optional.empty();
    }
    long now = System.nanoTime();
    Map<Graph.Node, Duration> spent = new HashMap<>();
    running.forEach((node, began) -> spent.put(node, Duration.ofNanos(now - began)));
    return estimate
        .flatMap(f -> f.left(spent, finished, workers))
        .map(time -> "about " + span(time) + " left");
  }

  @Override
  public void failedElsewhere(Graph.Node node, String host) {
    note("failed on " + host + ": " + node);
  }

  /** Prints a line of its own above the live one. */
  synchronized void note(String line) {
    live.erase();
    err.println(line);
    show();
  }

  /** Removes the live line for good: threads may work on that nobody waits for. */
  synchronized void end() {
    live.end();
  }

  /** Ends with a line. */
  synchronized void end(String line) {
    live.end();
    err.println(line);
  }

  @Override
  public synchronized void download(String what, long bytes, long size) {
    String of = size > 0 ? " of " + mebibytes(size) : "";
    live.show("Downloading " + what + ": " + mebibytes(bytes) + of);
  }

  private void show() {
    if (!live.isSeen() || total == 0 || finished.size() == total) {
      return;
    }
    StringBuilder line = new StringBuilder();
    line.append('[').append(finished.size()).append('/').append(total).append(']');
    left().ifPresent(text -> line.append(' ').append(text));
    String separator = "  ";
    for (Graph.Node node : running.keySet()) {
      line.append(separator).append(node);
      separator = ", ";
    }
    live.show(line.toString());
  }

  static String seconds(Duration elapsed) {
    return String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1e3);
  }

  /** Returns a time for people, such as {@code 1:05} or {@code 2:00:05}. */
  static String span(Duration time) {
    long seconds = Math.max(1, Math.round(time.toMillis() / 1e3));
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
  }
}
