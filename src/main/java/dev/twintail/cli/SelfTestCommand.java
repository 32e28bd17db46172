package dev.twintail.cli;

import dev.twintail.action.Outcome;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.NativeEnvironment;
import dev.twintail.model.Trainer;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.pipeline.RunListener;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import dev.twintail.record.RunRecord;
import dev.twintail.spec.Branches;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.DigitsSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.HeadKind;
import dev.twintail.spec.LossSpec;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.OptimizerSpec;
import dev.twintail.spec.PretrainBody;
import dev.twintail.spec.PretrainTail;
import dev.twintail.spec.ProtocolSpec;
import dev.twintail.spec.Published;
import dev.twintail.spec.TrainingSpec;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
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
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code self-test}: a whole experiment in small, on made-up digits and in a folder of its own, run
 * twice. The launcher also records its class archive while this runs, so it touches what a run
 * touches.
 */
@Command(
    name = "self-test",
    mixinStandardHelpOptions = true,
    description = {
      "Checks that this machine computes the bits that every x86-64 machine with AVX2 should.",
      "Runs a tiny experiment on made-up digits in a temporary folder."
    })
final class SelfTestCommand implements Callable<Integer> {
  /** SHA-256 over the manifests of all actions; changes with the version of any stage. */
  static final String REFERENCE =
      "cace5db89581eec7088b8760c63247f1dbd5f371163ab99362570307c814a943";

  private static final int SIDE = 8;
  private static final int IMAGES = 64;
  private static final int CLASSES = 10;

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  SelfTestCommand() {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = command.commandLine().getOut();
    Path folder = Files.createTempDirectory("twintail-self-test");
    try {
      RunRecord first = run(folder);
      RunRecord second = run(folder);
      int again = second.counts().values().stream().mapToInt(RunRecord.Counts::executed).sum();
      if (again > 0) {
        out.println("self-test: " + again + " actions ran twice; the store forgot them");
        return ExitCode.NOT_REPRODUCED;
      }
      readSpec(folder);
      rehearseS3();
      return judge(fingerprint(first), out);
    } finally {
      delete(folder);
    }
  }

  /** Plans a real experiment, for what a run does before it runs: command line, YAML, look-ups. */
  private static void readSpec(Path folder) {
    Path spec = Home.folder().resolve("pipelines").resolve("vieli2021.yaml");
    if (Files.exists(spec)) {
      PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
      Main.run(
          new String[] {"plan", spec.toString(), "--store", folder.toString(), "--explain"},
          nowhere,
          nowhere);
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

  private static int judge(String bits, PrintWriter out) {
    if (bits.equals(REFERENCE)) {
      out.println(
          "self-test: this machine computes the reference bits "
              + bits.substring(0, 12)
              + " of the "
              + NativeEnvironment.profile()
              + " profile");
      return ExitCode.OK;
    }
    boolean portable =
        new BlasTrainer().environment().contains(new Trainer.Field("arch", "x86-64"));
    if (!portable) {
      out.println(
          "self-test: works; there are no reference bits for "
              + System.getProperty("os.arch")
              + ", its action keys are its own");
      return ExitCode.OK;
    }
    out.println(
        "self-test: this machine computes the bits "
            + bits
            + " instead of the reference "
            + REFERENCE
            + "; its results differ in the last digits from those of others");
    return ExitCode.NOT_REPRODUCED;
  }

  /** Runs the experiment on the store in {@code folder}. */
  static RunRecord run(Path folder) throws Exception {
    Instant started = Instant.now();
    String id = RunRecord.newId(started);
    Map<String, Blob> files = files();
    Experiment experiment = experiment(files);
    try (LocalObjectStore objects = LocalObjectStore.open(folder)) {
      Workspace workspace = Workspace.of(objects, m -> {}, VersionCommand.programVersion(), id);
      ExperimentRun.Summary summary =
          new ExperimentRun(workspace, new BlasTrainer(), 2, new Silence())
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
              VersionCommand.programVersion(),
              started,
              Instant.now(),
              "self-test",
              2,
              summary.steps());
      workspace.runs().append(record);
      Results.summary(workspace, summary.results()).text(Results.title(experiment));
      return record;
    }
  }

  static String fingerprint(RunRecord record) {
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
    OptimizerSpec adam = new OptimizerSpec.Adam(1e-3, 0.9, 0.999, 1e-8);
    TrainingSpec training = TrainingSpec.plain(2, 8, true, true, adam);
    TrainingSpec onClasses = TrainingSpec.plain(2, 8, true, false, adam);
    Published claim = Published.test(50, 1, 2, "nowhere");
    ModelSpec soft =
        new ModelSpec(
            "Soft",
            "conv",
            conv,
            Branches.SHARED,
            Optional.empty(),
            HeadKind.SOFTMAX,
            Optional.of("tail"),
            tail,
            new LossSpec(1, 0.5, LossSpec.Mix.SUM),
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
            conv,
            Branches.SHARED,
            Optional.empty(),
            HeadKind.ARGMAX,
            Optional.of("tail"),
            tail,
            new LossSpec(1, 1, LossSpec.Mix.COIN),
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

  /** Says nothing. */
  private static final class Silence implements RunListener {
    @Override
    public void planned(Plan plan) {}

    @Override
    public void started(Graph.Node node) {}

    @Override
    public void finished(Graph.Node node, Outcome outcome) {}
  }
}
