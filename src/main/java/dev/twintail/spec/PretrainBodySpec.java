package dev.twintail.spec;

import dev.twintail.network.TrainingConfig;

/**
 * The body learns first, by itself, from the digit loss alone.
 *
 * @param training standardized as the model's own training is
 */
public record PretrainBodySpec(TrainingConfig training) {}
