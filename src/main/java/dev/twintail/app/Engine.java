package dev.twintail.app;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.NativeEnvironment;
import dev.twintail.model.Trainer;
import dev.twintail.model.dl4j.Dl4jTrainer;
import dev.twintail.pipeline.ExperimentRun;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What trains and predicts; each has action keys of its own. */
public enum Engine {
  /** This program's own, on OpenBLAS. */
  BLAS,
  /** Deeplearning4j's: independent, and slower. */
  DL4J;

  /** Returns the numeric environment that its action keys hold, by field. */
  public Map<String, String> environment() {
    return ExperimentRun.environment(trainer());
  }

  /** Returns the profile of the native libraries: {@code portable}, or how it differs. */
  public static String profile() {
    return NativeEnvironment.profile();
  }

  Trainer trainer() {
    return this == DL4J ? new Dl4jTrainer() : new BlasTrainer();
  }

  /** Returns the word for it in a command. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns where that file beside a spec is for this engine. */
  Path own(Path file) {
    return this == BLAS ? file : file.resolveSibling(word() + "-" + file.getFileName());
  }
}
