package dev.twintail.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffortTest {
  /** Milliseconds of a training on one core, by the table of the README: steps times each. */
  private static final Map<String, Integer> MEASURED =
      Map.ofEntries(
          Map.entry("carparelli2019/Conv2_sharing_aux", 5060),
          Map.entry("carparelli2019/Conv2_NOsharing_NOaux", 5130),
          Map.entry("carparelli2019/MLP_sharing_aux", 157),
          Map.entry("carparelli2019/Conv1_sharing_aux", 2050),
          Map.entry("carparelli2019/Shallow_sharing_aux", 260),
          Map.entry("salimbeni/FCNN1", 480),
          Map.entry("salimbeni/FCNN3", 1050),
          Map.entry("salimbeni/AL2", 1700),
          Map.entry("salimbeni/AL4", 1200),
          Map.entry("fu/WeightSharing", 1800),
          Map.entry("fu/SharingAux", 2230),
          Map.entry("chahed/BasicNet", 790),
          Map.entry("chahed/CNNTuned", 10740),
          Map.entry("chahed/CNNBoth", 336),
          Map.entry("chahed/FCNBoth", 106),
          Map.entry("vieli2021/Digits", 2460));

  @Test
  void of_trainingsOfWhichOneTakesThriceAsLong_tellsWhich() {
    Map<String, Long> estimated = new LinkedHashMap<>();
    MEASURED.keySet().forEach(model -> estimated.put(model, Effort.of(training(model))));

    MEASURED.forEach(
        (one, shorter) ->
            MEASURED.forEach(
                (other, longer) -> {
                  if (longer >= 3 * shorter) {
                    assertThat(estimated.get(other))
                        .as("%s and %s: %s", one, other, estimated)
                        .isGreaterThan(estimated.get(one));
                  }
                }));
  }

  private static Stage training(String model) {
    String[] parts = model.split("/", -1);
    Experiment experiment = ExperimentReader.read(Path.of("pipelines", parts[0] + ".yaml"));
    ModelSpec spec =
        experiment.models().stream()
            .filter(m -> m.name().equals(parts[1]))
            .findFirst()
            .orElseThrow();
    return TrainSiamese.of(spec, experiment.data(), 0, 1, 1);
  }
}
