package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.ChildJvm;
import dev.twintail.store.StoreContents;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: in other surroundings, killed, interrupted, with nothing to do. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunProcessTest {
  private static final String ROUNDS = "4";
  private static final int ACTIONS = 69;
  private static final int KILLS = 10;

  /** The undisturbed run, of more rounds than the spec says so that there is time to disturb. */
  @TempDir private static Path undisturbed;

  @TempDir private Path folder;

  @BeforeAll
  static void runUndisturbed() {
    Cli.Result result = Cli.run(arguments(undisturbed).toArray());
    assertThat(result.exitCode()).isZero();
  }

  /** In Turkish, "i".toUpperCase() is "İ", and numbers have commas. */
  @Test
  void run_otherTimeZoneLocaleAndEncoding_givesTheSameBlobs() throws Exception {
    Path store = folder.resolve("mağaza");
    Process process =
        start(
            List.of(
                "-Duser.timezone=Asia/Kathmandu",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Dfile.encoding=ISO-8859-1"),
            store);
    List<String> err = process.errorReader(UTF_8).lines().toList();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(out).isEqualTo(Cli.run(results(undisturbed)).out());
    assertThat(err).contains("  train-siamese     28 executed     0 reused");
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(undisturbed));
  }

  @Test
  void run_nothingToDo_loadsNeitherBeamNorNativeMath() throws Exception {
    Path log = folder.resolve("classes.log");
    Process process = start(List.of("-Xlog:class+load:file=" + log), undisturbed);

    assertThat(process.errorReader(UTF_8).readLine())
        .startsWith("0 actions executed, " + ACTIONS + " reused");
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    List<String> loaded = Files.readAllLines(log);
    assertThat(loaded).anyMatch(line -> line.contains(" dev.twintail.plan.Plan "));
    for (String library :
        List.of("org.apache.beam.", "org.nd4j.", "org.deeplearning4j.", "org.bytedeco.")) {
      assertThat(loaded.stream().filter(line -> line.contains(" " + library))).isEmpty();
    }
  }

  /** SIGKILL, at instants that the seed chooses: while it starts, reads, trains, stores. */
  @Test
  @Tag("slow")
  void run_killedAtRandomInstants_losesNothingThatWasFinished() throws Exception {
    Path store = folder.resolve("store");
    Random random = new Random(2021);
    for (int kill = 0; kill < KILLS; kill++) {
      Set<String> finished = StoreContents.results(store).keySet();
      Process process = start(List.of(), store);
      await(process, random.nextInt(9), random.nextInt(80));
      process.destroyForcibly().waitFor();

      assertThat(StoreContents.results(store).keySet()).containsAll(finished);
    }
    int recorded = manifests(store);
    assertThat(recorded).isBetween(1, ACTIONS);

    Cli.Result last = Cli.run(arguments(store).toArray());

    assertThat(last.exitCode()).isZero();
    assertThat(last.err())
        .contains(ACTIONS - recorded + " actions executed, " + recorded + " reused");
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(undisturbed));
    // Nobody guesses who is dead: the leases of the killed end by their age.
    assertThat(StoreContents.temporaryFiles(store)).isLessThanOrEqualTo(KILLS);
    try (Stream<Path> tmp = Files.walk(store.resolve("tmp"))) {
      assertThat(tmp.filter(Files::isRegularFile)).isEmpty();
    }
    assertThat(store.resolve("downloads")).doesNotExist();
    assertThat(store.resolve("quarantine")).doesNotExist();
    // A record may lack where the kill came between the manifest and the record.
    Map<String, Integer> executions = executions(store);
    assertThat(executions.values()).containsOnly(1);
    assertThat(executions).hasSizeBetween(ACTIONS - 2 * KILLS, ACTIONS);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no kill -INT")
  void run_interrupted_saysWhatIsKeptAndGoesOnFromThere() throws Exception {
    assumeTrue(interruptsReachChildren(), "started by something that ignores SIGINT");
    Path store = folder.resolve("store");
    Process process = start(List.of(), store);
    BufferedReader progress = process.errorReader(UTF_8);
    List<String> err = new ArrayList<>();
    for (String line = ""; !line.startsWith("[4/"); line = progress.readLine()) {
      err.add(line);
    }

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    progress.lines().forEach(err::add);

    assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
    assertThat(err)
        .filteredOn(line -> line.startsWith("twintail:"))
        .containsExactly("twintail: interrupted; what was finished is kept: run again to go on");
    assertThat(String.join("\n", err)).doesNotContain("Exception", "\tat ");
    assertThat(StoreContents.temporaryFiles(store)).isZero();

    assertThat(Cli.run("log", "--store", store).out())
        .containsPattern("^\\S+  \\S+  tiny  interrupted after .*\n$");
    int recorded = manifests(store);
    assertThat(recorded).isBetween(4, ACTIONS - 1);
    Cli.Result again = Cli.run(arguments(store).toArray());
    assertThat(again.err())
        .contains(ACTIONS - recorded + " actions executed, " + recorded + " reused");
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(undisturbed));
  }

  private static List<String> arguments(Path store) {
    return List.of(
        "run",
        TinyExperiment.spec().toString(),
        "--data",
        MnistFixture.folder().toString(),
        "--rounds",
        ROUNDS,
        "--create",
        "--store",
        store.toString());
  }

  private static Object[] results(Path store) {
    return new Object[] {"results", TinyExperiment.spec(), "--rounds", ROUNDS, "--store", store};
  }

  private static Process start(List<String> options, Path store) throws IOException {
    return ChildJvm.builder(options, Main.class, arguments(store).toArray(String[]::new)).start();
  }

  /** Waits until so many lines of progress and then milliseconds have passed, or the process. */
  private static void await(Process process, int lines, int millis) throws Exception {
    BufferedReader progress = process.errorReader(UTF_8);
    for (int i = 0; i < lines && progress.readLine() != null; i++) {}
    process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  private static int manifests(Path store) throws IOException {
    return (int)
        StoreContents.results(store).keySet().stream()
            .filter(name -> name.startsWith("ac/"))
            .count();
  }

  /** Returns how often each action was executed, by its key, as the provenance tells. */
  private static Map<String, Integer> executions(Path store) throws IOException {
    JsonMapper mapper = JsonMapper.builder().build();
    Map<String, Integer> executions = new TreeMap<>();
    Set<Path> records = new HashSet<>();
    try (Stream<Path> files = Files.walk(store.resolve("provenance"))) {
      files.filter(Files::isRegularFile).forEach(records::add);
    }
    for (Path record : records) {
      JsonNode json = mapper.readTree(Files.readAllBytes(record));
      executions.merge(json.get("key").asText(), 1, Integer::sum);
    }
    return executions;
  }

  /** A process inherits what its parent ignores; a shell ignores SIGINT for what runs behind. */
  private static boolean interruptsReachChildren() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.notExists(status)) {
      return true;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .noneMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
  }
}
