package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.LockFile;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {
  private static final String TEXT = TinyExperiment.text();

  /** A store that holds the whole tiny experiment; not to be changed. */
  @TempDir private static Path full;

  @TempDir private static Path made;
  private static Path lock;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws IOException {
    Path spec = TinyExperiment.write(made, "tiny.yaml", TEXT);
    lock = made.resolve("tiny.lock");
    Cli.Result run = Cli.runOn(spec, full, "--lock");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).endsWith(lock + ": written, 51 actions\n");
  }

  private Cli.Result locked(String specText, String lockText, Object... more) throws IOException {
    Path spec = TinyExperiment.write(folder, "tiny.yaml", specText);
    Files.writeString(folder.resolve("tiny.lock"), lockText);
    return Cli.runWith(List.of("run", spec, "--store", store(), "--locked"), more);
  }

  private Path store() throws IOException {
    Path store = folder.resolve("store");
    return Files.exists(store) ? store : StoreContents.copy(full, store);
  }

  @Test
  void lock_isSortedTextWithoutTimeOrPlace() throws IOException {
    String text = Files.readString(lock);

    assertThat(text.lines().filter(l -> l.startsWith("action"))).isSorted().hasSize(51);
    assertThat(text)
        .startsWith("twintail-lock 1\nenvironment ")
        .doesNotContain(made.toString(), "file:")
        .doesNotContainPattern("\\d{4}-\\d\\d-\\d\\d|\\d\\d:\\d\\d:\\d\\d|[ =]/\\w|[A-Z]:\\\\");
    assertThat(LockFile.read(lock).text()).isEqualTo(text);
  }

  @Test
  void locked_freshStoreInAnotherFolder_holds() throws IOException {
    Path spec = TinyExperiment.write(folder, "moved.yaml", TEXT);
    Files.copy(lock, folder.resolve("moved.lock"));

    Cli.Result run = Cli.runOn(spec, folder.resolve("fresh"), "--workers", 1, "--locked");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("moved.lock holds");
  }

  @Test
  void locked_partOfTheExperiment_comparesThatAlone() throws IOException {
    Cli.Result run =
        locked(TEXT, Files.readString(lock), "--only", "PreTrainRandom,Logits", "--rounds", 1);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("tiny.lock holds");
  }

  /** A part cannot be locked, and in another store there may be nothing to lock. */
  @Test
  void locked_partThatDiffers_tellsTheCommandForTheWhole() throws IOException {
    Cli.Result run =
        locked(
            TinyExperiment.edited("digit: 0.8}", "digit: 0.9}"),
            Files.readString(lock),
            "--only",
            "ArgMax",
            "--rounds",
            1);

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(run.err())
        .contains(
            "; if they are meant, renew it with: twintail run %s --lock --store %s\n"
                .formatted(folder.resolve("tiny.yaml"), store()));
  }

  /** Round 1 of the second table would be round 2, which is another one in the lock. */
  @Test
  void locked_otherNumberOfRoundsInSeveralTables_isRefusedBeforeAnythingRuns() throws IOException {
    String tables =
        TEXT.replace(
            "rounds: 2\n",
            "rounds: 2\nconditions: as-run\nprotocol: {tables: 3, training-pairs: first-round}\n");

    Cli.Result run =
        locked(tables, Files.readString(lock), "--only", "Pixels,Logits", "--rounds", 1);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "twintail: Cannot compare with %s: Pixels has 3 tables, whose rounds have other numbers"
                    .formatted(folder.resolve("tiny.lock"))
                + " with --rounds; leave it out\n");
  }

  @Test
  void locked_moreRoundsThanTheSpecHas_isRefusedBeforeAnythingRuns() throws IOException {
    Cli.Result run = locked(TEXT, Files.readString(lock), "--rounds", 3);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "twintail: Cannot compare with %s: it has 2 rounds at most, and --rounds 3 asks for more;"
                    .formatted(folder.resolve("tiny.lock"))
                + " leave it out\n");
  }

  /** The two rounds are those of the lock, whichever table they are of. */
  @Test
  void locked_otherNumberOfRoundsInTablesThatShareNothing_holds() throws IOException {
    String tables = TEXT.replace("rounds: 2\n", "rounds: 3\nprotocol: {tables: 2}\n");

    Cli.Result run =
        locked(tables, Files.readString(lock), "--only", "Pixels,Logits", "--rounds", 1);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("tiny.lock holds");
  }

  /** What a search chooses is known late, but it has the tables of the searched model. */
  @Test
  void locked_otherNumberOfRoundsOfAChosenModelInSeveralTables_isRefused() throws IOException {
    String searched =
        TEXT.replace(
                "rounds: 2\n",
                "rounds: 2\nconditions: as-run\nprotocol: {tables: 3, training-pairs: first-round}\n")
            + "  Chosen: {chosen-by: search}\nsweeps:\n  search:\n    model: Logits\n"
            + "    rounds: 1\n    steps:\n      - {loss.digit: [0.3, 0.6]}\n";

    Cli.Result run = locked(searched, Files.readString(lock), "--only", "Chosen", "--rounds", 1);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains(": Logits has 3 tables, ");
  }

  @Test
  void locked_editedSpec_failsWithWhatChanged() throws IOException {
    Cli.Result run =
        locked(TinyExperiment.edited("digit: 0.8}", "digit: 0.9}"), Files.readString(lock));

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(run.err())
        .contains("tiny.lock does not hold: ")
        .containsPattern("  train-siamese/ArgMax/1: weights.safetensors: [0-9a-f]{12}… → ")
        .doesNotContain("train-siamese/Logits", "of the same key");
    assertThat(run.out()).startsWith("tiny, 2 rounds");
  }

  @Test
  void locked_otherBytesOfTheSameKey_areTold() throws IOException {
    String text = Files.readString(lock);
    int at = text.indexOf("  weights.safetensors ", text.indexOf("action train-siamese/Logits/2"));
    char digit = text.charAt(at + 22);
    String altered =
        text.substring(0, at + 22) + (digit == '0' ? '1' : '0') + text.substring(at + 23);

    Cli.Result run = locked(TEXT, altered);

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(run.err())
        .contains("does not hold: 1 difference;", "  train-siamese/Logits/2: weights.safetensors: ")
        .endsWith(" (of the same key)\n");
  }

  @Test
  void locked_manyDifferences_tellsTheFirstTwentyAndHowManyMore() throws IOException {
    Cli.Result run =
        locked(TinyExperiment.edited("rounds: 2\n", "rounds: 1\n"), Files.readString(lock));

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    // 25 actions of the second round, and five tables of results.
    assertThat(run.err()).contains("does not hold: 30 differences; ").endsWith("  and 10 more\n");
    assertThat(run.errLines().stream().filter(line -> line.matches("  [a-z-]+(/\\w+/2)?: .*")))
        .hasSize(20)
        .contains("  data-gen/ArgMax/2: is in the lock and no more in the experiment");
  }

  @Test
  void locked_noLockFileOrAGarbledOne_isTold() throws IOException {
    Path spec = TinyExperiment.write(folder, "none.yaml", TEXT);

    Cli.Result none = Cli.run("run", spec, "--store", store(), "--locked");
    Cli.Result garbled = locked(TEXT, Files.readString(lock).replaceFirst("key|action", "acton"));

    assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(none.err()).contains("none.lock: no such file; make it with: twintail run");
    assertThat(garbled.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(garbled.err()).contains("tiny.lock: line ", "is garbled; make it anew with --lock");
  }

  /** The beginning of the digest would be the same on both sides. */
  @Test
  void locked_onlyTheSizeDiffers_tellsTheSizes() throws IOException {
    String text = Files.readString(lock);
    Matcher output = Pattern.compile("  test.arrow (\\w+) (\\d+)\n").matcher(text);
    assertThat(output.find()).isTrue();

    Cli.Result run = locked(TEXT, text.replaceFirst("( {2}test.arrow \\w+) \\d+\n", "$1 7\n"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(run.err())
        .contains(
            "test.arrow: %1$s, 7 bytes → %1$s, %2$s bytes (of the same key)"
                .formatted(output.group(1), output.group(2)));
  }

  @Test
  void verifyLocked_differsInAnotherEnvironment_tellsBoth() throws IOException {
    String text = Files.readString(lock).replaceFirst("( {2}test.arrow \\w+) \\d+\n", "$1 7\n");
    Path spec = TinyExperiment.write(folder, "tiny.yaml", TEXT);
    Files.writeString(
        folder.resolve("tiny.lock"),
        text.replaceFirst("environment arch .*", "environment arch sparc"));

    Cli.Result run = Cli.run("verify", spec, "--store", store(), "--locked", "--stage", "data-gen");

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(run.out()).contains("test.arrow: ", "7 bytes → ", "tiny.lock does not hold");
    assertThat(run.err()).contains("  the numeric environment differs: arch: sparc → ");
  }

  /** As a merge of two branches may leave it. */
  @Test
  void locked_actionTwice_isToldWithItsLine() throws IOException {
    List<String> lines = Files.readAllLines(lock);
    String text = String.join("\n", lines) + "\n";
    int last = lines.size() - 1;
    while (!lines.get(last).startsWith("action")) {
      last--;
    }

    Cli.Result run = locked(TEXT, text + String.join("\n", lines.subList(last, lines.size())));

    assertThat(run.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(run.err())
        .contains(
            "tiny.lock: line "
                + (lines.size() + 1)
                + ": train-siamese/SoftMax/2 is there twice; make");
  }

  @Test
  void locked_bytesThatAreNoTextOrAFolder_isToldWithTheFile() throws IOException {
    Path spec = TinyExperiment.write(folder, "odd.yaml", TEXT);
    Path odd = folder.resolve("odd.lock");
    Files.write(odd, new byte[] {(byte) 0xff, 0, (byte) 0xc3, 1});
    Cli.Result bytes = Cli.run("run", spec, "--store", store(), "--locked");
    Files.delete(odd);
    Files.createDirectory(odd);
    Cli.Result directory = Cli.run("verify", spec, "--store", store(), "--locked");

    assertThat(bytes.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(bytes.err()).contains("Cannot read " + odd + ": not UTF-8 text; make it anew");
    assertThat(directory.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(directory.err()).isEqualTo("twintail: Cannot read " + odd + ": it is a folder\n");
  }

  /** It would be written first, and so say of itself that it holds. */
  @Test
  void lock_togetherWithLocked_isRefused() throws IOException {
    Cli.Result run = locked(TEXT, "no lock", "--lock");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("leave --lock or --locked out");
    assertThat(folder.resolve("tiny.lock")).hasContent("no lock");
  }

  @Test
  void diff_lockFileThatIsNotThere_isToldWithItsName() {
    Path missing = folder.resolve("missing.lock");

    Cli.Result diff = Cli.run("diff", lock, missing);

    assertThat(diff.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(diff.err())
        .isEqualTo("twintail: Cannot find the lock file " + missing + ": no such file\n");
  }

  @Test
  void lock_ofAPart_isRefused() {
    Cli.Result run =
        Cli.run("run", made.resolve("tiny.yaml"), "--store", full, "--lock", "--rounds", 1);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("Cannot lock a part of an experiment");
  }

  @Test
  void locked_fieldOfTheEnvironmentThatIsNoMore_isTold() throws IOException {
    String text = Files.readString(lock);

    Cli.Result run =
        locked(
            TinyExperiment.edited("digit: 0.8}", "digit: 0.9}"),
            text.replaceFirst("\n", "\nenvironment abacus.beads wooden\n"));

    assertThat(run.err())
        .endsWith("  the numeric environment differs: abacus.beads: wooden → nothing\n");
  }

  @Test
  void diff_ofLocks_countsActionsOfBothOnce() throws IOException {
    String text = Files.readString(lock);
    int action = text.indexOf("action train-siamese/Logits/2");
    int next = text.indexOf("action", action + 1);
    String both = text.substring(action, next).replaceAll("(  \\S+ )[0-9a-f]{8}", "$100000000");
    Path other =
        Files.writeString(
            folder.resolve("other.lock"),
            text.substring(0, action)
                + both
                + text.substring(next)
                + text.substring(action, next).replace("/Logits/", "/Zeta/"));

    Cli.Result diff = Cli.run("diff", lock, other);

    assertThat(diff.out())
        .contains("train-siamese/Logits/2: curves.arrow: ")
        .contains("train-siamese/Logits/2: weights.safetensors: ")
        .endsWith("\n2 of 52 actions' outputs differ\n");
  }

  @Test
  void gc_runsDeleted_keepsWhatTheLockNames() throws IOException {
    Path store = store();
    try (var runs = Files.list(store.resolve("runs"))) {
      for (Path run : runs.toList()) {
        Files.delete(run);
      }
    }

    Cli.Result without = Cli.run("gc", "--store", store, "--grace", "0s");
    Cli.Result gc = Cli.run("gc", "--store", store, "--grace", "0s", "--delete", "--lock", lock);

    assertThat(without.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(without.err())
        .startsWith("twintail: Cannot collect garbage: no run is on record in ")
        .contains("so 35 recorded actions would go");
    assertThat(gc.exitCode()).isZero();
    assertThat(gc.out()).containsPattern("\nac/ +35 .* kept: 0 runs need or made it\n");
    assertThat(Cli.run("plan", made.resolve("tiny.yaml"), "--store", store, "--verify").out())
        .startsWith("tiny, 2 rounds: 0 of 35 actions are pending");
  }
}
