package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.LockFile;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
  private static final int ACTIONS = 18;

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

  private static ActionKey key(String stage, String model) {
    return lock.entries().get(ActionName.ofRound(stage, model, 1)).key();
  }

  private PoisonedStore copy() throws IOException {
    return new PoisonedStore(StoreContents.copy(full, folder.resolve("store")));
  }

  private static Cli.Result verify(PoisonedStore store, Object... more) {
    return Cli.runWith(List.of("verify", spec, "--store", store.folder()), more);
  }

  private static String last(Cli.Result result) {
    return result.out().lines().reduce("", (a, b) -> b);
  }

  @Test
  void verify_wholeStore_reproducesAllAndResultsTellHowOften() throws IOException {
    PoisonedStore store = copy();
    var before = StoreContents.results(store.folder());

    Cli.Result first = verify(store, "--locked", "--workers", 1);
    Cli.Result results = Cli.run("results", spec, "--store", store.folder());
    Cli.Result second = verify(store, "--only", "Logits");
    Cli.Result json = Cli.run("results", spec, "--store", store.folder(), "--json");

    assertThat(first.exitCode()).as(first.out()).isZero();
    assertThat(last(first))
        .isEqualTo("18 of 18 actions verified: 18 reproduced, 0 differ, tiny.lock holds");
    assertThat(results.out())
        .containsPattern("verdict +verified\n")
        .containsPattern("Logits .* 1\n");
    assertThat(last(second)).isEqualTo("3 of 3 actions verified: 3 reproduced, 0 differ");
    assertThat(json.out())
        .containsPattern("(?s)\"Logits\".*?\"recomputations\" : 2,\\s+\"disputed\" : 0")
        .containsPattern("(?s)\"SoftMax\".*?\"verified\" : 3,\\s+\"recomputations\" : 1,");
    assertThat(StoreContents.results(store.folder())).isEqualTo(before);
  }

  @Test
  void verify_weightsReplacedConsistently_tellsTensorAndIndexAndKeepsWhatCameOut()
      throws IOException {
    PoisonedStore store = copy();
    ActionKey key = key("train-siamese", "Logits");
    Digest right = store.read(key).output(PoisonedStore.WEIGHTS);
    // [1, 0, 2, 1] of (4, 1, 3, 3).
    store.replace(key, PoisonedStore.WEIGHTS, store.flipped(key, "body.0.weight", 9 + 7));
    store.deletePacks(); // They tell a check of the store that something was replaced.
    var before = StoreContents.results(store.folder());
    assertThat(Cli.run("fsck", "--store", store.folder()).exitCode()).isZero();

    Cli.Result verify = verify(store);

    assertThat(verify.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(verify.out())
        .containsPattern(
            "train-siamese/Logits/1 differs: weights.safetensors: tensor body.0.weight \\[1, 0, 2,"
                + " 1\\]: \\S+ vs \\S+ \\(1 of 1,750 values differ, by \\S+ at most\\)");
    assertThat(last(verify))
        .isEqualTo("16 of 18 actions verified: 15 reproduced, 1 differ, 2 pending");
    Path kept = store.folder().resolve("disputed").resolve(key.sha256().substring(0, 2));
    assertThat(Digest.of(Files.readAllBytes(kept.resolve(key + "/" + right)))).isEqualTo(right);
    assertThat(StoreContents.results(store.folder())).isEqualTo(before);
  }

  @Test
  void verify_bitFlippedInPlace_tellsTensorAndIndexAndRunMendsIt() throws IOException {
    PoisonedStore store = copy();
    ActionKey key = key("train-siamese", "PreTrain");
    Digest digest = store.read(key).output(PoisonedStore.WEIGHTS);
    Files.write(store.blob(digest), store.flipped(key, "tail.0.bias", 5));

    Cli.Result verify = verify(store, "--stage", "train-siamese");

    assertThat(verify.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(verify.out())
        .contains(
            "train-siamese/PreTrain/1 damaged: weights.safetensors: tensor tail.0.bias [5]: ");
    assertThat(last(verify)).isEqualTo("7 of 7 actions verified: 6 reproduced, 1 differ");
    assertThat(verify.err()).contains("moved to quarantine/");
    assertThat(Cli.run("run", spec, "--store", store.folder()).exitCode()).isZero();
    assertThat(last(verify(store))).isEqualTo("18 of 18 actions verified: 18 reproduced, 0 differ");
  }

  @Test
  void verify_tableReplaced_tellsColumnAndRow() throws IOException {
    PoisonedStore store = copy();
    ActionKey logits = key("evaluate", "Logits");
    byte[] others =
        Files.readAllBytes(
            store.blob(store.read(key("evaluate", "SoftMax")).output("predictions.arrow")));
    store.replace(logits, "predictions.arrow", others);

    Cli.Result verify = verify(store, "--stage", "evaluate", "--only", "Logits");

    assertThat(verify.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(verify.out())
        .containsPattern(
            "evaluate/Logits/1 differs: predictions.arrow: column \\w+ row \\d+: \\S+ vs \\S+"
                + " \\(\\d+ of 400 values differ, by \\S+ at most\\)\n")
        .doesNotContain("evaluation.arrow: ");
  }

  @Test
  void verify_inputLost_isNotVerifiableAndNoMismatch() throws IOException {
    PoisonedStore store = copy();
    Files.delete(
        store.blob(store.read(key("train-siamese", "ArgMax")).output(PoisonedStore.WEIGHTS)));

    Cli.Result verify = verify(store, "--stage", "evaluate");

    assertThat(verify.exitCode()).isEqualTo(ExitCode.PENDING);
    assertThat(verify.out())
        .containsPattern(
            "evaluate/ArgMax/1 not-verifiable: input \\S+ \\([0-9a-f]{12}…\\) is missing");
    assertThat(last(verify))
        .isEqualTo("7 of 7 actions verified: 6 reproduced, 0 differ, 1 not verifiable");
  }

  @Test
  void verify_sample_isTheSameForASeedAndTouchesEveryStage() throws IOException {
    PoisonedStore store = copy();

    List<String> first = sampled(verify(store, "--sample", 6, "--workers", 1));
    List<String> again = sampled(verify(store, "--sample", 6, "--workers", 2));
    List<String> other = sampled(verify(store, "--sample", 6, "--seed", 4711, "--workers", 1));

    assertThat(first).hasSize(6).isEqualTo(again).isNotEqualTo(other);
    for (String stage :
        List.of(
            "data-gen", "pretrain-tail", "pretrain-body", "train-siamese", "evaluate", "results")) {
      assertThat(first)
          .anyMatch(line -> line.replace('/', ' ').concat(" ").startsWith(stage + " "));
    }
  }

  private static List<String> sampled(Cli.Result verify) {
    assertThat(last(verify)).startsWith("6 of " + ACTIONS + " actions verified: 6 reproduced");
    return verify.errLines().stream()
        .filter(line -> line.startsWith("["))
        .map(line -> line.replaceAll("^\\S+ | reproduced .*", ""))
        .sorted()
        .toList();
  }

  @Test
  void verify_lockSaysOtherwise_fails() throws IOException {
    Path moved = TinyExperiment.write(folder, "tiny.yaml", Files.readString(spec));
    String text = lock.text();
    int at = text.indexOf("  weights", text.indexOf("action train-siamese/Logits/1")) + 22;
    char digit = text.charAt(at) == '0' ? '1' : '0';
    Files.writeString(
        folder.resolve("tiny.lock"), text.substring(0, at) + digit + text.substring(at + 1));
    PoisonedStore store = copy();

    Cli.Result verify =
        Cli.run("verify", moved, "--store", store.folder(), "--locked", "--only", "Logits");

    assertThat(verify.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(verify.out()).contains("train-siamese/Logits/1: weights.safetensors: ");
    assertThat(last(verify))
        .isEqualTo("3 of 3 actions verified: 3 reproduced, 0 differ, tiny.lock does not hold");
  }

  @Test
  void verify_nothingThereOrPartOnly_isTold() throws IOException {
    PoisonedStore empty = new PoisonedStore(Cli.emptyStore(folder.resolve("empty")));
    PoisonedStore store = copy();

    Cli.Result none = verify(empty);
    Cli.Result more = verify(store, "--rounds", 2, "--stage", "data-gen");
    Cli.Result stage = verify(store, "--stage", "training");

    assertThat(none.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(more.exitCode()).isEqualTo(ExitCode.PENDING);
    assertThat(last(more)).isEqualTo("1 of 2 actions verified: 1 reproduced, 0 differ, 1 pending");
    assertThat(stage.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(stage.err()).contains("Cannot find the stage 'training': there are data-gen, ");
  }

  @Test
  void verifications_pushedAndCollected_staysWithItsActions() throws IOException {
    PoisonedStore store = copy();
    verify(store, "--stage", "data-gen");
    Path other = folder.resolve("other");

    Cli.Result push = Cli.run("push", other, "--create", "--store", store.folder());
    Cli.Result gc = Cli.run("gc", "--store", other, "--grace", "0s", "--delete");

    assertThat(push.exitCode()).isZero();
    assertThat(gc.out()).containsPattern("\nverifications/ +1 .* kept: 1 run needs or made it\n");
    assertThat(Cli.run("results", spec, "--store", other).out()).containsPattern("Logits .* 1/3\n");
  }
}
