package dev.twintail.cli;

import dev.twintail.action.Outcome;
import dev.twintail.app.RunWatcher;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Tells on stderr how a run goes on: one live line on a terminal, else a line an action. */
final class RunProgress implements RunWatcher {
  private final PrintWriter err;
  private final boolean terminal;
  private final Set<Graph.Node> running = new LinkedHashSet<>();
  private long start;
  private int total;
  private int finished;

  RunProgress(PrintWriter err) {
    this.err = err;
    terminal = Boolean.getBoolean("twintail.terminal");
  }

  @Override
  public synchronized void planned(Plan plan) {
    total = plan.pending().size();
    finished = 0;
    start = System.nanoTime();
    int actions = plan.graph().nodes().size();
    if (total > 0) {
      err.println(actions + " actions: " + total + " pending, " + (actions - total) + " reused");
    }
  }

  @Override
  public synchronized void started(Graph.Node node) {
    running.add(node);
    show();
  }

  @Override
  public synchronized void finished(Graph.Node node, Outcome outcome) {
    running.remove(node);
    finished++;
    if (!terminal) {
      err.println(
          String.format(
              Locale.ROOT,
              "[%d/%d] %s %s",
              finished,
              total,
              node,
              outcome.reused() ? "reused" : seconds(outcome.elapsed())));
    }
    show();
  }

  @Override
  public void failedElsewhere(Graph.Node node, String host) {
    note("failed on " + host + ": " + node);
  }

  /** Prints a line of its own above the live one. */
  synchronized void note(String line) {
    erase();
    err.println(line);
    show();
  }

  /** Removes the live line. */
  synchronized void erase() {
    if (terminal) {
      err.print(PlainWriter.ERASE);
      err.flush();
    }
  }

  @Override
  public synchronized void download(String what, long bytes, long size) {
    if (terminal) {
      String of = size > 0 ? " of " + mebibytes(size) : "";
      err.print(PlainWriter.ERASE + "Downloading " + what + ": " + mebibytes(bytes) + of);
      err.flush();
    }
  }

  private void show() {
    if (!terminal || total == 0 || finished == total) {
      return;
    }
    StringBuilder line = new StringBuilder(PlainWriter.ERASE);
    line.append('[').append(finished).append('/').append(total).append(']');
    if (finished > 0) {
      double elapsed = (System.nanoTime() - start) / 1e9;
      double left = elapsed / finished * (total - finished);
      line.append(
          String.format(Locale.ROOT, " about %d:%02d left", (int) left / 60, (int) left % 60));
    }
    String separator = "  ";
    for (Graph.Node node : running) {
      line.append(separator).append(node);
      separator = ", ";
    }
    err.print(line);
    err.flush();
  }

  static String seconds(Duration elapsed) {
    return String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1e3);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
  }
}
