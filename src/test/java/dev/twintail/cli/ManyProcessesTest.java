package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Digest;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.ChildJvm;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.store.s3.EmbeddedS3;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, sixteen times at once, on one store that is empty at first. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ManyProcessesTest {
  private static final int PROCESSES = 16;

  @TempDir private Path folder;

  @Test
  void run_sixteenProcessesOnAFolder_allSucceedWithTheSameBlobs() throws Exception {
    Path store = folder.resolve("store");

    runTogether(store.toString(), Map.of());

    try (LocalObjectStore objects = LocalObjectStore.open(store)) {
      assertSameAsAlone(objects);
    }
    assertThat(StoreContents.temporaryFiles(store)).isZero();
  }

  @Test
  void run_sixteenProcessesOnS3_allSucceedWithTheSameBlobs() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start();
        ObjectStore objects = EmbeddedS3.storeAt("many", server.endpoint())) {
      runTogether(
          "s3://" + EmbeddedS3.BUCKET + "/many",
          Map.of(
              "AWS_ENDPOINT_URL_S3",
              server.endpoint().toString(),
              "AWS_ACCESS_KEY_ID",
              EmbeddedS3.KEY_ID,
              "AWS_SECRET_ACCESS_KEY",
              EmbeddedS3.SECRET,
              "AWS_REGION",
              "us-east-1"));

      assertSameAsAlone(objects);
    }
  }

  private void runTogether(String store, Map<String, String> environment) throws Exception {
    List<Process> processes = new ArrayList<>();
    List<File> said = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        File err = folder.resolve("err-" + i).toFile();
        ProcessBuilder builder =
            ChildJvm.builder(
                    List.of("-Xmx256m"),
                    Main.class,
                    "run",
                    TinyExperiment.spec().toString(),
                    "--rounds",
                    "1",
                    "--data",
                    MnistFixture.folder().toString(),
                    "--create",
                    "--store",
                    store)
                .redirectOutput(folder.resolve("out-" + i).toFile())
                .redirectError(err);
        builder.environment().putAll(environment);
        processes.add(builder.start());
        said.add(err);
      }
      for (int i = 0; i < PROCESSES; i++) {
        int exitCode = processes.get(i).waitFor();
        assertThat(exitCode).as(Files.readString(said.get(i).toPath(), UTF_8)).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    String table = Files.readString(folder.resolve("out-0"), UTF_8);
    for (int i = 1; i < PROCESSES; i++) {
      assertThat(folder.resolve("out-" + i)).hasContent(table);
    }
  }

  private void assertSameAsAlone(ObjectStore objects) throws Exception {
    Path alone = folder.resolve("alone");
    Cli.Result result = Cli.runOn(TinyExperiment.spec(), alone, "--rounds", 1);
    assertThat(result.exitCode()).isZero();
    SortedMap<String, Digest> expected = StoreContents.results(alone);
    assertThat(StoreContents.results(objects)).isEqualTo(expected);
    assertThat(StoreContents.of(objects, "conflicts/")).isEmpty();
    assertThat(StoreContents.of(objects, "quarantine/")).isEmpty();
    assertThat(StoreContents.of(objects, "leases/")).isEmpty();
    assertThat(StoreContents.of(objects, "runs/")).hasSize(PROCESSES);
  }
}
