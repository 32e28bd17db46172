package dev.twintail.app;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.pipeline.RunListener;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import dev.twintail.record.RunRecord;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.DigitsSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.Links;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.PretrainBody;
import dev.twintail.spec.PretrainTail;
import dev.twintail.spec.ProtocolSpec;
import dev.twintail.spec.Published;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A whole experiment in small, on made-up digits and in a folder of its own, run twice: does this
 * machine compute the bits that every x86-64 machine with AVX2 should? The launcher also records
 * its class archive while this runs, so it touches what a run touches.
 */
public final class SelfTest {
  /** SHA-256 over the manifests of all actions; changes with the version of any stage. */
  public static final String REFERENCE =
      "9d3fb007ac337e9eedb5c7a695991edc2cb5e2bd1bf65f2c9ebf872d1acc59de";

  private static final int SIDE = 8;
  private static final int IMAGES = 64;
  private static final int CLASSES = 10;

  /**
   * What came out.
   *
   * @param bits SHA-256 over the manifests of all actions
   * @param forgotten how many actions ran twice, which none should
   */
  public record Outcome(String bits, int forgotten) {
    /** Returns whether the bits are those that are expected of machines of this architecture. */
    public boolean isReference() {
      return bits.equals(REFERENCE);
    }

    /** Returns whether any bits are expected of machines of this architecture. */
    public boolean hasReference() {
      return new BlasTrainer().environment().contains(new Trainer.Field("arch", "x86-64"));
    }
  }

  /** What else is done with the store before it is removed. */
  @FunctionalInterface
  public interface Rehearsal {
    void with(Path store);
  }

  private SelfTest() {}

  /** Runs the test in a temporary folder. */
  public static Outcome run(Rehearsal rehearsal) throws Exception {
    Path folder = Files.createTempDirectory("twintail-self-test");
    try {
      RunRecord first = run(folder);
      RunRecord second = run(folder);
      int again = second.counts().values().stream().mapToInt(RunRecord.Counts::executed).sum();
      rehearsal.with(folder);
      rehearseS3();
      return new Outcome(fingerprint(first), again);
    } finally {
      delete(folder);
    }
  }

  /** May fail where there is no loopback or no HTTP server, which is nothing against a machine. */
  private static void rehearseS3() {
    try {
      S3Rehearsal.run();
    } catch (IOException | LinkageError e) {
      // The class archive then lacks what S3 needs.
    }
  }

  /** Runs the experiment on the store in {@code folder}. */
  private static RunRecord run(Path folder) throws Exception {
    Instant started = Instant.now();
    String id = RunRecord.newId(started);
    Map<String, Blob> files = files();
    Experiment experiment = experiment(files);
    try (LocalObjectStore objects = LocalObjectStore.open(folder)) {
      Workspace workspace = Workspace.of(objects, m -> {}, Installation.version(), id);
      ExperimentRun.Summary summary =
          new ExperimentRun(workspace, new BlasTrainer(), 2, new RunListener() {})
              .run(
                  id,
                  experiment,
                  e -> {
                    for (Blob file : files.values()) {
                      workspace.blobs().put(file);
                    }
                  });
      RunRecord record =
          new RunRecord(
              id,
              experiment.name(),
              Installation.version(),
              started,
              Instant.now(),
              "self-test",
              2,
              summary.steps());
      workspace.runs().append(record);
      Results.summary(
              Results.blob(workspace, summary.results().output(Results.SUMMARY), Results.SUMMARY))
          .text(experiment.name());
      return record;
    }
  }

  private static String fingerprint(RunRecord record) {
    StringBuilder manifests = new StringBuilder();
    record.steps().stream()
        .map(s -> s.stage() + " " + s.action().round().orElse(0) + " " + s.manifest())
        .sorted()
        .forEach(line -> manifests.append(line).append('\n'));
    return Digest.of(manifests.toString().getBytes(StandardCharsets.UTF_8)).sha256();
  }

