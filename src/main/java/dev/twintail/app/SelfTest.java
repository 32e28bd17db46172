package dev.twintail.app;

import dev.twintail.blob.Digest;
import dev.twintail.model.BlasTrainer;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import dev.twintail.record.RunRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  /**
   * SHA-256 over the manifests of all actions, by architecture; changes with the version of any
   * stage. That of ARM64 is from emulated processors, Cortex-A57 and Neoverse N1, which agreed.
   */
  private static final Map<String, String> REFERENCES =
      Map.of(
          "x86-64",
          "b4b45b236ddcfe3d2819a687d14659b7107209186d8fd12f8f525b2afa5dc58d",
          "aarch64",
          "f958a88def98000b4d99da9aaa6b55a4fc5e4b06d8d0ea584bd85fe4bccc2f17");

  /** Three models that together touch most layers, a frozen tail and both pretrained parts. */
  private static final String SPEC = "self-test.yaml";

  private static final String DIGITS = "made-up.yaml";

  private static final int SIDE = 8;
  private static final int IMAGES = 64;
  private static final int CLASSES = 10;

  /**
   * What came out.
   *
   * @param bits SHA-256 over the manifests of all actions
   * @param forgotten how many actions ran twice, which none should
   */
  public record SelfTestResult(String bits, int forgotten) {
    /** Returns whether the bits are those that are expected of machines of this architecture. */
    public boolean isReference() {
      return reference().equals(Optional.of(bits));
    }

    /** Returns the bits that are expected of machines of this architecture, if any are. */
    public Optional<String> reference() {
      return new BlasTrainer()
          .environment().stream()
              .filter(field -> field.name().equals("arch"))
              .map(field -> REFERENCES.get(field.value()))
              .filter(Objects::nonNull)
              .findFirst();
    }
  }

  /** What else is done with the experiment and its store before both are removed. */
  @FunctionalInterface
  public interface Rehearsal {
    void with(Path spec, Path store);
  }

  private SelfTest() {}

  /** Runs the test in a temporary folder. */
  public static SelfTestResult run(Rehearsal rehearsal) throws Exception {
    Path folder = Files.createTempDirectory("twintail-self-test");
    try {
      Path spec = copy(SPEC, folder);
      copy(DIGITS, folder);
      writeDigits("train", "train", folder);
      writeDigits("test", "t10k", folder);
      Path store = folder.resolve("store");
      RunRecord first = run(spec, store);
      RunRecord second = run(spec, store);
      int again = second.counts().values().stream().mapToInt(RunRecord.Counts::executed).sum();
      rehearsal.with(spec, store);
      rehearseS3();
      return new SelfTestResult(fingerprint(first), again);
    } finally {
      delete(folder);
    }
  }

  /** Runs the experiment, whose digits lie beside it. */
  private static RunRecord run(Path spec, Path store) throws Exception {
    RunSettings settings =
        RunSettings.standard().withDigits(Objects.requireNonNull(spec.getParent()));
    try (Session session = Session.at(store.toString()).creating().open()) {
      return session.run(Study.read(spec), settings).record();
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

  private static String fingerprint(RunRecord record) {
    StringBuilder manifests = new StringBuilder();
    record.steps().stream()
        .map(s -> s.stage() + " " + s.action().round().orElse(0) + " " + s.manifest())
        .sorted()
        .forEach(line -> manifests.append(line).append('\n'));
    return Digest.of(manifests.toString().getBytes(StandardCharsets.UTF_8)).sha256();
  }

  private static Path copy(String resource, Path folder) throws IOException {
    Path copy = folder.resolve(resource);
    try (InputStream in =
        Objects.requireNonNull(SelfTest.class.getResourceAsStream(resource), resource)) {
      Files.copy(in, copy);
    }
    return copy;
  }

  private static void writeDigits(String split, String prefix, Path folder) throws IOException {
    Files.write(folder.resolve(prefix + "-images-idx3-ubyte"), images(split));
    Files.write(folder.resolve(prefix + "-labels-idx1-ubyte"), labels(split));
  }

  private static byte[] images(String split) {
    Draws draws = new Draws(Seed.derive(1, "self-test", split + "-images", 1));
    ByteBuffer file = ByteBuffer.allocate(16 + IMAGES * SIDE * SIDE);
    file.putInt(0x803).putInt(IMAGES).putInt(SIDE).putInt(SIDE);
    while (file.hasRemaining()) {
      file.put((byte) draws.below(256));
    }
    return file.array();
  }

  private static byte[] labels(String split) {
    Draws draws = new Draws(Seed.derive(1, "self-test", split + "-labels", 1));
    ByteBuffer file = ByteBuffer.allocate(8 + IMAGES);
    file.putInt(0x801).putInt(IMAGES);
    while (file.hasRemaining()) {
      file.put((byte) draws.below(CLASSES));
    }
    return file.array();
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
