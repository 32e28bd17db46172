package dev.twintail.spec;

import java.util.Optional;

/** Reads how to train, in full or as what differs from a base. */
final class TrainingReader {
  /** Stands for a training that could not be read; never reaches an experiment. */
  static final TrainingSpec FALLBACK =
      TrainingSpec.plain(1, 1, false, false, new OptimizerSpec.Adam(1, 0, 0, 1));

  private TrainingReader() {}

  /** Reads the experiment's training, of which every field must be there. */
  static TrainingSpec whole(Fields fields) {
    return new TrainingSpec(
        fields.integer("epochs", TrainingSpec.EPOCHS),
        fields.integer("batch", TrainingSpec.BATCH),
        fields.flag("shuffle"),
        fields.flag("standardize"),
        wholeOptimizer(fields),
        schedule(fields, ScheduleSpec.CONSTANT),
        augment(fields, AugmentSpec.NONE));
  }

  private static OptimizerSpec wholeOptimizer(Fields parent) {
    if (parent.has("sgd")) {
      return sgd(parent, Optional.empty());
    }
    Optional<Fields> found = parent.requiredSection("adam", Section.ADAM);
    if (found.isEmpty()) {
      return FALLBACK.optimizer();
    }
    Fields fields = found.get();
    return new OptimizerSpec.Adam(
        fields.real("learning-rate", OptimizerSpec.LEARNING_RATE),
        fields.real("beta1", OptimizerSpec.Adam.BETA),
        fields.real("beta2", OptimizerSpec.Adam.BETA),
        fields.real("epsilon", OptimizerSpec.Adam.EPSILON));
  }

  /** Reads a model's training: {@code base} but for the fields that are there. */
  static TrainingSpec differing(Fields fields, TrainingSpec base) {
    return new TrainingSpec(
        fields.integer("epochs", TrainingSpec.EPOCHS, base.epochs()),
        fields.integer("batch", TrainingSpec.BATCH, base.batch()),
        fields.flag("shuffle", base.shuffle()),
        fields.flag("standardize", base.standardize()),
        differingOptimizer(fields, base.optimizer()),
        schedule(fields, base.schedule()),
        augment(fields, base.augment()));
  }

  /** Reads a pretraining, whose epochs must be there; {@code base} gives the rest. */
  static TrainingSpec pretraining(Fields fields, TrainingSpec base) {
    return new TrainingSpec(
        fields.integer("epochs", TrainingSpec.EPOCHS),
        fields.integer("batch", TrainingSpec.BATCH, base.batch()),
        fields.flag("shuffle", base.shuffle()),
        base.standardize(),
        differingOptimizer(fields, base.optimizer()),
        base.schedule(),
        base.augment());
  }

  private static OptimizerSpec differingOptimizer(Fields parent, OptimizerSpec base) {
    if (parent.has("sgd")) {
      return sgd(parent, Optional.of(base));
    }
    Optional<Fields> found = parent.section("adam", Section.ADAM);
    if (found.isEmpty()) {
      return base;
    }
    Fields fields = found.get();
    if (!(base instanceof OptimizerSpec.Adam adam)) {
      return wholeOptimizer(parent);
    }
    return new OptimizerSpec.Adam(
        fields.real("learning-rate", OptimizerSpec.LEARNING_RATE, adam.learningRate()),
        fields.real("beta1", OptimizerSpec.Adam.BETA, adam.beta1()),
        fields.real("beta2", OptimizerSpec.Adam.BETA, adam.beta2()),
        fields.real("epsilon", OptimizerSpec.Adam.EPSILON, adam.epsilon()));
  }

  private static OptimizerSpec sgd(Fields parent, Optional<OptimizerSpec> base) {
    if (parent.has("adam")) {
      parent.wrong("sgd", "there is 'adam' as well; keep one of the two");
    }
    Optional<Fields> found = parent.section("sgd", Section.SGD);
    if (found.isEmpty()) {
      return FALLBACK.optimizer();
    }
    Fields fields = found.get();
    if (base.isPresent() && base.get() instanceof OptimizerSpec.Sgd sgd) {
      return new OptimizerSpec.Sgd(
          fields.real("learning-rate", OptimizerSpec.LEARNING_RATE, sgd.learningRate()),
          fields.real("momentum", OptimizerSpec.Sgd.MOMENTUM, sgd.momentum()));
    }
    return new OptimizerSpec.Sgd(
        fields.real("learning-rate", OptimizerSpec.LEARNING_RATE),
        fields.real("momentum", OptimizerSpec.Sgd.MOMENTUM, 0));
  }

  private static ScheduleSpec schedule(Fields parent, ScheduleSpec base) {
    Optional<Fields> found = parent.section("schedule", Section.SCHEDULE);
    if (found.isEmpty()) {
      return base;
    }
    Fields fields = found.get();
    return new ScheduleSpec(
        fields.real("factor", ScheduleSpec.FACTOR, base.factor()),
        fields.integer("every", ScheduleSpec.EVERY, base.every()),
        fields.choice("optimizer", ScheduleSpec.State.values(), base.optimizer()));
  }

  private static AugmentSpec augment(Fields parent, AugmentSpec base) {
    Optional<Fields> found = parent.section("augment", Section.AUGMENT);
    if (found.isEmpty()) {
      return base;
    }
    Fields fields = found.get();
    return new AugmentSpec(
        fields.choice("pairing", AugmentSpec.Pairing.values(), base.pairing()),
        fields.integer("shift", AugmentSpec.SHIFT, base.shift()));
  }
}
