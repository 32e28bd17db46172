package dev.twintail.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Remarks under numbers, each once, with those whom they concern. */
final class Notes {
  private final Map<String, Set<String>> concerned = new LinkedHashMap<>();

  /** Adds a remark, unless it is empty. */
  void add(String whom, String remark) {
    if (!remark.isEmpty()) {
      concerned.computeIfAbsent(remark, r -> new LinkedHashSet<>()).add(whom);
    }
  }

  /** Returns the numbers, from 1, of the remarks that concern somebody. */
  List<Integer> of(String whom) {
    List<Integer> numbers = new ArrayList<>();
    int number = 1;
    for (Set<String> each : concerned.values()) {
      if (each.contains(whom)) {
        numbers.add(number);
      }
      number++;
    }
    return numbers;
  }

  /** Returns the remarks in the order of their numbers, each after those whom it concerns. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    concerned.forEach((remark, whom) -> texts.add(String.join(", ", whom) + ": " + remark));
    return texts;
  }
}
