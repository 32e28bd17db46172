package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.data.DigitFile;
import dev.twintail.data.IdxImages;
import dev.twintail.data.IdxLabels;
import dev.twintail.data.PairDataset;
import dev.twintail.data.PairSampler;
import dev.twintail.model.Trainer;
import dev.twintail.random.Seed;
import dev.twintail.result.ArrowFiles;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.DigitsSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Samples the training and test pairs of one round (REPORTS, "Data, all reports": a random
 * permutation without replacement, average pooling, target = digit 1 ≤ digit 2), and marks the
 * pairs that are kept out of training.
 *
 * @param rootSeed the experiment's
 */
public record GenerateData(DataSpec data, long rootSeed, int round) implements Stage {
  /** Outputs: the pairs as Arrow files, see {@link PairTables}. */
  public static final String TRAIN = "train.arrow";

  public static final String TEST = "test.arrow";

  @Override // Written out: ADR 26.
  public boolean equals(Object other) {
    return other instanceof GenerateData that
        && round == that.round
        && rootSeed == that.rootSeed
        && Objects.equals(data, that.data);
  }

  /** Of what tells stages apart cheaply; those that are alike in it are compared as a whole. */
  @Override
  public int hashCode() {
    return 31 * round + Long.hashCode(rootSeed);
  }

  @Override
  public StageName name() {
    return StageName.DATA_GEN;
  }

  @Override
  public Scope scope() {
    return new Scope.Round(round);
  }

  /** Returns the four files of {@code digits}, by role. */
  public static SortedMap<String, DigitFile> files(DigitsSpec digits) {
    SortedMap<String, DigitFile> files = new TreeMap<>();
    add(files, "train-images", digits.trainImages());
    add(files, "train-labels", digits.trainLabels());
    add(files, "test-images", digits.testImages());
    add(files, "test-labels", digits.testLabels());
    return files;
  }

  private static void add(
      SortedMap<String, DigitFile> files, String role, DigitsSpec.IdxFile file) {
    files.put(role, DigitFile.of(role, file.file(), file.sha256(), file.bytes()));
  }

  @Override
  public SortedMap<String, Input> inputs() {
    SortedMap<String, Input> inputs = new TreeMap<>();
    files(data.digits()).forEach((role, file) -> inputs.put(role, new Input.Pinned(file.digest())));
    return inputs;
  }

  @Override
  public Set<String> outputs() {
    return Set.of(TRAIN, TEST);
  }

  @Override
  public void describe(Description description) {
    description.parameter("data.classes", data.digits().classes());
    description.parameter("data.pool", data.pool());
    description.parameter("data.train-pairs", data.trainPairs());
    description.parameter("data.test-pairs", data.testPairs());
    description.parameter("data.validation-pairs", data.validationPairs());
    description.parameter("data.validation", data.validation().keyWord());
    description.seed("train", seed("train"));
    description.seed("test", seed("test"));
    description.seed("validation", seed("validation"));
  }

  private Seed seed(String stream) {
    return Seed.derive(rootSeed, name().label(), stream, round);
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    PairDataset drawn = sampler("train", inputs).sample(data.trainPairs(), seed("train"));
    PairDataset train =
        switch (data.validation()) {
          case RANDOM -> drawn.withValidation(data.validationPairs(), seed("validation"));
          case LAST -> drawn.withLastForValidation(data.validationPairs());
        };
    PairDataset test = sampler("test", inputs).sample(data.testPairs(), seed("test"));
    return Map.of(
        TRAIN, Blob.of(ArrowFiles.encode(PairTables.of(train, "train"))),
        TEST, Blob.of(ArrowFiles.encode(PairTables.of(test, "test"))));
  }

  private PairSampler sampler(String split, Inputs inputs) throws IOException {
    String images = split + "-images";
    String labels = split + "-labels";
    return new PairSampler(
        IdxImages.parse(images, inputs.bytes(images))
            .require(images, data.digits().height(), data.digits().width()),
        IdxLabels.parse(labels, inputs.bytes(labels), data.digits().classes()),
        data.pool());
  }
}
