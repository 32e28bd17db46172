package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Digest;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.BeamRunner;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.record.RunRecord;
import dev.twintail.store.StoreContents;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a Flink inside this process; profile {@code flink} has its libraries. */
@EnabledIfSystemProperty(
    named = "twintail.test.flink",
    matches = "true",
    disabledReason = "Flink's libraries come with the profile flink")
class FlinkRunTest {
  private static final BeamRunner FLINK = new BeamRunner(BeamRunner.RunnerName.FLINK, List.of());

  @TempDir private Path folder;

  @Test
  void run_onFlink_givesTheSameFilesAndThenExecutesNothing() throws Exception {
    SortedMap<String, Digest> direct = run(folder.resolve("direct"), BeamRunner.direct());
    SortedMap<String, Digest> flink = run(folder.resolve("flink"), FLINK);

    assertThat(flink).isEqualTo(direct);
    assertThat(executed(folder.resolve("flink"), FLINK)).isZero();
    assertThat(executed(folder.resolve("flink"), BeamRunner.direct())).isZero();
  }

  private static SortedMap<String, Digest> run(Path store, BeamRunner runner) throws Exception {
    assertThat(executed(store, runner)).isEqualTo(TinyExperiment.ACTIONS);
    return StoreContents.results(store);
  }

  private static int executed(Path store, BeamRunner runner) throws Exception {
    try (Session session = Session.at(store.toString()).creating().open()) {
      RunSettings settings = RunSettings.standard().withDigits(MnistFixture.folder()).on(runner);
      return session
          .run(Study.read(TinyExperiment.spec()), settings)
          .record()
          .counts()
          .values()
          .stream()
          .mapToInt(RunRecord.Counts::executed)
          .sum();
    }
  }
}
