package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Blob;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.upkeep.LeasedStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code push}, {@code pull}, {@code fsck}, {@code du}, {@code gc}, and {@code get} onto links. */
class StoreCommandsTest {
  private static final Path SPEC = TinyExperiment.spec();
  private static final String SUMMARY = "results/summary.arrow";

  /** A store that holds the whole tiny experiment; not to be changed. */
  @TempDir private static Path full;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() {
    assertThat(Cli.runTiny(full).exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"push", "pull"})
  void copy_emptyTarget_isEqualAndDoneOnce(String command) throws Exception {
    Path target = folder.resolve("target");

    Cli.Result first = copy(command, full, target);
    Cli.Result second = copy(command, full, target);

    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).matches("\\d+ objects copied, .*; 0 were there\n");
    assertThat(second.out()).startsWith("0 objects copied, 0 ");
    assertThat(first.err() + second.err()).isEmpty();
    assertThat(StoreContents.results(target)).isEqualTo(StoreContents.results(full));
    assertThat(StoreContents.temporaryFiles(target)).isZero();
    assertThat(Cli.run("run", SPEC, "--store", target).err()).startsWith("0 actions executed, 35 ");
  }

  @Test
  void pull_damagedSource_tellsAndLeavesItOut() throws Exception {
    Path source = copyOfFull();
    Path blob = damagedBlob(source);
    Path target = folder.resolve("target");

    Cli.Result result = copy("pull", source, target);

    assertThat(result.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(result.out()).contains("is damaged").endsWith(" problems\n");
    assertThat(target.resolve(source.relativize(blob))).doesNotExist();
    assertThat(Cli.run("fsck", "--store", target).exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pull --parallel 0 x | Cannot copy 0 objects at once: --parallel needs 1 or more",
        "push ftp://x | Cannot use 'ftp://x' as a store: expected a folder, such as artifacts/, or"
            + " s3://bucket/prefix",
        "fsck --sample 0 | Cannot check 0 blobs: --sample needs 1 or more",
        "gc --grace soon | Cannot read 'soon' as a time: expected such as 90m, 24h or 7d",
      })
  void command_impossibleOption_isToldInOneLine(String line, String message) {
    Cli.Result result = Cli.run((Object[]) (line + " --store " + full).split(" "));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines()).containsExactly("twintail: " + message);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run SPEC",
        "run SPEC --dry-run",
        "plan SPEC",
        "explain SPEC results",
        "verify SPEC",
        "results SPEC",
        "check SPEC",
        "league SPEC",
        "report SPEC -o OUT",
        "log",
        "lineage 123456",
        "ls SPEC",
        "get SPEC -o OUT",
        "export SPEC --format ro-crate -o OUT",
        "push OUT",
        "pull FULL",
        "fsck",
        "du",
        "gc",
        "gc --delete"
      })
  void command_noStoreThere_refusesAndMakesNone(String line) throws Exception {
    Path missing = folder.resolve("typo");
    Path none = Files.createDirectory(folder.resolve("photos"));
    List<Object> command = new ArrayList<>();
    for (String word : line.split(" ")) {
      command.add(
          switch (word) {
            case "SPEC" -> SPEC;
            case "OUT" -> folder.resolve("out");
            case "FULL" -> full;
            default -> word;
          });
    }

    Cli.Result atMissing = Cli.runWith(command, "--store", missing);
    Cli.Result atNone = Cli.runWith(command, "--store", none);

    assertThat(atMissing.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(atMissing.errLines())
        .containsExactly(
            "twintail: Cannot find a store in "
                + missing
                + ": there is no such folder; name another, or have it made: run, push and pull"
                + " do so with --create");
    assertThat(atNone.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(atNone.err()).contains("Cannot find a store in " + none + ": this folder is none;");
    assertThat(missing).doesNotExist();
    assertThat(none).isEmptyDirectory();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"push", "pull"})
  void copy_otherStoreIsNone_isRefused(String command) {
    Path typo = folder.resolve("typo");

    Cli.Result result = Cli.run(command, typo, "--store", full);

    assertThat(result.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(result.err()).contains("Cannot find a store in " + typo);
    assertThat(typo).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fsck", "du", "gc", "push other", "pull other"})
  void command_fileInPlaceOfTheStore_isToldInOneLine(String line) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    Cli.Result result = Cli.run((Object[]) (line + " --store " + file).split(" "));

    assertThat(result.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(result.errLines())
        .singleElement()
        .asString()
        .startsWith("twintail: Cannot open the store: Not a directory (" + file + ")");
  }

  @Test
  void fsck_damagedBlob_isQuarantinedAndTold() throws Exception {
    Path store = copyOfFull();
    assertThat(Cli.run("fsck", "--store", store).out()).endsWith(" checked: all is well\n");
    Path blob = damagedBlob(store);

    Cli.Result result = Cli.run("fsck", "--store", store);

    assertThat(result.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(result.out()).contains("is damaged", "moved to quarantine/", " lacks ");
    assertThat(result.err()).isEmpty();
    assertThat(blob).doesNotExist();
    assertThat(Cli.run("run", SPEC, "--store", store).err()).startsWith("35 actions: 1 pending");
    assertThat(Cli.run("fsck", "--store", store).exitCode()).isZero();
  }

  @Test
  void fsck_sample_hashesAsManyAsSaid() {
    Cli.Result result = Cli.run("fsck", "--sample", 3, "--store", full);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("3 blobs (").endsWith("all is well\n");
  }

  @Test
  void du_store_sumsUpWhatFilesThereAre() throws Exception {
    Cli.Result result = Cli.run("du", "--store", full);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines().map(line -> line.split(" +")[0]))
        .containsExactly("ac", "cas", "packs", "provenance", "runs", "total");
    assertThat(result.out()).containsPattern("\ntotal +" + files(full).size() + " ");
    assertThat(Cli.run("du", "--store", Cli.emptyStore(folder.resolve("none"))).out())
        .matches("total +0 +0 .*\n");
  }

  @Test
  void gc_withoutDelete_tellsAndDeletesNothing() throws Exception {
    Path store = withGarbage();
    List<Path> before = files(store);

    Cli.Result result = Cli.run("gc", "--grace", "1h", "--store", store);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("garbage: no run needs it")
        .containsPattern("\nGarbage: 1 object, .*; --delete removes it\n");
    assertThat(files(store)).isEqualTo(before);
  }

  @Test
  void gc_delete_removesGarbageAndNothingElse() throws Exception {
    Path store = withGarbage();

    Cli.Result result = Cli.run("gc", "--grace", "1h", "--delete", "--store", store);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).containsPattern("\nDeleted: 1 object, ");
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(full));
    assertThat(StoreContents.temporaryFiles(store)).isZero();
  }

  @Test
  void gc_garbageWithinTheGracePeriod_stays() throws Exception {
    Path store = withGarbage();

    Cli.Result result = Cli.run("gc", "--grace", "30d", "--delete", "--store", store);

    assertThat(result.out()).contains("kept: younger than 30d").contains("Deleted: 0 objects");
    assertThat(garbageIn(store)).exists();
  }

  @Test
  void gc_deleteBesideAUser_doesNothing() throws Exception {
    Path store = withGarbage();
    try (LocalObjectStore objects = LocalObjectStore.open(store);
        LeasedStore leased = LeasedStore.use(objects, "somebody", waiting -> {})) {
      leased.requireWritable();

      Cli.Result result = Cli.run("gc", "--grace", "1h", "--delete", "--store", store);

      assertThat(result.exitCode()).isEqualTo(ExitCode.IN_USE);
      assertThat(result.errLines())
          .hasSize(2)
          .anySatisfy(line -> assertThat(line).startsWith("leases/somebody.0 of "))
          .last()
          .asString()
          .startsWith("twintail: Cannot collect garbage: a run or a copy uses " + store);
      assertThat(result.out()).isEmpty();
    }
    assertThat(garbageIn(store)).exists();
  }

  @Test
  void get_linkLeadsOutOfTheFolder_isNotFollowed() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path out = Files.createDirectory(folder.resolve("out"));
    Path link = Files.createSymbolicLink(out.resolve("results"), outside);

    Cli.Result result = Cli.run("get", SPEC, SUMMARY, "--store", full, "--force", "-o", out);

    assertThat(result.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(result.errLines())
        .containsExactly(
            "twintail: Cannot write "
                + out.resolve(SUMMARY)
                + ": "
                + link
                + " is a symbolic link; remove it, or choose another folder by -o");
    assertThat(files(outside)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void get_linkInPlaceOfTheFile_isReplacedOnlyByForce(boolean dangling) throws Exception {
    Path outside = folder.resolve("outside");
    if (!dangling) {
      Files.writeString(outside, "mine");
    }
    Path file = folder.resolve("out").resolve(SUMMARY);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, outside);

    Cli.Result refused =
        Cli.run("get", SPEC, SUMMARY, "--store", full, "-o", folder.resolve("out"));
    Cli.Result forced =
        Cli.run("get", SPEC, SUMMARY, "--store", full, "-o", folder.resolve("out"), "--force");

    assertThat(refused.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(refused.err()).contains("it holds something else; --force replaces it");
    assertThat(forced.exitCode()).isZero();
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertThat(Files.exists(outside)).isEqualTo(!dangling);
    if (!dangling) {
      assertThat(outside).hasContent("mine");
    }
  }

  @Test
  void get_outputFolderIsALink_isUsed() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path out = Files.createSymbolicLink(folder.resolve("out"), real);

    assertThat(Cli.run("get", SPEC, SUMMARY, "--store", full, "-o", out).exitCode()).isZero();
    assertThat(real.resolve(SUMMARY)).isRegularFile();
  }

  /** Every manifest names an output outside, too, with a checksum that is right. */
  @Test
  void get_hostileManifests_writeNothing() throws Exception {
    Path store = copyOfFull();
    for (Path manifest : files(store.resolve("ac"))) {
      String text =
          Files.readString(manifest)
              .replaceFirst("(?m)^([0-9a-f]{64} \\d+) .*$", "$1 ../../../evil\n$0")
              .replaceAll("end .*\n", "");
      Files.writeString(
          manifest, text + "end " + Blob.of(text.getBytes(UTF_8)).digest().sha256() + "\n");
    }
    Path out = folder.resolve("a/b/out");

    Cli.Result result = Cli.run("get", SPEC, "**", "--store", store, "-o", out);

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(out).doesNotExist();
    assertThat(files(folder)).allMatch(file -> file.startsWith(store) && !file.endsWith("evil"));
  }

  /** The summary is lost, as a disk loses it: what else is asked for is there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "get SPEC results -o OUT",
        "results SPEC",
        "report SPEC -o OUT",
        "export SPEC --format ro-crate -o OUT",
        "verify SPEC --stage results",
        "fsck"
      })
  void command_lostBlob_isNamedAndNoSuccess(String line) throws Exception {
    for (String loss : List.of("damaged", "missing")) {
      Path store = StoreContents.copy(full, folder.resolve(loss));
      Path blob = damagedBlob(store);
      if (loss.equals("missing")) {
        Files.delete(blob);
      }
      for (int time = 0; time < 2; time++) {
        Object[] command =
            Stream.of(line.split(" "))
                .map(w -> w.equals("SPEC") ? SPEC : w.equals("OUT") ? folder.resolve("out") : w)
                .toArray();

        Cli.Result result = Cli.runWith(List.of(command), "--store", store);

        assertThat(result.exitCode())
            .as(line + ", " + loss + ", time " + time + ": " + result)
            .isIn(ExitCode.NO_RESULTS, ExitCode.DAMAGED, ExitCode.NOT_REPRODUCED, ExitCode.PENDING);
        assertThat(result.err() + result.out()).containsAnyOf("summary.arrow", "pending", "Blob ");
      }
    }
  }

  private static Cli.Result copy(String command, Path from, Path to) {
    return command.equals("pull")
        ? Cli.run("pull", from, "--create", "--store", to)
        : Cli.run("push", to, "--create", "--store", from);
  }

  private Path copyOfFull() throws IOException {
    return StoreContents.copy(full, folder.resolve("copy"));
  }

  /** Returns a copy with an old blob that no run knows of. */
  private Path withGarbage() throws IOException {
    Path store = copyOfFull();
    Path garbage = garbageIn(store);
    Files.createDirectories(garbage.getParent());
    Files.writeString(garbage, "garbage");
    Files.setLastModifiedTime(garbage, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    return store;
  }

  private static Path garbageIn(Path store) {
    String sha256 = Blob.of("garbage".getBytes(UTF_8)).digest().sha256();
    return store.resolve("cas").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  /** Flips a bit in the summary, an output that no other action reads. */
  private static Path damagedBlob(Path store) throws IOException {
    String line = Cli.run("ls", SPEC, SUMMARY, "--store", store, "--json").out();
    String sha256 = line.replaceAll("(?s).*\"sha256\" ?: ?\"([0-9a-f]{64})\".*", "$1");
    Path blob = store.resolve("cas").resolve(sha256.substring(0, 2)).resolve(sha256);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
    return blob;
  }

  @Test
  void run_whereNoStoreIs_asksWhoeverCanAnswer(@TempDir Path other) {
    Path store = other.resolve("new");
    InputStream input = System.in;
    System.setProperty(Question.POSSIBLE, "true");
    try {
      System.setIn(new ByteArrayInputStream("n\ny\n".getBytes(UTF_8)));

      Cli.Result no = Cli.run("pull", other, "--store", store);
      boolean made = Files.exists(store);

      assertThat(no.exitCode()).isEqualTo(ExitCode.STORE);
      assertThat(no.err()).contains("Cannot find a store in " + store).contains("[y/N]");
      assertThat(made).isFalse();

      Cli.Result yes =
          Cli.run(
              "run", SPEC, "--only", "Pixels", "--data", MnistFixture.folder(), "--store", store);
      assertThat(yes.exitCode()).as(yes.err()).isZero();
      assertThat(store.resolve("cas")).isDirectory();
    } finally {
      System.setIn(input);
      System.clearProperty(Question.POSSIBLE);
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
