package dev.twintail.spec;

import dev.twintail.spec.SweepSpec.Variation;

/**
 * A model whose settings a sweep chooses.
 *
 * @param sweep the sweep's name
 */
public record ChosenModel(String name, String sweep, Variation variation)
    implements Experiment.Entrant {}
