package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The portable profile: every stage of the tiny experiment gives the same bits at every level of
 * instructions, threads and compilation that can be forced on one machine from outside.
 */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64|x86_64",
    disabledReason = "the levels are those of x86-64")
class DispatchLevelsTest {
  /** In glibc's words: no AVX of any kind, so that its own functions take other ways. */
  private static final String NO_AVX =
      "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX2_Usable,-AVX,-FMA,-FMA_Usable,-FMA4,-ERMS";

  /** Holds the first round of the tiny experiment, as computed in the JVM of the test. */
  @TempDir private static Path store;

  /**
   * What is forced.
   *
   * @param variables of the environment in which the process starts
   * @param options of its JVM
   */
  record Level(
      String name,
      Path launcher,
      Map<String, String> variables,
      List<String> options,
      int workers) {

    static Level of(String name, Map<String, String> variables, String... options) {
      return new Level(name, here(), variables, List.of(options), 2);
    }

    static Path here() {
      return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Level> levels() {
    List<Level> levels = new ArrayList<>();
    for (String kernels : List.of("Haswell", "Zen", "SkylakeX", "Sandybridge", "Prescott")) {
      levels.add(Level.of("OPENBLAS_CORETYPE=" + kernels, Map.of("OPENBLAS_CORETYPE", kernels)));
    }
    for (String threads : List.of("1", "2", "4")) {
      levels.add(
          Level.of(
              "threads=" + threads,
              Map.of(
                  "OMP_NUM_THREADS",
                  threads,
                  "OPENBLAS_NUM_THREADS",
                  threads,
                  "GOTO_NUM_THREADS",
                  threads,
                  "OMP_DYNAMIC",
                  "true")));
    }
    levels.add(Level.of("OPENBLAS_VERBOSE=2", Map.of("OPENBLAS_VERBOSE", "2")));
    for (String isa : List.of("SSE41", "AVX2", "AVX512_CORE")) {
      levels.add(
          Level.of("oneDNN " + isa, Map.of("DNNL_MAX_CPU_ISA", isa, "ONEDNN_MAX_CPU_ISA", isa)));
    }
    levels.add(Level.of("glibc without AVX", Map.of("GLIBC_TUNABLES", NO_AVX)));
    for (int avx = 0; avx <= 3; avx++) {
      levels.add(Level.of("UseAVX=" + avx, Map.of(), "-XX:UseAVX=" + avx));
    }
    levels.add(Level.of("UseFMA off", Map.of(), "-XX:-UseFMA"));
    levels.add(Level.of("no vector loops", Map.of(), "-XX:-UseSuperWord"));
    levels.add(Level.of("C1 alone", Map.of(), "-XX:TieredStopAtLevel=1"));
    levels.add(Level.of("C2 alone", Map.of(), "-XX:-TieredCompilation"));
    levels.add(Level.of("interpreter", Map.of(), "-Xint"));
    levels.add(
        Level.of(
            "all at once",
            Map.of(
                "OPENBLAS_CORETYPE",
                "SkylakeX",
                "OMP_NUM_THREADS",
                "4",
                "OPENBLAS_NUM_THREADS",
                "4",
                "GLIBC_TUNABLES",
                NO_AVX),
            "-XX:UseAVX=1",
            "-XX:-UseFMA"));
    levels.add(new Level("one worker", Level.here(), Map.of(), List.of(), 1));
    return levels.stream();
  }

  /** Returns the Java platforms of this machine that are newer than the one of the test. */
  private static List<Path> newerPlatforms() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path top :
        List.of(
            Path.of("/usr/lib/jvm"),
            Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "java"))) {
      if (Files.isDirectory(top)) {
        try (Stream<Path> homes = Files.list(top)) {
          homes.sorted().filter(DispatchLevelsTest::isNewer).forEach(found::add);
        }
      }
    }
    return found.stream().map(home -> home.resolve("bin").resolve("java")).toList();
  }

  private static boolean isNewer(Path home) {
    Path release = home.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
      return false;
    }
    try (Stream<String> lines = Files.lines(release)) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("^JAVA_VERSION=\"(\\d+).*", "$1"))
          .anyMatch(version -> Integer.parseInt(version) > Runtime.version().feature());
    } catch (IOException e) {
      return false;
    }
  }

  @BeforeAll
  static void computeReference() {
    Cli.Result run = Cli.runOn(TinyExperiment.spec(), store, "--rounds", 1);
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void verify_onNewerPlatforms_findsTheSameBits() throws Exception {
    List<Path> platforms = newerPlatforms();
    assumeFalse(platforms.isEmpty(), "no newer Java platform in /usr/lib/jvm or ~/.sdkman");

    for (Path java : platforms) {
      for (int workers = 1; workers <= 2; workers++) {
        assertSameBits(new Level(java + " with " + workers, java, Map.of(), List.of(), workers));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("levels")
  void verify_atThisLevel_findsTheSameBits(Level level) throws Exception {
    assertSameBits(level);
  }

  private static void assertSameBits(Level level) throws Exception {
    // The last option of a kind counts: tests start their children with C1 alone.
    List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=4"));
    options.addAll(level.options());
    ProcessBuilder child =
        ChildJvm.builder(
                options,
                Main.class,
                "verify",
                TinyExperiment.spec().toString(),
                "--rounds",
                "1",
                "--store",
                store.toString(),
                "--workers",
                Integer.toString(level.workers()))
            .redirectErrorStream(true);
    child.command().set(0, level.launcher().toString());
    child.environment().keySet().removeIf(v -> v.startsWith("OMP_") || v.startsWith("OPENBLAS_"));
    child.environment().putAll(level.variables());

    Process process = child.start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor()).as("%s: %s", level, said).isZero();
      assertThat(said).contains("18 of 18 actions verified: 18 reproduced, 0 differ");
    } finally {
      process.destroyForcibly();
    }
  }
}
