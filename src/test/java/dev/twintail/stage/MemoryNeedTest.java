package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.model.NetworkMemory;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.ModelSpec;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
  private static final long MIB = 1L << 20;

  /** On a data set so small that nothing but the network counts. */
  @Test
  void of_everyModelThatShips_isMoreThanItsNetworkTakes() throws IOException {
    DataSpec data = TinyExperiment.read().data();
    for (Map.Entry<String, ModelSpec> model : Pipelines.models().entrySet()) {
      TrainSiamese training = TrainSiamese.of(model.getValue(), data, 0, 1, 1);
      int pairs = Math.max(training.training().batch(), 100);

      long real = NetworkMemory.bytesOutsideTheHeap(training.network(), pairs);

      assertThat(MemoryNeed.of(training))
          .as(model.getKey())
          .isGreaterThan(real)
          .isLessThan(6 * real + 64 * MIB);
    }
  }
}
