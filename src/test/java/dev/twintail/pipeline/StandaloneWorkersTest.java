package dev.twintail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.twintail.model.BlasTrainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.record.Machine;
import dev.twintail.record.RunRecord;
import dev.twintail.spec.Experiment;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.workspace.Workspace;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose functions find nothing of their driver, as on another machine. */
class StandaloneWorkersTest {
  private static final Experiment TINY = TinyExperiment.read();
  private static final BeamRunner FLINK = new BeamRunner(BeamRunner.RunnerName.FLINK, List.of());
  private static final ObjectStore FULL = new MemoryObjectStore();
  private static ExperimentRun.Summary full;

  @TempDir private Path folder;

  @BeforeAll
  static void runOnce() throws Exception {
    full = new Runs(FULL).run(TINY, 2);
  }

  @Test
  void run_functionsThatOpenAllThemselves_givesTheSameFiles() throws Exception {
    try (LocalObjectStore objects = LocalObjectStore.open(folder)) {
      Workspace workspace = Runs.workspace(objects);
      TinyExperiment.sources(workspace).require(TINY);
      Plan plan = Plan.survey(TINY, Runs.preimages(new BlasTrainer()), workspace, 2);
      Job job = job(OnFailure.STOP, "");

      ExperimentPipeline.run(plan, plan.pending(), job, BeamRunner.direct(), 2);
      Worker.end(job);

      assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
    }
  }

  @Test
  void run_functionsElsewhere_tellTheirFailuresInMetrics() throws Exception {
    try (LocalObjectStore objects = LocalObjectStore.open(folder)) {
      Workspace workspace = Runs.workspace(objects);
      TinyExperiment.sources(workspace).require(TINY);
      Plan plan = Plan.survey(TINY, Runs.preimages(new BlasTrainer()), workspace, 2);
      Job job = job(OnFailure.KEEP_GOING, "no  more\nmaxima");

      List<ActionFailure> failures =
          ExperimentPipeline.run(plan, plan.pending(), job, BeamRunner.direct(), 2);
      Worker.end(job);

      assertThat(failures)
          .isNotEmpty()
          .allSatisfy(
              failure -> {
                assertThat(failure.message()).startsWith("no more maxima (on ");
                assertThat(failure.kind()).isEqualTo(FailureKind.OTHER);
              });
    }
  }

  private Job job(OnFailure onFailure, String failure) {
    TinySite site = new TinySite(folder.toString(), failure);
    Plan plan = full.after();
    return new Job("standalone", 1, site, plan.graph().choices(), 2, onFailure);
  }

  @Test
  void run_failingActionsThatOthersOutlive_areNamedWithWhatDependsOnThem() throws Exception {
    checkKeepGoing(BeamRunner.direct());
  }

  @Test
  @EnabledIfSystemProperty(
      named = "twintail.test.flink",
      matches = "true",
      disabledReason = "Flink's libraries come with the profile flink")
  void run_failingActionsOnFlink_areNamedWithWhatDependsOnThem() throws Exception {
    checkKeepGoing(FLINK);
  }

