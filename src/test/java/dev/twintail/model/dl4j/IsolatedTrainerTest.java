package dev.twintail.model.dl4j;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.model.Examples;
import dev.twintail.model.ModelZoo;
import dev.twintail.model.Trainer;
import dev.twintail.model.Vocabulary;
import dev.twintail.model.Weights;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IsolatedTrainerTest {
  private static final Trainer HERE = new Dl4jTrainer();
  private static final Examples PAIRS = ModelZoo.images(16, seed("pairs"));

  private final List<String> notes = new ArrayList<>();
  @TempDir private Path crashes;

  @Test
  void train_inAnotherJvm_givesTheBitsOfThisOne() {
    Trainer trainer = trainer(ChildMain.class);
    Trainer.Task task = task(2);
    Trainer.Trained expected = HERE.train(task);
    Trainer.Trained trained = trainer.train(task);
    assertThat(sameBits(trained.weights(), expected.weights())).isTrue();
    assertThat(trained.curves()).isEqualTo(expected.curves());
    Trainer.Predictions predictions = trainer.predict(task.network(), trained.weights(), PAIRS);
    Trainer.Predictions here = HERE.predict(task.network(), trained.weights(), PAIRS);
    assertThat(predictions.targets()).isEqualTo(here.targets());
    assertThat(predictions.digits()).isEqualTo(here.digits());
    assertThat(predictions.probabilities()).isEqualTo(here.probabilities());
    assertThat(notes)
        .containsExactly(
            "Deeplearning4j trains in JVMs of its own, each of at most 2 GB, of which 512 MB are"
                + " Java's");
  }

  @Test
  @Tag("slow")
  void train_jvmCrashesOnce_isTriedAgainAndTold() {
    Trainer.Task task = task(FrailChild.ONCE);
    Trainer.Trained trained = trainer(FrailChild.class).train(task);
    assertThat(sameBits(trained.weights(), HERE.train(task).weights())).isTrue();
    assertThat(notes).hasSize(2);
    assertThat(notes.get(1))
        .startsWith("Deeplearning4j's JVM crashed; its action is tried once more (exit code ");
    assertThat(errorFiles()).hasSize(1).allMatch(file -> notes.get(1).contains(file.toString()));
  }

  @Test
  @Tag("slow")
  void train_jvmCrashesTwice_failsAlone() throws Exception {
    Trainer trainer = trainer(FrailChild.class);
    FutureTask<Trainer.Trained> beside = new FutureTask<>(() -> trainer.train(task(3)));
    new Thread(beside, "beside").start();
    assertThatThrownBy(() -> trainer.train(task(FrailChild.ALWAYS)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Deeplearning4j's JVM crashed twice at this action: exit code ")
        .satisfies(
            e -> assertThat(errorFiles()).anyMatch(f -> e.getMessage().endsWith(f.toString())));
    assertThat(errorFiles()).hasSize(2);
    Weights expected = HERE.train(task(3)).weights();
    assertThat(sameBits(beside.get().weights(), expected)).isTrue();
    assertThat(sameBits(trainer.train(task(3)).weights(), expected)).isTrue();
  }

  @Test
  void train_interrupted_endsItsJvm() throws Exception {
    Trainer trainer = trainer(ChildMain.class);
    trainer.train(task(1));
    // Of all JVMs that this one started, the youngest.
    ProcessHandle jvm =
        ProcessHandle.current()
            .children()
            .max(Comparator.comparing(p -> p.info().startInstant().orElse(Instant.EPOCH)))
            .orElseThrow();
    FutureTask<Trainer.Trained> endless = new FutureTask<>(() -> trainer.train(task(100_000)));
    Thread thread = new Thread(endless, "endless");
    thread.start();
    thread.interrupt();
    assertThatThrownBy(() -> endless.get(1, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CancellationException.class);
    jvm.onExit().get(1, TimeUnit.MINUTES);
    assertThat(jvm.isAlive()).isFalse();
  }

  @Test
  void train_jvmWithoutMemory_saysHowToLetItHaveMore() {
    assertThatThrownBy(() -> trainer(FrailChild.class).train(task(FrailChild.STARVE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Deeplearning4j's JVM ran out of memory (Java heap space); let it have more:"
                + " TWINTAIL_DL4J_JAVA_OPTS='-Xmx1g"
                + " -Dtwintail.dl4j.memory=4096'");
  }

  @Test
  void train_jvmTakesMoreThanItMay_isEndedAndNotTriedAgain() {
    assertThatThrownBy(() -> trainer(FrailChild.class).train(task(FrailChild.GLUT)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "Deeplearning4j's JVM ran out of memory \\(\\d+ MiB, more than 64\\); let it have more:"
                + " TWINTAIL_DL4J_JAVA_OPTS='-Xmx1g -Dtwintail.dl4j.memory=4096'");
    assertThat(notes).hasSize(1);
  }

  @Test
  void train_limitOfMemoryThatIsNone_isRefused() {
    assertThatThrownBy(() -> trainer(FrailChild.class).train(task(FrailChild.MISTOLD)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot hold Deeplearning4j's JVM to 4g: give -Dtwintail.dl4j.memory in"
                + " TWINTAIL_DL4J_JAVA_OPTS in MiB, such as 4096");
  }

  @Test
  void train_whatContradictsItself_isRefusedAsHere() {
    Trainer.Task task = task(1);
    Trainer.Task odd =
        new Trainer.Task(
            task.network(),
            Loss.sum(1, 1),
            task.training(),
            task.initial(),
            task.frozen(),
            ModelZoo.oneHots(3, seed("x")),
            task.validation(),
            task.seeds());
    assertThatThrownBy(() -> trainer(ChildMain.class).train(odd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10 values");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void wire_everyWord_comesOutAsItWentIn(Vocabulary word) throws IOException {
    Record parts = new Parts(word.network(), word.loss(), word.training());
    byte[] bytes = written(parts);
    Object read = Wire.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    assertThat(read).isEqualTo(parts);
    assertThat(written((Record) read)).isEqualTo(bytes);
  }

  static List<Vocabulary> words() {
    return Vocabulary.all();
  }

  private record Parts(Object network, Object loss, Object training) {}

  @Test
  void wire_whatIsNoneOfOurs_isRefused() throws IOException {
    byte[] bytes = written(new Parts("a", "b", "c"));
    String odd = new String(bytes, StandardCharsets.ISO_8859_1);
    byte[] foreign =
        odd.replace("dev.twintail.", "dev.twinpeak.").getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Wire.read(new DataInputStream(new ByteArrayInputStream(foreign))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is none of ours");
    assertThatThrownBy(() -> written(new Parts(1, new Object(), 2)))
        .hasMessageStartingWith("Cannot send what is not of the wire");
  }

  private static byte[] written(Record value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Wire.write(value, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private Trainer trainer(Class<?> main) {
    return new IsolatedTrainer(main.getName(), crashes, notes::add);
  }

  private List<Path> errorFiles() {
    try (var files = Files.list(crashes)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Trainer.Task task(int epochs) {
    Seed own = seed("own " + System.nanoTime());
    return new Trainer.Task(
        ModelZoo.CONV_AUX.network(),
        ModelZoo.CONV_AUX.loss(),
        TrainingConfig.plain(epochs, 8, true, false, new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8)),
        Weights.NONE,
        Set.of(),
        PAIRS,
        PAIRS,
        new Trainer.Seeds(
            seed("initialisation"), seed("shuffle"), own, seed("dropout"), seed("augmentation")));
  }

  private static Seed seed(String stream) {
    return Seed.derive(1, "test", stream, 1);
  }
}
