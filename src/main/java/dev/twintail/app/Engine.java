package dev.twintail.app;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.NativeEnvironment;
import dev.twintail.model.Trainer;
import dev.twintail.model.dl4j.IsolatedTrainer;
import dev.twintail.plan.Preimages;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What trains and predicts; each has action keys of its own. */
public enum Engine {
  /** This program's own, on OpenBLAS. */
  BLAS,
  /** Deeplearning4j's: independent, and slower. */
  DL4J;

  /** Returns the numeric environment that its action keys hold, by field. */
  public Map<String, String> environment() {
    return Preimages.of(trainer(note -> {})).environment();
  }

  /** Returns the profile of the native libraries: {@code portable}, or how it differs. */
  public static String profile() {
    return NativeEnvironment.profile();
  }

  /**
   * @param notes hears of what does not end a training, such as a crash that is tried once more
   */
  Trainer trainer(Consumer<String> notes) {
    return this == DL4J
        ? new IsolatedTrainer(Installation.cache().resolve("crashes"), notes)
        : new BlasTrainer();
  }

  /** Returns the one that gives a second opinion. */
  Engine other() {
    return this == BLAS ? DL4J : BLAS;
  }

  /** Returns its name for people. */
  String title() {
    return this == BLAS ? "Twintail’s own engine" : "Deeplearning4j";
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
