package dev.twintail.spec;

import dev.twintail.network.TrainingConfig;

/**
 * The tail learns first, by itself, from the one-hot true classes of the training pairs.
 *
 * @param frozen whether its weights then stay as they are while the siamese network trains
 * @param training never standardized: classes are not pixels
 */
public record PretrainTailSpec(boolean frozen, TrainingConfig training) {}
