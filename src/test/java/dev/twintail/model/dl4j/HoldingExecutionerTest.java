package dev.twintail.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.store.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Operations outlive a garbage collector that never rests. With ND4J's own executioner, two of
 * three such processes died.
 */
class HoldingExecutionerTest {
  private static final int BROADCASTS = 40_000;

  @TempDir Path folder;

  @Test
  @Tag("slow")
  void exec_whileGarbageIsCollected_neverCrashes() throws Exception {
    // Compiled by C2, which lets go of what is not read again; a collector that works alongside.
    Process child =
        ChildJvm.builder(
                List.of(
                    "-XX:TieredStopAtLevel=4",
                    "-XX:-UseSerialGC",
                    "-XX:+UseParallelGC",
                    "-Xmx256m"),
                Broadcasts.class)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertThat(child.waitFor()).isZero();
    assertThat(folder.toFile().listFiles(f -> f.getName().startsWith("hs_err"))).isEmpty();
  }

  /** Adds a row to a matrix over and over, in two threads, beside a third that collects garbage. */
  static final class Broadcasts {
    private Broadcasts() {}

    public static void main(String[] args) throws Exception {
      Library.prepare();
      Thread collector =
          new Thread(
              () -> {
                while (true) {
                  System.gc();
                }
              });
      collector.setDaemon(true);
      collector.start();
      ExecutorService threads = Executors.newFixedThreadPool(2);
      Future<?> one = threads.submit(Broadcasts::add);
      Future<?> other = threads.submit(Broadcasts::add);
      one.get();
      other.get();
      threads.shutdown();
    }

    private static void add() {
      INDArray matrix = Nd4j.zeros(64, 10);
      INDArray row = Nd4j.ones(10);
      for (int i = 0; i < BROADCASTS; i++) {
        matrix.addiRowVector(row);
      }
    }
  }
}
