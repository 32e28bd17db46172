package dev.twintail.model.dl4j;

import static dev.twintail.model.SameBits.sameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.Examples;
import dev.twintail.model.ModelZoo;
import dev.twintail.model.Trainer;
import dev.twintail.model.Vocabulary;
import dev.twintail.model.Weights;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Draws;
import dev.twintail.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many trainings of every kind, side by side: none crashes, bits stay, and memory does not grow.
 */
class SoakTest {
  private static final int TRAININGS = 300;

  /** By how much a JVM may grow, in MiB, after it has seen every kind. */
  private static final int GROWTH = 200;

  @TempDir private Path crashes;

  @ParameterizedTest(name = "{0} at once")
  @ValueSource(ints = {2, 4})
  @Tag("slow")
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere nothing tells a process's memory")
  void train_threeHundredSideBySide_keepsBitsAndMemory(int threads) throws Exception {
    List<Trainer.Task> tasks = tasks();
    List<Trainer.Trained> alone = new ArrayList<>();
    List<String> notes = Collections.synchronizedList(new ArrayList<>());
    Trainer trainer = new IsolatedTrainer(crashes, notes::add);
    Set<ProcessHandle> others = jvms();
    tasks.forEach(task -> alone.add(trainer.train(task)));
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Long> memory = new ArrayList<>();
    try {
      for (int done = 0; done < TRAININGS; done += tasks.size()) {
        List<Future<Trainer.Trained>> together = new ArrayList<>();
        for (Trainer.Task task : tasks) {
          together.add(pool.submit(() -> trainer.train(task)));
        }
        for (int i = 0; i < tasks.size(); i++) {
          Trainer.Trained trained = together.get(i).get();
          assertThat(sameBits(trained.weights(), alone.get(i).weights())).isTrue();
          assertThat(trained.curves()).isEqualTo(alone.get(i).curves());
        }
        Set<ProcessHandle> own = jvms();
        own.removeAll(others);
        assertThat(own).hasSizeLessThanOrEqualTo(threads);
        memory.add(largest(own));
      }
    } finally {
      pool.shutdownNow();
    }
    System.out.println(threads + " at once: MiB of the largest JVM after each round: " + memory);
    assertThat(notes).hasSize(1); // That of the memory.
    assertThat(memory).allMatch(mebibytes -> mebibytes < Child.MEMORY);
    assertThat(memory.get(memory.size() - 1)).isLessThan(memory.get(0) + GROWTH);
  }

  private static Set<ProcessHandle> jvms() {
    Set<ProcessHandle> jvms = new HashSet<>();
    ProcessHandle.current()
        .children()
        .filter(p -> p.info().commandLine().orElse("").contains(ChildMain.class.getName()))
        .forEach(jvms::add);
    return jvms;
  }

  private static long largest(Set<ProcessHandle> jvms) throws IOException {
    long largest = 0;
    for (ProcessHandle jvm : jvms) {
      for (String line : Files.readAllLines(Path.of("/proc/" + jvm.pid() + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          largest = Math.max(largest, Long.parseLong(line.replaceAll("\\D", "")) / 1024);
        }
      }
    }
    return largest;
  }

  private static List<Trainer.Task> tasks() {
    List<Trainer.Task> tasks = new ArrayList<>();
    for (Vocabulary word : Vocabulary.all()) {
      tasks.add(task(word.network(), word.loss(), word.training(), pairs(word.network())));
    }
    TrainingConfig training =
        TrainingConfig.plain(1, 32, true, false, new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8));
    for (ModelZoo model : ModelZoo.values()) {
      Examples pairs = ModelZoo.images(96, seed("pairs"));
      tasks.add(task(model.network(), model.loss(), training, pairs));
    }
    return tasks;
  }

  private static Trainer.Task task(
      SiameseNetwork network, Loss loss, TrainingConfig training, Examples pairs) {
    return new Trainer.Task(
        network,
        loss,
        training,
        Weights.NONE,
        Set.of(),
        pairs,
        pairs,
        new Trainer.Seeds(
            seed("initialisation"),
            seed("shuffle"),
            seed("coin"),
            seed("dropout"),
            seed("augmentation")));
  }

  private static Examples pairs(SiameseNetwork network) {
    Draws draws = new Draws(seed("images"));
    int features = network.input().size();
    float[] images = new float[20 * features];
    for (int i = 0; i < images.length; i++) {
      images[i] = draws.symmetric(2);
    }
    int[] digits = new int[20];
    int[] targets = new int[10];
    for (int i = 0; i < 20; i++) {
      digits[i] = draws.below(10);
    }
    for (int i = 0; i < 10; i++) {
      targets[i] = digits[2 * i] <= digits[2 * i + 1] ? 1 : 0;
    }
    return new Examples(features, images, digits, targets);
  }

  private static Seed seed(String stream) {
    return Seed.derive(9, "test", stream, 1);
  }
}
