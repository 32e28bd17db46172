package dev.twintail.spec;

import dev.twintail.network.Augmentation;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Schedule;
import dev.twintail.network.TrainingConfig;
import java.util.Optional;

/** Reads how to train, in full or as what differs from a base. */
final class TrainingReader {
  /** Stands for a training that could not be read; never reaches an experiment. */
  static final TrainingConfig FALLBACK =
      TrainingConfig.plain(1, 1, false, false, new Optimizer.Adam(1, 0, 0, 1));

  private TrainingReader() {}

  /** Reads the experiment's training, of which every field must be there. */
  static TrainingConfig whole(Fields fields) {
    return new TrainingConfig(
        fields.integer("epochs", TrainingConfig.EPOCHS),
        fields.integer("batch", TrainingConfig.BATCH),
        fields.flag("shuffle"),
        fields.flag("standardize"),
        wholeOptimizer(fields),
        schedule(fields, Schedule.CONSTANT),
        augment(fields, Augmentation.NONE));
  }

  private static Optimizer wholeOptimizer(Fields parent) {
    if (parent.has("sgd")) {
      return sgd(parent, Optional.empty());
    }
    Optional<Fields> found = parent.requiredSection("adam", Section.ADAM);
    if (found.isEmpty()) {
      return FALLBACK.optimizer();
    }
    Fields fields = found.get();
    return new Optimizer.Adam(
        fields.real("learning-rate", Optimizer.LEARNING_RATE),
        fields.real("beta1", Optimizer.Adam.BETA),
        fields.real("beta2", Optimizer.Adam.BETA),
        fields.real("epsilon", Optimizer.Adam.EPSILON));
  }

  /** Reads a model's training: {@code base} but for the fields that are there. */
  static TrainingConfig differing(Fields fields, TrainingConfig base) {
    return new TrainingConfig(
        fields.integer("epochs", TrainingConfig.EPOCHS, base.epochs()),
        fields.integer("batch", TrainingConfig.BATCH, base.batch()),
        fields.flag("shuffle", base.shuffle()),
        fields.flag("standardize", base.standardize()),
        differingOptimizer(fields, base.optimizer()),
        schedule(fields, base.schedule()),
        augment(fields, base.augment()));
  }

  /** Reads a pretraining, whose epochs must be there; {@code base} gives the rest. */
  static TrainingConfig pretraining(Fields fields, TrainingConfig base) {
    return new TrainingConfig(
        fields.integer("epochs", TrainingConfig.EPOCHS),
        fields.integer("batch", TrainingConfig.BATCH, base.batch()),
        fields.flag("shuffle", base.shuffle()),
        base.standardize(),
        differingOptimizer(fields, base.optimizer()),
        base.schedule(),
        base.augment());
  }

  private static Optimizer differingOptimizer(Fields parent, Optimizer base) {
    if (parent.has("sgd")) {
      return sgd(parent, Optional.of(base));
    }
    Optional<Fields> found = parent.section("adam", Section.ADAM);
    if (found.isEmpty()) {
      return base;
    }
    Fields fields = found.get();
    if (!(base instanceof Optimizer.Adam adam)) {
      return wholeOptimizer(parent);
    }
    return new Optimizer.Adam(
        fields.real("learning-rate", Optimizer.LEARNING_RATE, adam.learningRate()),
        fields.real("beta1", Optimizer.Adam.BETA, adam.beta1()),
        fields.real("beta2", Optimizer.Adam.BETA, adam.beta2()),
        fields.real("epsilon", Optimizer.Adam.EPSILON, adam.epsilon()));
  }

  private static Optimizer sgd(Fields parent, Optional<Optimizer> base) {
    if (parent.has("adam")) {
      parent.wrong("sgd", "there is 'adam' as well; keep one of the two");
    }
    Optional<Fields> found = parent.section("sgd", Section.SGD);
    if (found.isEmpty()) {
      return FALLBACK.optimizer();
    }
    Fields fields = found.get();
    if (base.isPresent() && base.get() instanceof Optimizer.Sgd sgd) {
      return new Optimizer.Sgd(
          fields.real("learning-rate", Optimizer.LEARNING_RATE, sgd.learningRate()),
          fields.real("momentum", Optimizer.Sgd.MOMENTUM, sgd.momentum()));
    }
    return new Optimizer.Sgd(
        fields.real("learning-rate", Optimizer.LEARNING_RATE),
        fields.real("momentum", Optimizer.Sgd.MOMENTUM, 0));
  }

  private static Schedule schedule(Fields parent, Schedule base) {
    Optional<Fields> found = parent.section("schedule", Section.SCHEDULE);
    if (found.isEmpty()) {
      return base;
    }
    Fields fields = found.get();
    return new Schedule(
        fields.real("factor", Schedule.FACTOR, base.factor()),
        fields.integer("every", Schedule.EVERY, base.every()),
        fields.choice("optimizer", Schedule.State.values(), base.optimizer()));
  }

  private static Augmentation augment(Fields parent, Augmentation base) {
    Optional<Fields> found = parent.section("augment", Section.AUGMENT);
    if (found.isEmpty()) {
      return base;
    }
    Fields fields = found.get();
    return new Augmentation(
        fields.choice("pairing", Augmentation.Pairing.values(), base.pairing()),
        fields.integer("shift", Augmentation.SHIFT, base.shift()));
  }
}
