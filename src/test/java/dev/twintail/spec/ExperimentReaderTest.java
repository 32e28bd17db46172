package dev.twintail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twintail.network.Head;
import dev.twintail.network.Layer;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.TrainingConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentReaderTest {
  @TempDir private Path folder;
  private String tiny;
  private Path spec;

  @BeforeEach
  void writeTiny() throws IOException {
    tiny = Fault.resource("tiny.yaml");
    spec = folder.resolve("spec.yaml");
    Files.writeString(spec, tiny);
    Files.writeString(folder.resolve("digits.yaml"), Fault.resource("digits.yaml"));
  }

  static Stream<Fault> faults() throws IOException {
    return Fault.of("bad-specs.txt");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void read_badSpec_saysWhatIsWrongAndWhere(Fault fault) throws IOException {
    fault.write(tiny, spec);

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOf(SpecException.class)
        .hasMessage(fault.message(spec));
    if (fault.seenBySchema()) {
      assertThat(Schema.ofExperiments().validate(spec)).isNotEmpty();
    }
  }

  @Test
  void read_goodSpec_decodesEveryField() {
    Experiment experiment = ExperimentReader.read(spec);

    Optimizer adam = new Optimizer.Adam(1.0e-3, 0.9, 0.999, 1.0e-8);
    TrainingConfig training = TrainingConfig.plain(3, 10, true, false, adam);
    assertThat(experiment.name()).isEqualTo("tiny");
    assertThat(experiment.title()).isEqualTo("A tiny experiment");
    assertThat(experiment.source()).isEqualTo("none");
    assertThat(experiment.seed()).isEqualTo(7);
    assertThat(experiment.rounds()).isEqualTo(2);
    assertThat(experiment.data())
        .isEqualTo(
            new DataSpec(
                DigitsFiles.read(folder.resolve("digits.yaml")),
                2,
                100,
                50,
                20,
                DataSpec.Validation.RANDOM));
    assertThat(experiment.models()).extracting(ModelSpec::name).containsExactly("Digits", "Tail");
    ModelSpec tail = experiment.models().get(1);
    assertThat(tail.bodyName()).isEqualTo("lenet");
    assertThat(tail.network().body().text())
        .isEqualTo("[conv 1 -> 2 3x3, max-pool 2, relu, flatten, linear 72 -> 10]");
    assertThat(tail.network().head()).isEqualTo(Head.ARGMAX);
    assertThat(tail.tailName()).contains("linear");
    assertThat(tail.network().tail().text()).isEqualTo("[linear 20 -> 8, relu, linear 8 -> 2]");
    assertThat(tail.loss()).isEqualTo(Loss.sum(1.0, 0.5));
    assertThat(tail.training()).isEqualTo(TrainingConfig.plain(4, 10, true, false, adam));
    assertThat(tail.pretrainTail())
        .contains(new PretrainTailSpec(true, TrainingConfig.plain(2, 10, true, false, adam)));
    assertThat(tail.pretrainBody())
        .contains(new PretrainBodySpec(TrainingConfig.plain(1, 10, true, false, adam)));
    assertThat(tail.published()).contains(claim(97.45, 0.53, 10, "Table 1"));
    ModelSpec digits = experiment.models().get(0);
    assertThat(digits.tailName()).isEmpty();
    assertThat(digits.network().tail().layers()).isEmpty();
    assertThat(digits.training()).isEqualTo(training);
  }

  @Test
  void read_otherCommentsOrderAndStyle_givesEqualExperiment() throws IOException {
    Experiment experiment = ExperimentReader.read(spec);
    String head = tiny.substring(0, tiny.indexOf("training:"));
    String training = tiny.substring(tiny.indexOf("training:"), tiny.indexOf("bodies:"));
    String rest = tiny.substring(tiny.indexOf("bodies:"));
    String other =
        "# another order\n"
            + rest.replace("    head: argmax\n", "")
                .replace("    tail: linear\n", "    tail: linear # x\n    head: 'argmax'\n")
            + training
                .replace("  batch: 10\n", "")
                .replace("  epochs: 3", "  batch: 0xA\n\n  epochs: 3")
            + head;
    Path moved = Files.createDirectory(folder.resolve("elsewhere")).resolve("other.yaml");
    Files.writeString(moved, other.replace("digits.yaml", "../digits.yaml"));

    assertThat(ExperimentReader.read(moved)).isEqualTo(experiment);
  }

  @Test
  void read_alias_standsForItsAnchor() throws IOException {
    Files.writeString(
        spec,
        tiny.replace("loss: {target: 1.0, digit: 0.5}", "loss: *loss")
            .replace("loss: {digit: 1.0}", "loss: &loss {digit: 1.0}"));

    assertThat(ExperimentReader.read(spec).models().get(1).loss()).isEqualTo(Loss.sum(0, 1.0));
  }

  @Test
  void read_tied_keepsItsPlace() throws IOException {
    Files.writeString(
        spec,
        tiny.replace(
            "    - relu\n    - linear 8", "    - tied 3: [linear 8 -> 8, relu]\n    - linear 8"));

    assertThat(ExperimentReader.read(spec).models().get(1).network().tail().layers().get(1))
        .isEqualTo(new Layer.Tied(3, List.of(new Layer.Linear(8, 8), new Layer.Relu())));
  }

  @Test
  void read_extending_mergesAndReplacesInPlace() throws IOException {
    Path own = folder.resolve("own.yaml");
    Files.writeString(
        own,
        """
        extends: spec.yaml
        name: own
        rounds: 5
        training: {batch: 7, adam: {beta1: 0.5}}
        tails:
          deep: [linear 20 -> 4, relu, linear 4 -> 2]
        models:
          New: {body: lenet, head: softmax, tail: deep, loss: {target: 1.0}}
          Digits: {body: lenet, head: arithmetic, loss: {digit: 0.5}}
        """);

    Experiment base = ExperimentReader.read(spec);
    Experiment experiment = ExperimentReader.read(own);

    assertThat(experiment.name()).isEqualTo("own");
    assertThat(experiment.title()).isEqualTo(base.title());
    assertThat(experiment.rounds()).isEqualTo(5);
    assertThat(experiment.data()).isEqualTo(base.data());
    assertThat(experiment.models().get(0).training())
        .isEqualTo(
            TrainingConfig.plain(
                3, 7, true, false, new Optimizer.Adam(1.0e-3, 0.5, 0.999, 1.0e-8)));
    assertThat(experiment.models().get(1).network().body())
        .isEqualTo(base.models().get(1).network().body());
    assertThat(experiment.models().get(2).tailName()).contains("deep");
    assertThat(experiment.models())
        .extracting(ModelSpec::name)
        .containsExactly("Digits", "Tail", "New");
    assertThat(experiment.models().get(0).loss().digit()).isEqualTo(0.5);
    assertThat(experiment.models().get(1).training().batch()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"adam, sgd", "sgd, adam"})
  void read_extendingWithTheOtherOptimizer_replacesTheInheritedOne(String base, String other)
      throws IOException {
    Map<String, Optimizer> optimizers =
        Map.of(
            "adam", new Optimizer.Adam(0.5, 0.9, 0.99, 1.0e-8),
            "sgd", new Optimizer.Sgd(0.5, 0));
    Map<String, String> words =
        Map.of(
            "adam", "adam: {learning-rate: 0.5, beta1: 0.9, beta2: 0.99, epsilon: 1.0e-8}",
            "sgd", "sgd: {learning-rate: 0.5}");
    Path middle = folder.resolve("middle.yaml");
    Path own = folder.resolve("own.yaml");
    Files.writeString(
        middle,
        "extends: spec.yaml\nname: middle\ntraining: {%s}\nmodels: {Tail: {training: {%s}}}\n"
            .formatted(words.get(base), words.get(base)));
    Files.writeString(
        own,
        "extends: middle.yaml\nname: own\ntraining: {%s}\nmodels: {Tail: {training: {%s}}}\n"
            .formatted(words.get(other), words.get(other)));

    assertThat(ExperimentReader.read(middle).models())
        .extracting(m -> m.training().optimizer())
        .containsOnly(optimizers.get(base));
    Experiment experiment = ExperimentReader.read(own);
    assertThat(experiment.models())
        .extracting(m -> m.training().optimizer())
        .containsOnly(optimizers.get(other));
    assertThat(experiment.models()).extracting(m -> m.training().epochs()).containsExactly(3, 4);
  }

  @Test
  void read_sizesOfSettings_areThoseTheirOperatorsMake() throws IOException {
    Files.writeString(
        spec,
        tiny.replace("    - relu\n    - linear 8", "    - dropout $p*2\n    - linear $k-1")
            .replace("linear 20 -> 8", "linear 20 -> $k-1")
            .replace("    tail: linear", "    tail: linear\n    with: {p: 0.25, k: 9}"));

    assertThat(ExperimentReader.read(spec).models().get(1).network().tail().text())
        .isEqualTo("[linear 20 -> 8, dropout 0.5, linear 8 -> 2]");
  }

  @Test
  @Timeout(60)
  void read_manyTimesNothing_isNothing() throws IOException {
    Files.writeString(
        spec,
        tiny.replace(
                "    - relu\n    - linear 8",
                "    - repeat 999: [repeat 999: [repeat 999: [repeat 999: [repeat $n: [relu]]]]]\n"
                    + "    - linear 8")
            .replace("    tail: linear", "    tail: linear\n    with: {n: 0}"));

    assertThat(ExperimentReader.read(spec).models().get(1).network().tail().text())
        .isEqualTo("[linear 20 -> 8, linear 8 -> 2]");
  }

  @Test
  void read_extendingWithAMisspeltName_asksForTheInheritedOne() throws IOException {
    Path own = folder.resolve("own.yaml");
    Files.writeString(
        own, "extends: spec.yaml\nname: own\nmodels:\n  Digist: {loss: {digit: 0.5}}\n");

    assertThatThrownBy(() -> ExperimentReader.read(own))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(
            own
                + ":4: missing field 'body' in models.Digist; did you mean 'Digits', which is"
                + " inherited?");

    Files.writeString(
        own, "extends: spec.yaml\nname: own\nmodels:\n  Another: {loss: {digit: 0.5}}\n");
    assertThatThrownBy(() -> ExperimentReader.read(own))
        .hasMessageContaining(":4: missing field 'body' in models.Another")
        .hasMessageNotContaining("did you mean");
  }

  @Test
  void read_chosenModelWithFieldsOfItsOwn_hasThemUnderWhatWon() throws IOException {
    Files.writeString(
        spec,
        tiny.replace(
            "models:\n",
            """
            sweeps:
              s: {model: Tail, steps: [{loss.digit: [0.5, 0.9], training.epochs: [7, 8]}]}
            models:
              Best: {chosen-by: s, loss: {target: 2.0}, training: {batch: 5}}
            """));

    Experiment experiment = ExperimentReader.read(spec);

    SweepSpec sweep = experiment.sweeps().get(0);
    ModelSpec best =
        ((ChosenModel) experiment.rows().get(0)).variation().of(sweep.settings(List.of(3)));
    assertThat(best.loss()).isEqualTo(Loss.sum(2.0, 0.9));
    assertThat(best.training().batch()).isEqualTo(5);
    assertThat(best.training().epochs()).isEqualTo(8);
  }

  @Test
  void read_onlyTheDigitHeadLearns_isEnough() throws IOException {
    Path own = folder.resolve("own.yaml");
    Files.writeString(
        own,
        """
        extends: spec.yaml
        name: own
        bodies: {brightest: [max-pool 14, flatten]}
        digit-heads: {ten: [linear -> 10]}
        tails: {nothing: []}
        models:
          Reader:
            body: brightest
            digit-head: {layers: ten}
            head: logits
            tail: nothing
            loss: {digit: 1.0}
        """);

    assertThat(ExperimentReader.read(own).models().get(2).network().parameters()).isEqualTo(20);
  }

  @Test
  void read_digitsFileInPlaceOfAnExperiment_isRecognised() {
    Path digits = folder.resolve("digits.yaml");

    SpecException thrown =
        catchThrowableOfType(SpecException.class, () -> ExperimentReader.read(digits));

    assertThat(thrown.getMessage().lines())
        .singleElement()
        .asString()
        .startsWith(digits + ":")
        .endsWith(
            ": files: this file pins digits and is no experiment; experiments name it as"
                + " data.digits");
  }

  /** YAML 1.1 would read 15, YAML 1.2 17. */
  @ParameterizedTest
  @ValueSource(strings = {"017", "-07", "00"})
  void read_leadingZeros_areRefused(String number) throws IOException {
    Files.writeString(spec, tiny.replace("epochs: 3", "epochs: " + number));

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("training.epochs: ")
        .hasMessageContaining("'" + number + "'");
  }

  /** A spec takes them all, and so does what varies one. */
  @ParameterizedTest
  @CsvSource({"True, true", "TRUE, true", "False, false", "FALSE, false"})
  void read_sweepOfAFlag_takesEverySpelling(String flag, String value) throws IOException {
    Files.writeString(
        spec,
        tiny
            + "sweeps:\n  order:\n    model: Digits\n    rounds: 1\n    steps:\n"
            + "      - {training.shuffle: [%s]}\n".formatted(flag));

    SweepSpec sweep = ExperimentReader.read(spec).sweeps().get(0);

    assertThat(sweep.variation().of(sweep.steps().get(0).get(0).settings()).training().shuffle())
        .isEqualTo(Boolean.parseBoolean(value));
  }

  /** 784 grey values an image: 6,532 bytes a pair. */
  @Test
  void read_pairsBeyondTwoGibibytes_areRefused() throws IOException {
    Path digits = folder.resolve("digits.yaml");
    String two = Files.readString(digits).replace("bytes: 784016", "bytes: 1568000016");
    Files.writeString(digits, two.replace("bytes: 1008", "bytes: 2000008"));
    Files.writeString(
        spec,
        tiny.replace("pool: 2", "pool: 1").replace("train-pairs: 100", "train-pairs: 400000"));

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(
            spec
                + ":9: data.train-pairs: 400000 pairs of such images need more than 2 GiB;"
                + " take 328763, or a larger pool");
  }

  @Test
  void read_modelsThatDifferInCaseAlone_areRefused() throws IOException {
    Files.writeString(spec, tiny.replace("\n  Tail:", "\n  DIGITS:"));

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("models: 'DIGITS' and 'Digits' differ in case alone; rename one");
  }

  @Test
  void read_faultInBase_namesTheBase() throws IOException {
    Files.writeString(spec, tiny.replace("epochs: 3", "epochs: 0"));
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, "extends: spec.yaml\nname: own\nrounds: none\n");

    assertMessage(
        own,
        own + ":3: rounds: expected a whole number, found 'none'",
        spec
            + ":13: training.epochs: expected a whole number from 1 to 100000, found '0' (read by "
            + own
            + ":1)");
  }

  @Test
  void read_extendingAgainstTheBase_isToldAtItsOwnLine() throws IOException {
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, "extends: spec.yaml\nname: own\ndata: {train-pairs: 10}\n");

    assertMessage(
        own,
        own
            + ":3: data.validation-pairs: 20 of 10 training pairs leave none to learn from (with "
            + spec
            + ":11)");

    Files.writeString(own, "extends: spec.yaml\nname: own\nmodels:\n  Tail: {body: pixels}\n");
    assertThatThrownBy(() -> ExperimentReader.read(own))
        .hasMessageStartingWith(own + ":4: ")
        .hasMessageContaining("(with " + spec + ":");
  }

  @Test
  void read_extendingWithoutOwnName_isRefused() throws IOException {
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, "extends: spec.yaml\n");
    assertMessage(
        own, own + ":1: missing field 'name'; results go by it, so it is never inherited");

    Files.writeString(own, "extends: spec.yaml\nname: tiny\n");
    assertMessage(own, own + ":2: name: 'tiny' is already that of " + spec + ":1");
  }

  @Test
  void read_extendingInACircle_isRefused() throws IOException {
    Path a = folder.resolve("a.yaml");
    Path b = folder.resolve("b.yaml");
    Files.writeString(a, "name: a\nextends: b.yaml\n");
    Files.writeString(b, "name: b\n\nextends: ./a.yaml\n");

    assertMessage(
        a,
        b
            + ":3: extends: "
            + folder.resolve("./a.yaml")
            + " extends itself, directly or by others (read by "
            + a
            + ":2)");
  }

  @Test
  void read_baseWithoutItsEnding_isFoundForAHint() throws IOException {
    Files.writeString(folder.resolve("spec-a.yaml"), tiny);
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, "name: own\nextends: spec\n");

    assertThatThrownBy(() -> ExperimentReader.read(own))
        .hasMessageEndingWith("; did you mean 'spec.yaml'?");
  }

  @Test
  void read_missingBase_isToldWhereItIsNamed() throws IOException {
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, "name: own\nextends: nowhere.yaml\n");
    assertMessage(
        own,
        own + ":2: cannot read " + folder.resolve("nowhere.yaml") + ": No such file or folder");

    Files.writeString(own, "name: own\nextends: [spec.yaml]\n");
    assertMessage(
        own,
        own + ":2: extends: expected the name of a spec beside this one, such as 'vieli2021.yaml'");
  }

  @Test
  void read_noFile_isTold() {
    Path nowhere = folder.resolve("nowhere.yaml");

    assertMessage(nowhere, nowhere + ": cannot read the file: No such file or folder");
  }

  @Test
  void read_directory_isTold() {
    assertMessage(folder, folder + ": is a directory; name a .yaml file");
  }

  @Test
  void read_emptyOrNoMapping_isTold() throws IOException {
    Files.writeString(spec, "");
    assertMessage(spec, spec + ":1: the file is empty");
    Files.writeString(spec, "# nothing\n---\n");
    assertMessage(spec, spec + ":1: the file is empty");
    Files.writeString(spec, "\n- a\n");
    assertMessage(spec, spec + ":2: expected fields such as 'name: …', found a list");
  }

  @Test
  void read_binary_isTold() throws IOException {
    Files.write(spec, new byte[] {'a', '\n', (byte) 0xC3, (byte) 0x28});
    assertMessage(spec, spec + ":2: not UTF-8 text");
    Files.writeString(spec, "name: a\n\u0000");
    assertMessage(spec, spec + ":2: not YAML: the character U+0000 is not allowed");
  }

  @Test
  void read_byteOrderMark_isSkipped() throws IOException {
    Experiment experiment = ExperimentReader.read(spec);
    Files.writeString(spec, "\uFEFF" + tiny);

    assertThat(ExperimentReader.read(spec)).isEqualTo(experiment);
  }

  @Test
  void read_hugeFile_isRefused() throws IOException {
    Files.write(spec, "#".repeat((1 << 20) + 1).getBytes(StandardCharsets.UTF_8));

    assertMessage(spec, spec + ": larger than 1048576 bytes; this is hardly a spec");
  }

  @Test
  void read_deepNesting_isRefused() throws IOException {
    Files.writeString(spec, "name: a\nbodies: " + "[".repeat(500_000));

    assertMessage(spec, spec + ":2: nested deeper than 64 levels");
  }

  @Test
  void read_multiplyingAliases_areRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 6; i++) {
      String alias = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n"
              .formatted(
                  i,
                  i,
                  String.join(
                      ", ", List.of(alias, alias, alias, alias, alias, alias, alias, alias))));
    }
    Files.writeString(spec, bomb);

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("more than 50000 values; do aliases multiply?");
  }

  @Test
  void read_manyFaults_showsTenAndCountsTheRest() throws IOException {
    Files.writeString(spec, tiny + extras(15));

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOfSatisfying(
            SpecException.class,
            e -> {
              assertThat(e.problems()).hasSize(15);
              assertThat(e.getMessage().lines()).hasSize(11).last().isEqualTo("… and 5 more");
            });
  }

  private static String extras(int count) {
    StringBuilder extras = new StringBuilder();
    for (int i = 0; i < count; i++) {
      extras.append("quux").append(i).append(": 1\n");
    }
    return extras.toString();
  }

  private static void assertMessage(Path file, String... lines) {
    assertThatThrownBy(() -> ExperimentReader.read(file))
        .isInstanceOf(SpecException.class)
        .hasMessage(String.join("\n", lines));
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere.yaml, cannot read DIR/nowhere.yaml: No such file or folder",
    "all.yaml, include: all.yaml includes others itself; include those",
    "'spec.yaml, spec.yaml', include: 'spec.yaml' is there twice",
    "'spec.yaml, far.yaml', 'include: ''far.yaml'' has another seed or other data than tiny, so"
        + " that their models would not meet on the same pairs'",
  })
  void read_badInclude_saysWhatIsWrongAndWhere(String included, String message) throws IOException {
    Files.writeString(folder.resolve("far.yaml"), "extends: spec.yaml\nname: far\nseed: 8\n");
    Path all = folder.resolve("all.yaml");
    Files.writeString(
        all, "name: all\ntitle: All\nsource: none\nrounds: 2\ninclude: [" + included + "]\n");

    assertThatThrownBy(() -> ExperimentReader.read(all))
        .isInstanceOf(SpecException.class)
        .hasMessage(all + ":5: " + message.replace("DIR", folder.toString()));
  }

  /** Returns a claim about the test pairs, of rounds that share nothing. */
  private static Published claim(double accuracy, double std, int rounds, String where) {
    return new Published(
        Published.Split.TEST,
        accuracy,
        Optional.of(std),
        ProtocolSpec.Deviation.SAMPLE,
        rounds,
        ProtocolSpec.SharedAcrossRounds.NOTHING,
        where,
        Published.ClaimStanding.COMMON,
        Optional.empty());
  }
}
