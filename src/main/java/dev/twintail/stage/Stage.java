package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.Trainer;
import dev.twintail.random.Seed;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;

/**
 * One action's worth of work: bytes in, bytes out, and nothing else. A stage knows its parameters
 * and where its inputs come from, but no store, no cache, no clock and no folder. Equal stages do
 * equal work, whatever models they are for; that is how models share data and pretrained parts.
 */
public sealed interface Stage
    permits GenerateData,
        PretrainTail,
        PretrainBody,
        TrainSiamese,
        SelectSetting,
        Evaluate,
        CollectResults {
  StageName name();

  /** Returns how much of an experiment it is of. */
  Scope scope();

  /** Returns where the inputs come from, by role. */
  SortedMap<String, Input> inputs();

  /** Tells every parameter that {@link #run} reads, and every seed. */
  void describe(Description description);

  /**
   * Does the work; deterministic, and safe to run twice or at once.
   *
   * @return the outputs by name
   */
  Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException;

  /** Where an input comes from. */
  sealed interface Input {
    /** A file that is pinned by its digest, such as one of MNIST's. */
    record Pinned(Digest digest) implements Input {}

    /** An output of another stage. */
    record OutputOf(Stage stage, String output) implements Input {}
  }

  /** Listens to what determines the work. Names are paths such as {@code loss.digit}. */
  interface Description {
    void parameter(String path, String value);

    void parameter(String path, long value);

    void parameter(String path, double value);

    void parameter(String path, boolean value);

    void seed(String stream, Seed seed);
  }

  /** The bytes of the inputs, by role. */
  interface Inputs {
    byte[] bytes(String role) throws IOException;
  }
}
