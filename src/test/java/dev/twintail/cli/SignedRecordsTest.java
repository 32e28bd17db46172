package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.LockFile;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SignedRecordsTest {
  private static final int ACTIONS = 18;

  /** Stores that hold one round of the tiny experiment; not to be changed. */
  @TempDir private static Path stores;

  private static Path signed;
  private static Path unsigned;
  private static Path spec;
  private static Path key;
  private static LockFile lock;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws IOException {
    signed = stores.resolve("signed");
    unsigned = stores.resolve("unsigned");
    key = stores.resolve("key");
    spec =
        TinyExperiment.write(
            stores, "tiny.yaml", TinyExperiment.edited("rounds: 2\n", "rounds: 1\n"));
    assertThat(Cli.run("keygen", key).exitCode()).isZero();
    assertThat(run(signed, "--sign", key, "--lock").exitCode()).isZero();
    assertThat(run(unsigned).exitCode()).isZero();
    lock = LockFile.read(stores.resolve("tiny.lock"));
  }

  private static Cli.Result run(Path store, Object... more) {
    return Cli.runOn(spec, store, more);
  }

  private static Cli.Result cli(String command, Path store, Object... more) {
    return Cli.runWith(List.of(command, spec, "--store", store), more);
  }

  private static Path pub(Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  private static int pending(Path store, Object... more) {
    Cli.Result plan = cli("plan", store, more);
    assertThat(plan.exitCode()).isZero();
    return Integer.parseInt(plan.out().replaceAll("(?s)^tiny, 1 round: (\\d+) of 18 .*", "$1"));
  }

  private PoisonedStore copy(Path store) throws IOException {
    return new PoisonedStore(StoreContents.copy(store, folder.resolve("store")));
  }

  private static ActionKey action(String stage, String model) {
    return lock.entries().get(ActionName.ofRound(stage, model, 1)).key();
  }

  private static Path signatures(Path store, ActionKey key) {
    return store.resolve("signatures").resolve(key.sha256().substring(0, 2)).resolve(key.sha256());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its files have no POSIX permissions")
  void keygen_file_isTheOwnersAloneAndNeverReplaced() throws IOException {
    byte[] before = Files.readAllBytes(key);

    Cli.Result again = Cli.run("keygen", key);

    assertThat(again.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(again.err()).contains("the file exists; choose another name");
    assertThat(Files.readAllBytes(key)).isEqualTo(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(key)).startsWith("-----BEGIN PRIVATE KEY-----\n");
    assertThat(Files.readString(pub(key))).startsWith("-----BEGIN PUBLIC KEY-----\n");
  }

  @Test
  void keygen_folderThatIsNotThere_saysSo() {
    Path lost = key.resolveSibling("no-folder").resolve("key");

    Cli.Result result = Cli.run("keygen", lost);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo(
            "twintail: Cannot make the key " + lost + ": its folder is not there; make it first\n");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its files have no POSIX permissions")
  void sign_keyThatOthersMayReadOrIsNone_isRefused() throws IOException {
    Path open = folder.resolve("open");
    Cli.run("keygen", open);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
    Path strange = folder.resolve("strange");
    Cli.run("keygen", strange);
    Files.copy(pub(key), pub(strange), StandardCopyOption.REPLACE_EXISTING);

    Cli.Result readable = run(unsigned, "--sign", open);
    Cli.Result mixed = run(unsigned, "--sign", strange);
    Cli.Result publicKey = cli("plan", unsigned, "--trust", key);
    Cli.Result none = cli("plan", unsigned, "--trust", folder.resolve("none.pub"));

    assertThat(readable.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(readable.err()).contains("others may use it; close it with: chmod 600");
    assertThat(mixed.err()).contains("is not its public key");
    assertThat(publicKey.err()).contains("-----BEGIN PUBLIC KEY-----; keygen makes one");
    assertThat(none.err()).contains("none.pub: No such file or folder");
  }

  @Test
  void trust_signedStore_isReusedByAllCommandsAndHoldsNoKey() throws IOException {
    String secret = Files.readAllLines(key).get(1);

    assertThat(pending(signed, "--trust", pub(key))).isZero();
    assertThat(pending(signed, "--trust", pub(key), "--verify")).isZero();
    for (String command : List.of("results", "ls")) {
      assertThat(cli(command, signed, "--trust", pub(key)).exitCode()).as(command).isZero();
    }
    try (Stream<Path> files = Files.walk(signed)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(secret);
      }
    }
  }

  @Test
  void trust_unsignedStore_countsAsEmptyAndIsSignedByARun() throws IOException {
    PoisonedStore store = copy(unsigned);
    Object[] trust = {"--trust", pub(key)};

    Cli.Result plan = cli("plan", store.folder(), trust);
    Cli.Result results = cli("results", store.folder(), trust);
    Cli.Result get = cli("get", store.folder(), "--trust", pub(key), "-o", folder.resolve("out"));
    Cli.Result claims = cli("claims", store.folder(), "--trust", pub(key), "--as-run", spec);
    Cli.Result verify = cli("verify", store.folder(), trust);
    Cli.Result run = run(store.folder(), "--trust", pub(key), "--sign", key);

    assertThat(plan.out()).startsWith("tiny, 1 round: 18 of 18 actions are pending");
    // What reads them is not even looked up.
    assertThat(plan.err()).containsOnlyOnce("not signed with a trusted key and counted as absent");
    assertThat(claims.err()).containsOnlyOnce("not signed with a trusted key");
    assertThat(results.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(get.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(verify.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains(ACTIONS + " actions executed, 0 reused");
    assertThat(pending(store.folder(), trust)).isZero();
    assertThat(StoreContents.results(store.folder())).isEqualTo(StoreContents.results(unsigned));
  }

  @Test
  void trust_manifestEdited_isNeverBelievedAndPutAside() throws IOException {
    PoisonedStore store = copy(signed);
    ActionKey training = action("train-siamese", "Logits");
    store.replace(training, PoisonedStore.WEIGHTS, store.flipped(training, "body.0.weight", 0));

    Cli.Result plan = cli("plan", store.folder(), "--trust", pub(key), "--verify");
    Cli.Result run = run(store.folder(), "--trust", pub(key), "--sign", key);

    assertThat(plan.out()).startsWith("tiny, 1 round: 3 of 18 actions are pending");
    assertThat(plan.err()).contains("1 recorded action is not signed with a trusted key");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("is signed by nobody trusted and names other bytes than came out");
    assertThat(store.read(training).outputs())
        .isEqualTo(lock.entries().get(ActionName.ofRound("train-siamese", "Logits", 1)).outputs());
    assertThat(pending(store.folder(), "--trust", pub(key))).isZero();
  }

  @Test
  void trust_oldCopyOfAManifestInAPack_isNotToldAsRefused() throws IOException {
    PoisonedStore store = copy(signed);
    ActionKey training = action("train-siamese", "Logits");
    String stale =
        "twintail-manifests 1\n"
            + training
            + "\n"
            + new String(
                store.read(action("train-siamese", "ArgMax")).bytes(), StandardCharsets.UTF_8);
    Files.writeString(store.folder().resolve("packs").resolve("9"), stale);

    Cli.Result plan = cli("plan", store.folder(), "--trust", pub(key));
    Cli.Result explain = cli("explain", unsigned, "data-gen", "--trust", pub(key));

    assertThat(plan.out()).startsWith("tiny, 1 round: 0 of 18 actions are pending");
    assertThat(plan.err()).isEmpty();
    assertThat(explain.out()).contains("data-gen/Pixels/1 ", ": pending\n");
    assertThat(explain.err()).containsOnlyOnce("not signed with a trusted key");
  }

  @Test
  void keygen_publicKeyCannotBeWritten_leavesNoPrivateKey() throws IOException {
    Path file = folder.resolve("k".repeat(253));

    Cli.Result keygen = Cli.run("keygen", file);
    Cli.Result directory = cli("plan", unsigned, "--trust", folder);

    assertThat(keygen.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(keygen.errLines()).singleElement().asString().contains(".pub: File name too long");
    assertThat(folder).isEmptyDirectory();
    assertThat(directory.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(directory.err()).contains("Cannot read the key " + folder + ": ");
  }

  @Test
  void trust_blobSwapped_isMadeAgain() throws IOException {
    PoisonedStore store = copy(signed);
    ActionKey training = action("train-siamese", "Logits");
    Files.write(
        store.blob(store.read(training).output(PoisonedStore.WEIGHTS)),
        store.flipped(training, "body.0.weight", 0));

    Cli.Result run = run(store.folder(), "--verify", "--trust", pub(key));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .contains("is damaged (its bytes hash to ", "1 action executed, 17 reused");
    assertThat(cli("results", store.folder(), "--trust", pub(key)).out())
        .isEqualTo(cli("results", signed).out());
  }

  @Test
  void trust_signatureOfAnotherKeyActionOrNone_doesNotCount() throws IOException {
    PoisonedStore store = copy(signed);
    Path other = folder.resolve("other");
    Cli.run("keygen", other);
    ActionKey logits = action("evaluate", "Logits");
    ActionKey softMax = action("evaluate", "SoftMax");
    Path mine = onlyFile(signatures(store.folder(), logits));
    Path theirs = onlyFile(signatures(store.folder(), softMax));

    assertThat(pending(store.folder(), "--trust", pub(other))).isEqualTo(ACTIONS);
    assertThat(pending(store.folder(), "--trust", pub(other), "--trust", pub(key))).isZero();
    Files.delete(mine);
    assertThat(pending(store.folder(), "--trust", pub(key))).isEqualTo(2);
    Files.copy(theirs, mine);
    assertThat(pending(store.folder(), "--trust", pub(key))).isEqualTo(2);
    Files.writeString(mine, "ed25519 ***\n", StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(pending(store.folder(), "--trust", pub(key))).isEqualTo(2);
    assertThat(run(store.folder(), "--trust", pub(key), "--sign", key).exitCode()).isZero();
    assertThat(pending(store.folder(), "--trust", pub(key))).isZero();
  }

  private static Path onlyFile(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @Test
  void trust_verificationsOfStrangers_doNotCount() throws IOException {
    PoisonedStore store = copy(signed);

    Cli.Result without = cli("results", store.folder(), "--trust", pub(key));
    assertThat(cli("verify", store.folder(), "--only", "Logits").exitCode()).isZero();
    Cli.Result strangers = cli("results", store.folder(), "--trust", pub(key));
    cli("verify", store.folder(), "--only", "Logits", "--sign", key);
    String ours = cli("results", store.folder(), "--trust", pub(key)).out();

    assertThat(without.exitCode()).isZero();
    assertThat(strangers).isEqualTo(without);
    assertThat(ours).containsPattern("Logits .* 1\n");
    assertThat(cli("results", store.folder()).out()).containsPattern("Logits .* 2\n");
  }

  @Test
  void verify_unsignedStore_signsWhatItReproduced() throws IOException {
    PoisonedStore store = copy(unsigned);

    Cli.Result verify = cli("verify", store.folder(), "--sign", key);

    assertThat(verify.exitCode()).isZero();
    assertThat(pending(store.folder(), "--trust", pub(key))).isZero();
  }

  @Test
  void signatures_pushedAndCollected_stayWithTheirActions() {
    Path other = folder.resolve("other-store");

    Cli.run("push", other, "--create", "--store", signed);
    Cli.Result gc = Cli.run("gc", "--store", other, "--grace", "0s", "--delete");

    assertThat(gc.exitCode()).isZero();
    assertThat(pending(other, "--trust", pub(key))).isZero();
  }
}