  /** Two models that together touch every layer, a frozen tail and both pretrained parts. */
  private static Experiment experiment(Map<String, Blob> files) {
    Layer relu = new Layer.Relu();
    LayerList conv =
        new LayerList(
            List.of(
                new Layer.Conv(1, 4, 3, 0),
                new Layer.MaxPool(2),
                relu,
                new Layer.Flatten(),
                new Layer.Linear(36, CLASSES)));
    LayerList tail =
        new LayerList(
            List.of(
                new Layer.Linear(2 * CLASSES, 8),
                relu,
                new Layer.Tied(2, List.of(new Layer.Linear(8, 8), relu)),
                new Layer.Linear(8, 2)));
    Optimizer adam = new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8);
    TrainingConfig training = TrainingConfig.plain(2, 8, true, true, adam);
    TrainingConfig onClasses = TrainingConfig.plain(2, 8, true, false, adam);
    Shape image = new Shape.Image(1, SIDE, SIDE);
    Published claim = Published.test(50, 1, 2, "nowhere");
    ModelSpec soft =
        new ModelSpec(
            "Soft",
            "conv",
            Optional.empty(),
            Optional.of("tail"),
            SiameseNetwork.shared(image, conv, Head.SOFTMAX, tail),
            Loss.sum(1, 0.5),
            training,
            Optional.empty(),
            Optional.empty(),
            ProtocolSpec.CORRECTED,
            List.of(claim),
            Optional.empty());
    ModelSpec pretrained =
        new ModelSpec(
            "Pretrained",
            "conv",
            Optional.empty(),
            Optional.of("tail"),
            SiameseNetwork.shared(image, conv, Head.ARGMAX, tail),
            new Loss(1, 1, Loss.Mix.COIN, Loss.DigitLosses.CROSS_ENTROPY),
            training,
            Optional.of(new PretrainTail(true, onClasses)),
            Optional.of(new PretrainBody(training)),
            ProtocolSpec.CORRECTED,
            List.of(claim),
            Optional.empty());
    DigitsSpec digits =
        new DigitsSpec(
            "made-up",
            CLASSES,
            SIDE,
            SIDE,
            file(files, "train-images"),
            file(files, "train-labels"),
            file(files, "test-images"),
            file(files, "test-labels"),
            List.of(),
            Optional.empty());
    return new Experiment(
        "self-test",
        "Self-test",
        "",
        Links.NONE,
        Optional.empty(),
        1,
        2,
        new DataSpec(digits, 1, 24, 24, 8, DataSpec.Validation.RANDOM),
        List.of(soft, pretrained),
        List.of(),
        List.of());
  }

  private static DigitsSpec.IdxFile file(Map<String, Blob> files, String role) {
    Digest digest = Objects.requireNonNull(files.get(role)).digest();
    return new DigitsSpec.IdxFile(role, digest.size(), digest.sha256());
  }

  private static Map<String, Blob> files() {
    return Map.of(
        "train-images", images("train"),
        "train-labels", labels("train"),
        "test-images", images("test"),
        "test-labels", labels("test"));
  }

  private static Blob images(String split) {
    Draws draws = new Draws(Seed.derive(1, "self-test", split + "-images", 1));
    ByteBuffer file = ByteBuffer.allocate(16 + IMAGES * SIDE * SIDE);
    file.putInt(0x803).putInt(IMAGES).putInt(SIDE).putInt(SIDE);
    while (file.hasRemaining()) {
      file.put((byte) draws.below(256));
    }
    return Blob.of(file.array());
  }

  private static Blob labels(String split) {
    Draws draws = new Draws(Seed.derive(1, "self-test", split + "-labels", 1));
    ByteBuffer file = ByteBuffer.allocate(8 + IMAGES);
    file.putInt(0x801).putInt(IMAGES);
    while (file.hasRemaining()) {
      file.put((byte) draws.below(CLASSES));
    }
    return Blob.of(file.array());
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(files::add);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
