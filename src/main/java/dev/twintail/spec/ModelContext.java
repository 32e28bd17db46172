package dev.twintail.spec;

import dev.twintail.network.Shape;
import dev.twintail.network.TrainingConfig;
import java.util.Map;
import java.util.Optional;

/**
 * What the models of one experiment share.
 *
 * @param image shape of one image; empty, as is {@code classes} 0, if the data could not be read
 * @param bodies by name; a value is empty if its layers are wrong, and so with the others
 */
record ModelContext(
    Optional<Shape.Image> image,
    int classes,
    TrainingConfig training,
    ProtocolSpec protocol,
    ClaimsReader claims,
    Map<String, Optional<LayerTemplate>> bodies,
    Map<String, Optional<LayerTemplate>> digitHeads,
    Map<String, Optional<LayerTemplate>> tails) {}
