package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.LockFile;
import dev.twintail.store.BlobStore;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is well-formed in a store and yet cannot be true is told of and made anew. */
class RottenStoreTest {
  /** A store that holds one round of the tiny experiment; not to be changed. */
  @TempDir private static Path full;

  @TempDir private static Path made;
  private static Path spec;
  private static LockFile lock;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws IOException {
    spec =
        TinyExperiment.write(
            made, "tiny.yaml", TinyExperiment.edited("rounds: 2\n", "rounds: 1\n"));
    Cli.Result run = Cli.runOn(spec, full, "--lock");
    assertThat(run.exitCode()).as(run.err()).isZero();
    lock = LockFile.read(made.resolve("tiny.lock"));
  }

  private static ActionKey key(String stage) {
    return lock.entries().entrySet().stream()
        .filter(entry -> entry.getKey().toString().startsWith(stage))
        .map(entry -> entry.getValue().key())
        .findFirst()
        .orElseThrow();
  }

  private PoisonedStore copy() throws IOException {
    return new PoisonedStore(StoreContents.copy(full, folder.resolve("store")));
  }

  private static void state(PoisonedStore store, ActionKey key, TreeMap<String, Digest> outputs)
      throws IOException {
    Path file = store.folder().resolve(key.nameIn("ac"));
    Files.delete(file);
    Files.write(file, Manifest.of(outputs).bytes());
  }

  private static void assertMended(PoisonedStore store) throws IOException {
    Cli.Result again = Cli.run("run", spec, "--store", store.folder());
    assertThat(again.err()).contains("0 actions executed");
    assertThat(Cli.run("fsck", "--store", store.folder()).exitCode()).isZero();
    assertThat(StoreContents.results(store.folder())).containsAllEntriesOf(results());
  }

  private static TreeMap<String, Digest> results() throws IOException {
    return new TreeMap<>(StoreContents.results(full));
  }

  @Test
  void run_manifestLacksAnOutput_isPutAsideAndRecomputed() throws IOException {
    PoisonedStore store = copy();
    ActionKey key = key("data-gen");
    TreeMap<String, Digest> outputs = new TreeMap<>(store.read(key).outputs());
    outputs.pollLastEntry();
    state(store, key, outputs);

    Cli.Result run = Cli.runOn(spec, store.folder());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("is damaged (it lacks ", "; moved to quarantine/");
    assertMended(store);
  }

  @Test
  void run_manifestStatesAnotherSize_isPutAsideAndTheBlobStays() throws IOException {
    PoisonedStore store = copy();
    ActionKey key = key("train-siamese");
    TreeMap<String, Digest> outputs = new TreeMap<>(store.read(key).outputs());
    Digest weights = outputs.get(PoisonedStore.WEIGHTS);
    outputs.put(PoisonedStore.WEIGHTS, new Digest(weights.sha256(), weights.size() + 1));
    state(store, key, outputs);

    Cli.Result run = Cli.runOn(spec, store.folder());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("is damaged (it states " + (weights.size() + 1) + " bytes of ");
    assertThat(run.err()).doesNotContain("Blob ");
    assertMended(store);
  }

