package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.record.RunRecord;
import dev.twintail.stage.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The actions of earlier runs, newest first, as those look for them who compare. */
final class EarlierSteps {
  private final String spec;
  private final Map<StageRound, List<EarlierStep>> byRound = new HashMap<>();

  /** Of the experiment's own runs, one action each, whatever its round. */
  private final Map<StageOwner, List<EarlierStep>> byOwner = new HashMap<>();

  private int runs;

  /**
   * Knows none yet.
   *
   * @param spec the name of the experiment
   */
  EarlierSteps(String spec) {
    this.spec = spec;
  }

  private record StageRound(String stage, OptionalInt round) {}

  private record StageOwner(String stage, String owner) {}

  /** Adds a run, which is older than those before. */
  void add(RunRecord run) {
    for (RunRecord.Step step : run.steps()) {
      EarlierStep earlier = new EarlierStep(runs, run.spec(), step);
      byRound
          .computeIfAbsent(
              new StageRound(step.stage(), step.action().round()), s -> new ArrayList<>())
          .add(earlier);
      if (run.spec().equals(spec)) {
        EarlierStep.owners(step)
            .forEach(owner -> addOnce(new StageOwner(step.stage(), owner), earlier));
      }
    }
    runs++;
  }

  private void addOnce(StageOwner key, EarlierStep step) {
    List<EarlierStep> known = byOwner.computeIfAbsent(key, k -> new ArrayList<>());
    if (known.isEmpty() || known.get(known.size() - 1).run() < step.run()) {
      known.add(step);
    }
  }

  /**
   * Returns the actions of the same stage and round.
   *
   * @param from how many of the newest runs do not count
   */
  List<EarlierStep> ofRound(Stage stage, int from) {
    return byRound
        .getOrDefault(new StageRound(stage.name().label(), stage.scope().round()), List.of())
        .stream()
        .filter(step -> step.run() >= from)
        .toList();
  }

  /** Returns the newest action of the same stage and model of this experiment, if there is one. */
  Optional<EarlierStep> ofOtherRound(Graph.Node node, int from) {
    if (node.stage().scope().round().isEmpty()) {
      return Optional.empty();
    }
    String stage = node.stage().name().label();
    return node.names().stream()
        .map(EarlierStep::owner)
        .flatMap(owner -> byOwner.getOrDefault(new StageOwner(stage, owner), List.of()).stream())
        .filter(step -> step.run() >= from)
        .findFirst();
  }

  /** Returns the first time that an action was met. */
  Optional<EarlierStep> oldest(Stage stage, ActionKey key) {
    return ofRound(stage, 0).stream()
        .filter(step -> step.step().key().equals(key))
        .reduce((newer, older) -> older);
  }
}
