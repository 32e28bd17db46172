package dev.twintail.spec;

import java.util.Optional;

/** Reads how to train, in full or as what differs from a base. */
final class TrainingReader {
  /** Stands for a training that could not be read; never reaches an experiment. */
  static final TrainingSpec FALLBACK =
      new TrainingSpec(1, 1, false, false, new AdamSpec(1, 0, 0, 1));

  private TrainingReader() {}

  /** Reads the experiment's training, of which every field must be there. */
  static TrainingSpec whole(Fields fields) {
    Optional<Fields> adam = fields.requiredSection("adam", Section.ADAM);
    return new TrainingSpec(
        fields.integer("epochs", TrainingSpec.EPOCHS),
        fields.integer("batch", TrainingSpec.BATCH),
        fields.flag("shuffle"),
        fields.flag("standardize"),
        adam.isPresent() ? wholeAdam(adam.get()) : FALLBACK.adam());
  }

  private static AdamSpec wholeAdam(Fields fields) {
    return new AdamSpec(
        fields.real("learning-rate", AdamSpec.LEARNING_RATE),
        fields.real("beta1", AdamSpec.BETA),
        fields.real("beta2", AdamSpec.BETA),
        fields.real("epsilon", AdamSpec.EPSILON));
  }

  /** Reads a model's training: {@code base} but for the fields that are there. */
  static TrainingSpec differing(Fields fields, TrainingSpec base) {
    return new TrainingSpec(
        fields.integer("epochs", TrainingSpec.EPOCHS, base.epochs()),
        fields.integer("batch", TrainingSpec.BATCH, base.batch()),
        fields.flag("shuffle", base.shuffle()),
        fields.flag("standardize", base.standardize()),
        differingAdam(fields, base.adam()));
  }

  /** Reads a pretraining, whose epochs must be there; {@code base} gives the rest. */
  static TrainingSpec pretraining(Fields fields, TrainingSpec base) {
    return new TrainingSpec(
        fields.integer("epochs", TrainingSpec.EPOCHS),
        fields.integer("batch", TrainingSpec.BATCH, base.batch()),
        fields.flag("shuffle", base.shuffle()),
        base.standardize(),
        differingAdam(fields, base.adam()));
  }

  private static AdamSpec differingAdam(Fields parent, AdamSpec base) {
    Optional<Fields> found = parent.section("adam", Section.ADAM);
    if (found.isEmpty()) {
      return base;
    }
    Fields fields = found.get();
    return new AdamSpec(
        fields.real("learning-rate", AdamSpec.LEARNING_RATE, base.learningRate()),
        fields.real("beta1", AdamSpec.BETA, base.beta1()),
        fields.real("beta2", AdamSpec.BETA, base.beta2()),
        fields.real("epsilon", AdamSpec.EPSILON, base.epsilon()));
  }
}
