package dev.twintail.app;

import dev.twintail.pipeline.BeamRunner;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.pipeline.OnFailure;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a study is run. It changes no bit of the results.
 *
 * @param workers how many actions are executed at once
 * @param digits a folder with the four IDX files, asked instead of all other sources
 * @param belief in what the store says of results that are reused
 * @param watcher hears how it goes on
 * @param runner who executes it
 * @param onFailure what becomes of the others when an action fails
 */
public record RunSettings(
    int workers,
    Optional<Path> digits,
    ExperimentRun.Belief belief,
    RunWatcher watcher,
    BeamRunner runner,
    OnFailure onFailure) {
  /** Returns the settings of a run on all processors that tells nobody of its progress. */
  public static RunSettings standard() {
    return new RunSettings(
        Runtime.getRuntime().availableProcessors(),
        Optional.empty(),
        ExperimentRun.Belief.NAMES_AND_SIZES,
        new RunWatcher() {},
        BeamRunner.direct(),
        OnFailure.STOP);
  }

  /** Returns the same with the digits of a folder. */
  public RunSettings withDigits(Path folder) {
    return new RunSettings(workers, Optional.of(folder), belief, watcher, runner, onFailure);
  }

  /** Returns the same on another runner. */
  RunSettings on(BeamRunner other) {
    return new RunSettings(workers, digits, belief, watcher, other, onFailure);
  }
}
