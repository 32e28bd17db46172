package dev.twintail.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A search for a model's settings. Each step tries a grid of them, all else as the model says and
 * earlier steps chose; the setting with the best mean validation accuracy wins the step, the first
 * of equals. One step is a grid search, several are a greedy coordinate-wise one.
 *
 * @param model the model whose settings vary
 * @param rounds how many rounds each candidate is trained for
 * @param steps at least one, each with at least one candidate
 * @param authors what the report's authors chose; may be empty
 */
public record SweepSpec(
    String name,
    String model,
    int rounds,
    List<List<Candidate>> steps,
    Optional<AuthorsChoice> authors,
    Variation variation) {
  /**
   * One point of a step's grid.
   *
   * @param settings values in the spec's words by path, such as {@code loss.digit}, in the order of
   *     the spec
   */
  public record Candidate(Map<String, String> settings) {
    public Candidate {
      settings = new LinkedHashMap<>(settings);
    }

    /** Returns {@code loss.digit=0.5 with.h=100}. */
    public String text() {
      return settings.entrySet().stream()
          .map(s -> s.getKey() + "=" + s.getValue())
          .collect(Collectors.joining(" "));
    }
  }

  /** Returns the paths of all fields that some step varies, in the order of the spec. */
  Set<String> paths() {
    Set<String> paths = new LinkedHashSet<>();
    steps.forEach(step -> step.forEach(candidate -> paths.addAll(candidate.settings().keySet())));
    return paths;
  }

  /** Returns the settings of the first candidate of each step. */
  Map<String, String> firsts() {
    return settings(Collections.nCopies(steps.size(), 0));
  }

  /** Makes the model under some settings. */
  public interface Variation {
    ModelSpec of(Map<String, String> settings);
  }

  public SweepSpec {
    steps = steps.stream().map(List::copyOf).toList();
  }

  /**
   * Returns the settings of the candidates that won.
   *
   * @param won the index of one candidate for each of the first steps
   */
  public Map<String, String> settings(List<Integer> won) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int step = 0; step < won.size(); step++) {
      settings.putAll(steps.get(step).get(won.get(step)).settings());
    }
    return settings;
  }

  /**
   * Returns the models to train for one step.
   *
   * @param won the winners of all steps before it
   * @return one model for each candidate, named after the sweep
   */
  public List<ModelSpec> trials(List<Integer> won) {
    return tried(won).stream()
        .map(setting -> variation.of(setting.settings()).named(name))
        .toList();
  }

  /** Returns what {@link #trials} have: what was chosen before, and each candidate on top of it. */
  public List<Candidate> tried(List<Integer> won) {
    List<Candidate> tried = new ArrayList<>();
    for (Candidate candidate : steps.get(won.size())) {
      Map<String, String> settings = settings(won);
      settings.putAll(candidate.settings());
      tried.add(new Candidate(settings));
    }
    return tried;
  }

  /** Returns whether the authors chose this setting. */
  public boolean isOfAuthors(Candidate setting) {
    return authors.isPresent() && authors.get().is(setting.settings());
  }

  /** Returns what the report claims of the model on test pairs, first of all. */
  public Optional<Published> published() {
    return variation.of(Map.of()).published().stream()
        .filter(claim -> claim.split() == Published.Split.TEST)
        .findFirst();
  }
}
