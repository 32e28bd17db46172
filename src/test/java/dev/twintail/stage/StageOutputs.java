package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.data.DigitFile;
import dev.twintail.data.MnistFixture;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Runs stages on the {@link MnistFixture}, those they read before them, each once. */
final class StageOutputs {
  private final Map<Digest, Blob> sources = new HashMap<>();
  private final Map<Stage, Map<String, Blob>> outputs = new HashMap<>();
  private final Trainer trainer;

  StageOutputs() {
    this(new BlasTrainer());
  }

  StageOutputs(Trainer trainer) {
    this.trainer = trainer;
    for (DigitFile.Role role : DigitFile.Role.values()) {
      Blob blob = MnistFixture.blob(role);
      sources.put(blob.digest(), blob);
    }
  }

  Map<String, Blob> of(Stage stage) {
    Map<String, Blob> known = outputs.get(stage);
    if (known == null) {
      known = ofOnce(stage);
      outputs.put(stage, known);
    }
    return known;
  }

  /** Returns the same, and keeps only what those before it put out: for many that nobody reads. */
  Map<String, Blob> ofOnce(Stage stage) {
    try {
      return stage.run(role -> input(stage.inputs().get(role)).bytes(), trainer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes(Stage stage, String output) {
    try {
      return of(stage).get(output).bytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Blob input(Stage.Input input) {
    if (input instanceof Stage.Input.Pinned pinned) {
      return sources.get(pinned.digest());
    }
    Stage.Input.OutputOf output = (Stage.Input.OutputOf) input;
    return of(output.stage()).get(output.output());
  }
}
