package dev.twintail.pipeline;

import dev.twintail.data.DigitFile;
import dev.twintail.data.MnistFixture;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An experiment with every stage and every head on the {@link MnistFixture}: seven models and two
 * rounds in 35 actions.
 */
public final class TinyExperiment {
  public static final int ACTIONS = 35;

  private TinyExperiment() {}

  /** Returns the spec. */
  public static Path spec() {
    try {
      return Path.of(TinyExperiment.class.getResource("/tiny-experiment/tiny.yaml").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Experiment read() {
    return ExperimentReader.read(spec());
  }

  /** Returns the spec's text. */
  public static String text() {
    try {
      return Files.readString(spec());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the spec's text with one passage replaced. */
  public static String edited(String passage, String replacement) {
    String text = text();
    int at = text.indexOf(passage);
    if (at < 0 || text.indexOf(passage, at + 1) >= 0) {
      throw new IllegalArgumentException("Cannot edit: not once in the spec: " + passage);
    }
    return text.replace(passage, replacement);
  }

  /** Writes {@code text} as a spec of {@code name}, the digits beside it. */
  public static Path write(Path folder, String name, String text) throws IOException {
    Path digits = folder.resolve("digits.yaml");
    if (Files.notExists(digits)) {
      Files.copy(spec().resolveSibling("digits.yaml"), digits);
    }
    return Files.writeString(folder.resolve(name), text);
  }

  /** Returns the supply of the fixture's files. */
  static ExperimentRun.Sources sources(Workspace workspace) {
    return experiment -> {
      for (DigitFile.Role role : DigitFile.Role.values()) {
        workspace.blobs().put(MnistFixture.blob(role));
      }
    };
  }
}
