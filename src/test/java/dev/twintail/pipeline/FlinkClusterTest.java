package dev.twintail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.beam.sdk.util.UserCodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What becomes of exceptions of a job; profile {@code flink} has Flink's. */
@EnabledIfSystemProperty(
    named = "twintail.test.flink",
    matches = "true",
    disabledReason = "Flink's libraries come with the profile flink")
class FlinkClusterTest {
  private static Exception ofFlink(String message, Throwable cause) throws Exception {
    return Class.forName("org.apache.flink.runtime.JobException")
        .asSubclass(Exception.class)
        .getConstructor(String.class, Throwable.class)
        .newInstance(message, cause);
  }

  @Test
  void ending_machineLost_tellsToRunAgain() throws Exception {
    Exception lost = ofFlink("TaskManager 7 is gone\nwith details", new IOException("reset"));
    RuntimeException thrown = new RuntimeException("Pipeline execution failed", lost);

    assertThat(FlinkCluster.ending(thrown).orElseThrow())
        .hasMessageStartingWith("Cannot finish on Flink: TaskManager 7 is gone; what is finished")
        .hasMessageNotContaining("\n");
  }

  @Test
  void ending_failureOfAFunction_isNoneOfFlinks() throws Exception {
    UserCodeException ours = UserCodeException.wrap(new IOException("Cannot read the store"));

    assertThat(FlinkCluster.ending(new RuntimeException(ofFlink("failed", ours)))).isEmpty();
    assertThat(ExperimentPipeline.cause(new RuntimeException(ofFlink("failed", ours))))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Cannot read the store");
  }

  @Test
  void cause_whatWouldOnlyRepeat_isItselfAndNotWhatCausedIt() throws Exception {
    IOException refusal = new IOException("Cannot work on worker-3", new IOException("no keys"));
    Exception wrapped = ofFlink("failed", FlinkCluster.lasting(refusal));

    assertThat(ExperimentPipeline.cause(new RuntimeException(wrapped))).isSameAs(refusal);
    assertThat(FlinkCluster.ending(new RuntimeException(wrapped))).isEmpty();
  }
}
