package dev.twintail.report.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was done when, side by side where it was done at once. */
public final class Timeline {
  private static final int WIDTH = 960;
  private static final double LINE = 22;
  private static final double HEAD = 24;
  private static final int KINDS = 6;

  /**
   * Something that was done.
   *
   * @param place where; nothing else was done there by the same hand at the time
   * @param kind what it was an example of
   * @param from seconds from the start
   * @param to seconds, at least {@code from}
   * @param words what it was
   */
  public record TimelineBar(String place, String kind, double from, double to, String words) {}

  private Timeline() {}

  /** Returns the drawing. */
  public static Chart of(String name, String title, String description, List<TimelineBar> tasks) {
    Map<String, List<List<TimelineBar>>> lanes = lanes(tasks);
    double last = tasks.stream().mapToDouble(TimelineBar::to).max().orElse(1);
    Axis x = Axis.around(0, last, 8, WIDTH - 24);
    List<String> kinds = tasks.stream().map(TimelineBar::kind).distinct().toList();
    Pen pen = new Pen();
    legend(pen, kinds);
    double height = HEAD;
    for (List<List<TimelineBar>> ofPlace : lanes.values()) {
      height += HEAD + ofPlace.size() * LINE;
    }
    pen.across(x, HEAD, height, "seconds");
    double y = HEAD;
    for (Map.Entry<String, List<List<TimelineBar>>> place : lanes.entrySet()) {
      pen.text("strong", 0, y + 16, place.getKey());
      y += HEAD;
      for (List<TimelineBar> lane : place.getValue()) {
        for (TimelineBar task : lane) {
          double from = x.at(task.from());
          pen.titled(
              style(kinds, task.kind()),
              from,
              y + 2,
              Math.max(0.8, x.at(task.to()) - from - 0.4),
              LINE - 4,
              task.words());
        }
        pen.out.line();
        y += LINE;
      }
    }
    return new Chart(name, title, description, WIDTH, (int) Math.ceil(height) + 42, pen.out);
  }

  private static String style(List<String> kinds, String kind) {
    return "task task-" + kinds.indexOf(kind) % KINDS;
  }

  private static void legend(Pen pen, List<String> kinds) {
    double left = 0;
    for (String kind : kinds) {
      pen.rect(style(kinds, kind), left, 4, 12, 12);
      pen.text("", left + 17, 14, kind);
      left += Pen.width(kind) + 30;
    }
    pen.out.line();
  }

  /**
   * Returns the tasks of each place in as few lanes as there were hands: each goes on where the
   * lane that was left last is free.
   */
  private static Map<String, List<List<TimelineBar>>> lanes(List<TimelineBar> tasks) {
    List<TimelineBar> sorted = new ArrayList<>(tasks);
    sorted.sort(Comparator.comparingDouble(TimelineBar::from).thenComparing(TimelineBar::words));
    Map<String, List<List<TimelineBar>>> places = new LinkedHashMap<>();
    for (TimelineBar task : sorted) {
      List<List<TimelineBar>> lanes = places.computeIfAbsent(task.place(), p -> new ArrayList<>());
      lanes.stream()
          .filter(lane -> end(lane) <= task.from())
          .max(Comparator.comparingDouble(Timeline::end))
          .orElseGet(
              () -> {
                List<TimelineBar> lane = new ArrayList<>();
                lanes.add(lane);
                return lane;
              })
          .add(task);
    }
    return Collections.unmodifiableMap(places);
  }

  private static double end(List<TimelineBar> lane) {
    return lane.get(lane.size() - 1).to();
  }
}
