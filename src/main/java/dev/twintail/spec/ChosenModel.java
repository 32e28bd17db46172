package dev.twintail.spec;

import dev.twintail.spec.SweepSpec.Variation;
import java.util.Map;

/**
 * A model whose settings a sweep chooses.
 *
 * @param sweep the sweep's name
 */
public record ChosenModel(String name, String sweep, Variation variation)
    implements Experiment.Entrant {
  /** Returns the model under the settings that were chosen. */
  ModelSpec model(Map<String, String> settings) {
    return variation.of(settings);
  }
}
