package dev.twintail.app;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a study is run. It changes no bit of the results.
 *
 * @param workers how many actions are executed at once
 * @param digits a folder with the four IDX files, asked before all other sources
 * @param watcher hears how it goes on
 */
public record RunSettings(int workers, Optional<Path> digits, RunWatcher watcher) {
  /** Returns the settings of a run on all processors that tells nobody of its progress. */
  public static RunSettings standard() {
    return new RunSettings(
        Runtime.getRuntime().availableProcessors(), Optional.empty(), new RunWatcher() {});
  }

  /** Returns the same with the digits of a folder. */
  public RunSettings withDigits(Path folder) {
    return new RunSettings(workers, Optional.of(folder), watcher);
  }
}
