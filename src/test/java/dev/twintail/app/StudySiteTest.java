package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.BeamRunner;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.pipeline.WorkSite;
import dev.twintail.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StudySiteTest {
  private static final BeamRunner CLUSTER =
      new BeamRunner(BeamRunner.RunnerName.FLINK, List.of("--flinkMaster=host:8081"));

  @TempDir private Path folder;

  /** The files of a spec are gone when a worker needs them, as if it were another machine. */
  @Test
  void open_onAMachineWithoutTheSpec_givesTheSameExperiment() throws Exception {
    TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.text());
    Path spec =
        TinyExperiment.write(
            folder, "more.yaml", "extends: tiny.yaml\nname: more\ntitle: More\nsource: none\n");
    Study study = Study.read(spec).only(List.of("ArgMax")).rounds(3);
    StudySite site = SerializableUtils.ensureSerializable(site(study, Map.of()));
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }

    WorkSite.Equipment equipment = site.open("run");

    assertThat(equipment.experiment()).isEqualTo(study.experiment());
    assertThat(equipment.experiment().rounds()).isEqualTo(3);
    assertThat(equipment.preimages().environment()).isEqualTo(study.engine().environment());
  }

  @Test
  void open_otherNumericEnvironment_refusesWork() {
    Study study = Study.read(TinyExperiment.spec());

    assertThatThrownBy(() -> site(study, Map.of("kernels", "others")).open("run"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another numeric environment")
        .hasMessageContaining("use machines of one kind");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void open_otherBits_refusesWork(Engine engine) throws Exception {
    Study study = Study.read(TinyExperiment.spec()).by(engine);
    String store = folder.resolve("store").toString();
    String others = EngineProbe.bits(engine).replaceFirst("^.", "x");
    StudySite site =
        new StudySite(study.recipe(), study.engine().environment(), others, store, "test");

    assertThatThrownBy(() -> site.open("run"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it computes other bits (" + EngineProbe.bits(engine).charAt(0))
        .hasMessageContaining("than the driver (x")
        .hasMessageContaining("use machines of one kind");
  }

  @Test
  void bits_ofTheTwoEngines_differ() {
    assertThat(EngineProbe.bits(Engine.BLAS)).isNotEqualTo(EngineProbe.bits(Engine.DL4J));
  }

  private StudySite site(Study study, Map<String, String> environment) {
    return new StudySite(
        study.recipe(),
        environment.isEmpty() ? study.engine().environment() : environment,
        EngineProbe.bits(study.engine()),
        folder.resolve("store").toString(),
        "test");
  }

  @Test
  void run_folderAsStoreOfACluster_isRefused() throws Exception {
    try (Session session = Session.at(folder.toString()).creating().open()) {
      assertThatThrownBy(() -> run(session, CLUSTER))
          .isInstanceOf(RequestException.class)
          .hasMessage(
              "Cannot run on the cluster host:8081 with the store "
                  + session.location()
                  + ": its machines do not have this folder; use a store at s3://bucket/prefix, or"
                  + " no cluster");
    }
  }

  @Test
  void run_signedOnFlink_isRefused() throws Exception {
    Path key = folder.resolve("key");
    SigningKey.generate(key);
    try (Session session = Session.at(folder.toString()).creating().signing(key).open()) {
      assertThatThrownBy(() -> run(session, CLUSTER))
          .isInstanceOf(RequestException.class)
          .hasMessageContaining("a signing key never leaves this machine");
    }
  }

  private static void run(Session session, BeamRunner runner) throws Exception {
    RunSettings settings = RunSettings.standard().withDigits(MnistFixture.folder()).on(runner);
    session.run(Study.read(TinyExperiment.spec()), settings);
  }
}
