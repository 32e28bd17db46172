package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Digest;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program in small heaps: what does not fit is refused before it begins, what fits runs. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MemoryTest {
  private static final Pattern MORE = Pattern.compile("TWINTAIL_JAVA_OPTS=-Xmx(\\d+)m$");

  @TempDir private Path folder;

  /** What a child said and how it ended. */
  private record Ended(int code, List<String> err) {
    String last() {
      return err.get(err.size() - 1);
    }
  }

  @Test
  void run_batchThatDoesNotFit_isRefusedWithNumbersBeforeAnythingRuns() throws Exception {
    Path digits = randomDigits(20_000);
    String text =
        TinyExperiment.edited("  train-pairs: 60\n", "  train-pairs: 10000\n")
            .replace("  batch: 16\n", "  batch: 100000\n");
    Path spec = Files.writeString(digits.resolve("large.yaml"), text);
    Path store = folder.resolve("store");

    Ended run = run("-Xmx128m", spec, store, digits, "--workers", "2");

    assertThat(run.code()).isEqualTo(ExitCode.MEMORY);
    assertThat(run.last())
        .matches(
            "twintail: Cannot run 2 actions at once: they may take \\d+ MiB of memory,"
                + " train-siamese/\\w+/\\d alone \\d+, and this process has \\d+;"
                + " let it have more: TWINTAIL_JAVA_OPTS=-Xmx\\d+m");
    assertThat(store.resolve("ac")).doesNotExist();
    assertThat(store.resolve("cas")).doesNotExist();
  }

  @Test
  void run_tooManyWorkers_isToldHowManyFit() throws Exception {
    Path store = folder.resolve("store");
    Path spec = TinyExperiment.spec();

    Ended refused = run("-Xmx128m", spec, store, MnistFixture.folder(), "--workers", "16");

    assertThat(refused.code()).isEqualTo(ExitCode.MEMORY);
    Matcher fewer = Pattern.compile("; use --workers (\\d+), or ").matcher(refused.last());
    assertThat(fewer.find()).as(refused.last()).isTrue();
    Ended run = run("-Xmx128m", spec, store, MnistFixture.folder(), "--workers", fewer.group(1));
    assertThat(run.code()).as(run.last()).isZero();
  }

  /** Tables of 24 MiB, twice at once. */
  @Test
  @Tag("slow")
  void run_asMuchAsItIsToldToNeed_fits() throws Exception {
    Path digits = randomDigits(30_000);
    String text =
        TinyExperiment.edited("  train-pairs: 60\n", "  train-pairs: 15000\n")
            .replace("  batch: 16\n", "  batch: 1000\n")
            .replace("  epochs: 2\n", "  epochs: 1\n");
    Path spec = Files.writeString(digits.resolve("large.yaml"), text);
    List<String> part = List.of("--only", "Pixels", "--workers", "2");
    Path store = folder.resolve("store");

    Ended refused = run("-Xmx160m", spec, store, digits, part.toArray(String[]::new));
    assertThat(refused.code()).as(refused.last()).isEqualTo(ExitCode.MEMORY);
    Matcher more = MORE.matcher(refused.last());
    assertThat(more.find()).as(refused.last()).isTrue();
    Ended run = run("-Xmx" + more.group(1) + "m", spec, store, digits, part.toArray(String[]::new));

    assertThat(run.code()).as(run.last()).isZero();
    assertThat(Integer.parseInt(more.group(1))).isLessThan(600);
  }

  /** Returns a folder with files of random digits, and the spec of their digests. */
  private Path randomDigits(int count) throws IOException {
    Random random = new Random(1);
    Path digits = Files.createDirectory(folder.resolve("digits"));
    StringBuilder spec =
        new StringBuilder(
            "name: random\nclasses: 10\nheight: 28\nwidth: 28\nmirrors: []\nfiles:\n");
    for (String split : List.of("train", "test")) {
      int number = split.equals("train") ? count : 200;
      byte[] images = new byte[16 + 784 * number];
      random.nextBytes(images);
      ByteBuffer.wrap(images).putInt(0x803).putInt(number).putInt(28).putInt(28);
      byte[] labels = new byte[8 + number];
      ByteBuffer.wrap(labels).putInt(0x801).putInt(number);
      for (int i = 8; i < labels.length; i++) {
        labels[i] = (byte) random.nextInt(10);
      }
      write(digits, split + "-images", images, spec);
      write(digits, split + "-labels", labels, spec);
    }
    Files.writeString(digits.resolve("digits.yaml"), spec);
    return digits;
  }

  private static void write(Path folder, String role, byte[] bytes, StringBuilder spec)
      throws IOException {
    Digest digest = Digest.of(bytes);
    Files.write(folder.resolve(role), bytes);
    spec.append("  " + role + ":\n    file: " + role + "\n    bytes: " + digest.size());
    spec.append("\n    sha256: " + digest.sha256() + "\n");
  }

  private Ended run(String heap, Path spec, Path store, Path digits, String... more)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run", spec.toString()));
    arguments.addAll(List.of("--data", digits.toString(), "--create", "--store", store.toString()));
    arguments.addAll(List.of(more));
    Process process =
        ChildJvm.builder(List.of(heap), Main.class, arguments.toArray(String[]::new))
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    List<String> err = process.errorReader(UTF_8).lines().toList();
    return new Ended(process.waitFor(), err);
  }
}