  @Test
  void run_manifestNamesOddBytes_namesThemAndTheNextRunMendsIt() throws IOException {
    PoisonedStore store = copy();
    byte[] odd = "no weights".getBytes(UTF_8);
    store.replace(key("train-siamese"), PoisonedStore.WEIGHTS, odd);

    Cli.Result run = Cli.runOn(spec, store.folder());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.STORE);
    assertThat(run.err())
        .contains("Cannot read " + PoisonedStore.WEIGHTS + " of train-siamese")
        .contains("blob " + Digest.of(odd).abbreviated())
        .contains("; its record was put aside: run again to make it anew");
    Cli.Result second = Cli.runOn(spec, store.folder());
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertMended(store);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--keep-going"})
  void run_folderInPlaceOfAManifest_endsAsAFailureOfTheStore(String option) throws IOException {
    PoisonedStore store = copy();
    Path place = store.folder().resolve(key("train-siamese").nameIn("ac"));
    Files.delete(place);
    Files.createDirectory(place);

    Cli.Result run =
        option.isEmpty()
            ? Cli.runOn(spec, store.folder())
            : Cli.runOn(spec, store.folder(), option);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.STORE);
    assertThat(run.err()).contains("delete " + key("train-siamese").nameIn("ac") + " in ");
  }

  @Test
  void fsck_manifestOfAnotherAction_isToldApartByThePackAndMendedAsAdvised() throws IOException {
    PoisonedStore store = copy();
    List<ActionKey> trainings =
        lock.entries().entrySet().stream()
            .filter(entry -> entry.getKey().toString().startsWith("train-siamese"))
            .map(entry -> entry.getValue().key())
            .toList();
    ActionKey key = trainings.get(0);
    state(store, key, new TreeMap<>(store.read(trainings.get(1)).outputs()));

    Cli.Result fsck = Cli.run("fsck", "--store", store.folder());

    assertThat(fsck.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(fsck.out())
        .contains("Action " + key.abbreviated() + "… has other outputs in " + key.nameIn("ac"))
        .contains("delete " + key.nameIn("ac") + " and run");
    assertThat(Cli.run("verify", spec, "--store", store.folder()).exitCode())
        .isEqualTo(ExitCode.NOT_REPRODUCED);
    Files.delete(store.folder().resolve(key.nameIn("ac")));
    assertThat(Cli.runOn(spec, store.folder()).exitCode()).isZero();
    assertMended(store);
  }

  @Test
  void fsck_oddBytesOfRightDigest_namesBlobActionAndOutput() throws IOException {
    PoisonedStore store = copy();
    byte[] odd = "no table".getBytes(UTF_8);
    ActionKey key = key("data-gen");
    store.replace(key, "train.arrow", odd);

    Cli.Result fsck = Cli.run("fsck", "--store", store.folder());

    assertThat(fsck.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(fsck.out())
        .contains("Blob " + Digest.of(odd).abbreviated() + "… is not what action ")
        .contains(key.abbreviated() + "… says, its train.arrow: Cannot read Arrow file");
  }

  /** The files are sparse. */
  @Test
  void commands_oversizedObjects_arePassedOverAndToldByFsck() throws IOException {
    PoisonedStore store = copy();
    ActionKey key = key("evaluate");
    List<Path> oversized =
        List.of(
            store.folder().resolve(key.nameIn("ac")),
            store.folder().resolve("packs/20990101-000000-x"),
            store.folder().resolve("runs/20990101-000000-x.json"),
            store.folder().resolve("attempts/20990101-000000-x.json"),
            store.blob(new Digest(key("results").sha256(), 0)));
    for (Path file : oversized) {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      // More than even what tells of a whole run may have.
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.setLength(300L << 20);
      }
    }
    String results = store.read(key("train-siamese")).output(PoisonedStore.WEIGHTS).sha256();

    for (List<?> command :
        List.of(
            List.of("ls", spec),
            List.of("plan", spec, "--explain"),
            List.of("explain", spec, "evaluate"),
            List.of("log"),
            List.of("lineage", results),
            List.of("du"),
            List.of("gc"))) {
      Cli.Result result = Cli.runWith(command, "--store", store.folder());
      assertThat(result.exitCode()).as(command + ": " + result.err()).isNotEqualTo(1);
      assertThat(result.exitCode()).as(command + ": " + result.err()).isNotEqualTo(ExitCode.MEMORY);
      assertThat(result.err()).doesNotContain("The memory is used up");
    }
    Cli.Result fsck = Cli.run("fsck", "--store", store.folder());
    assertThat(fsck.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(fsck.out())
        .contains("packs/20990101-000000-x has 314572800 bytes")
        .contains("runs/20990101-000000-x.json has 314572800 bytes");
  }

  /** A second run, like the first but for a parameter that clears a terminal. */
  @Test
  void diff_controlCharactersOfAPreimage_reachNoTerminal() throws IOException {
    PoisonedStore store = copy();
    ActionKey key = key("data-gen");
    Path preimage = store.blob(new Digest(key.sha256(), 0));
    byte[] odd =
        Files.readString(preimage)
            .replaceFirst(
                "(?m)^(parameter\tdata.validation\t\\w+\t).*$", "$1\\\\u001b[2J\\\\u009bx")
            .getBytes(UTF_8);
    Files.createDirectories(store.blob(Digest.of(odd)).getParent());
    Files.write(store.blob(Digest.of(odd)), odd);
    Path runs = store.folder().resolve("runs");
    String run;
    try (Stream<Path> files = Files.list(runs)) {
      run = files.findFirst().orElseThrow().getFileName().toString().replace(".json", "");
    }
    String other = run.substring(0, run.length() - 1) + (run.endsWith("0") ? "1" : "0");
    Files.writeString(
        runs.resolve(other + ".json"),
        Files.readString(runs.resolve(run + ".json"))
            .replace(run, other)
            .replace(key.sha256(), Digest.of(odd).sha256()));

    Cli.Result diff = Cli.run("diff", run, other, "--store", store.folder());

    assertThat(diff.out()).contains("data.validation: RANDOM → ?[2J?x");
  }

  @Test
  void run_preimageMissing_isToldByFsckAndPutBack() throws IOException {
    PoisonedStore store = copy();
    ActionKey key = key("data-gen");
    Files.delete(store.folder().resolve(BlobStore.nameOf(new Digest(key.sha256(), 0))));

    Cli.Result fsck = Cli.run("fsck", "--store", store.folder());
    assertThat(fsck.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(fsck.out()).contains(key.abbreviated() + "… lacks what its key was made of");

    assertMended(store);
  }

  @Test
  void lineage_oddPreimage_isToldAndPassedOver() throws IOException {
    PoisonedStore store = copy();
    byte[] odd = "twintail-action 1\nstage\ts\tversion\t1\ninput\tin\tdigest\tx\n".getBytes(UTF_8);
    Path preimage = store.blob(Digest.of(odd));
    Files.createDirectories(preimage.getParent());
    Files.write(preimage, odd);
    Path manifest = store.folder().resolve(new ActionKey(Digest.of(odd).sha256()).nameIn("ac"));
    Files.createDirectories(manifest.getParent());
    Files.write(manifest, Manifest.of(new TreeMap<>()).bytes());
    String weights = store.read(key("train-siamese")).output(PoisonedStore.WEIGHTS).sha256();

    Cli.Result lineage = Cli.run("lineage", weights, "--store", store.folder());
    Cli.Result gc = Cli.run("gc", "--store", store.folder());

    assertThat(lineage.exitCode()).as(lineage.err()).isZero();
    assertThat(lineage.err()).contains("is not known: Cannot read preimage");
    assertThat(gc.exitCode()).as(gc.err()).isZero();
  }
}