  private void checkKeepGoing(BeamRunner runner) throws Exception {
    Throwable thrown = catchThrowable(() -> run(runner, OnFailure.KEEP_GOING, "no more maxima"));

    assertThat(thrown)
        .isInstanceOf(FailedActionsException.class)
        .hasMessageContaining("failed: train-siamese/ArgMax/1: no more maxima (on ")
        .hasMessageContaining("failed: train-siamese/ArgMax/2: no more maxima (on ")
        .hasMessageContaining("did not start: evaluate/ArgMax/1")
        .hasMessageContaining("did not start: results")
        .hasMessageNotContaining("SoftMax");
    try (LocalObjectStore objects = LocalObjectStore.open(folder)) {
      int kept = StoreContents.of(objects, "ac/").size();
      long lost = String.valueOf(thrown.getMessage()).lines().count() - 1;
      assertThat(kept).isEqualTo(TinyExperiment.ACTIONS - (int) lost);
      assertThat(thrown).hasMessageContaining(kept + " executed and kept");
      assertThat(Runs.executed(run(runner, OnFailure.STOP, ""))).hasSize((int) lost);
      assertThat(StoreContents.results(objects)).isEqualTo(StoreContents.results(FULL));
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "twintail.test.flink",
      matches = "true",
      disabledReason = "Flink's libraries come with the profile flink")
  void run_failingActionOnFlink_surfacesItsOwnException() {
    assertThat(catchThrowable(() -> run(FLINK, OnFailure.STOP, "no more maxima")))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("no more maxima");
  }

  /**
   * Two of the trainings that fail, those of networks with argmax, may have begun; neither is tried
   * again, though Flink restarts.
   */
  @Test
  @EnabledIfSystemProperty(
      named = "twintail.test.flink",
      matches = "true",
      disabledReason = "Flink's libraries come with the profile flink")
  void run_failingActionOnFlinkThatRestarts_isTriedOnceAndToldWithItsHost() throws Exception {
    Path settings = Files.createDirectory(folder.resolve("settings"));
    Files.writeString(
        settings.resolve("flink-conf.yaml"),
        "restart-strategy.type: fixed-delay\nrestart-strategy.fixed-delay.attempts: 5\n"
            + "restart-strategy.fixed-delay.delay: 1 ms\n");
    BeamRunner restarting =
        new BeamRunner(BeamRunner.RunnerName.FLINK, List.of("--flinkConfDir=" + settings));
    TinySite.FAILED.set(0);
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    RunListener listener =
        new RunListener() {
          @Override
          public void failedElsewhere(Graph.Node node, String host) {
            heard.add(node + " on " + host);
          }
        };

    Throwable thrown =
        catchThrowable(() -> run(restarting, OnFailure.STOP, "no more maxima", listener));

    assertThat(thrown)
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("no more maxima");
    assertThat(TinySite.FAILED.get()).isBetween(1, 2);
    assertThat(heard)
        .singleElement()
        .asString()
        .matches(
            "train-siamese/(ArgMax|PreTrain|PreTrainRandom)/[12] on " + Machine.current().host());
  }

  private ExperimentRun.Summary run(BeamRunner runner, OnFailure onFailure, String failure)
      throws Exception {
    return run(runner, onFailure, failure, new Runs.Silence());
  }

  private ExperimentRun.Summary run(
      BeamRunner runner, OnFailure onFailure, String failure, RunListener listener)
      throws Exception {
    TinySite site = new TinySite(folder.toString(), failure);
    try (LocalObjectStore objects = LocalObjectStore.open(folder)) {
      String id = RunRecord.newId(Instant.now());
      Workspace workspace = Workspace.of(objects, m -> {}, "test", id);
      return new ExperimentRun(workspace, site.trainer(), 2, listener)
          .with(onFailure)
          .on(runner, () -> site)
          .run(id, TINY, TinyExperiment.sources(workspace));
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "twintail.test.flink",
      matches = "true",
      disabledReason = "Flink's libraries come with the profile flink")
  void run_noClusterAtTheAddress_isToldInOneLine() {
    BeamRunner nowhere =
        new BeamRunner(BeamRunner.RunnerName.FLINK, List.of("--flinkMaster=127.0.0.1:1"));

    assertThat(catchThrowable(() -> run(nowhere, OnFailure.STOP, "")))
        .isInstanceOf(RunnerException.class)
        .hasMessage(
            "Cannot find a Flink cluster at 127.0.0.1:1; --flinkMaster needs host and port of its"
                + " REST interface, such as jobmanager:8081");
  }

  @ParameterizedTest
  @CsvSource({
    "2.0.1, 'which has version 2.0.1: the runner needs 1.19'",
    "1.190.0, 'which has version 1.190.0: the runner needs 1.19'",
    "'', 'what answers there is none'",
  })
  @EnabledIfSystemProperty(
      named = "twintail.test.flink",
      matches = "true",
      disabledReason = "Flink's libraries come with the profile flink")
  void run_otherServerAtTheAddress_isToldInOneLine(String version, String told) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    byte[] answer =
        (version.isEmpty() ? "hello" : "{\"flink-version\":\"" + version + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      String address = "127.0.0.1:" + server.getAddress().getPort();
      BeamRunner other =
          new BeamRunner(BeamRunner.RunnerName.FLINK, List.of("--flinkMaster=" + address));

      assertThat(catchThrowable(() -> run(other, OnFailure.STOP, "")))
          .isInstanceOf(RunnerException.class)
          .hasMessageContaining(address)
          .hasMessageContaining(told);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void run_unknownOptionOfBeam_isToldInOneLine() {
    BeamRunner wrong = new BeamRunner(BeamRunner.RunnerName.DIRECT, List.of("--nonsense=1"));

    assertThat(catchThrowable(() -> run(wrong, OnFailure.STOP, "")))
        .isInstanceOf(RunnerException.class)
        .hasMessageStartingWith("Cannot use Beam's options --nonsense=1: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void element_anyAction_isBelowOneKibibyte() throws Exception {
    for (Map.Entry<Graph.Node, String> each : manifests().entrySet()) {
      KV<Integer, String> element = KV.of(each.getKey().index(), each.getValue());

      assertThat(CoderUtils.encodeToByteArray(RunActions.coder(), element))
          .as(each.getKey().toString())
          .hasSizeLessThan(1024);
    }
  }

  private static Map<Graph.Node, String> manifests() {
    return full.after().graph().nodes().stream()
        .collect(
            Collectors.toMap(
                n -> n, n -> Worker.text(full.after().known(n).orElseThrow().manifest())));
  }
}
