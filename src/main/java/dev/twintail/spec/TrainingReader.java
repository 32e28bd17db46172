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
        optimizer(fields, Optional.empty()),
        schedule(fields, Schedule.CONSTANT),
        augment(fields, Augmentation.NONE));
  }

  /** Reads a model's training: {@code base} but for the fields that are there. */
  static TrainingConfig differing(Fields fields, TrainingConfig base) {
    return new TrainingConfig(
        fields.integer("epochs", TrainingConfig.EPOCHS, base.epochs()),
        fields.integer("batch", TrainingConfig.BATCH, base.batch()),
        fields.flag("shuffle", base.shuffle()),
        fields.flag("standardize", base.standardize()),
        optimizer(fields, Optional.of(base.optimizer())),
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
        optimizer(fields, Optional.of(base.optimizer())),
        base.schedule(),
        base.augment());
  }

  /** Reads an optimizer, of which every field must be there that {@code base} does not give. */
  private static Optimizer optimizer(Fields parent, Optional<Optimizer> base) {
    if (parent.has("sgd")) {
      return sgd(parent, base);
    }
    if (base.isPresent() && !parent.has("adam")) {
      return base.get();
    }
    Optional<Optimizer.Adam> adam =
        base.filter(Optimizer.Adam.class::isInstance).map(Optimizer.Adam.class::cast);
    return parent
        .requiredSection("adam", Section.ADAM)
        .<Optimizer>map(
            fields ->
                new Optimizer.Adam(
                    fields.real(
                        "learning-rate",
                        Optimizer.LEARNING_RATE,
                        adam.map(Optimizer.Adam::learningRate)),
                    fields.real("beta1", Optimizer.Adam.BETA, adam.map(Optimizer.Adam::beta1)),
                    fields.real("beta2", Optimizer.Adam.BETA, adam.map(Optimizer.Adam::beta2)),
                    fields.real(
                        "epsilon", Optimizer.Adam.EPSILON, adam.map(Optimizer.Adam::epsilon))))
        .orElse(FALLBACK.optimizer());
  }

  private static Optimizer sgd(Fields parent, Optional<Optimizer> base) {
    if (parent.has("adam")) {
      parent.wrong("sgd", "there is 'adam' as well; keep one of the two");
    }
    Optional<Optimizer.Sgd> sgd =
        base.filter(Optimizer.Sgd.class::isInstance).map(Optimizer.Sgd.class::cast);
    return parent
        .section("sgd", Section.SGD)
        .<Optimizer>map(
            fields ->
                new Optimizer.Sgd(
                    fields.real(
                        "learning-rate",
                        Optimizer.LEARNING_RATE,
                        sgd.map(Optimizer.Sgd::learningRate)),
                    fields.real(
                        "momentum",
                        Optimizer.Sgd.MOMENTUM,
                        sgd.map(Optimizer.Sgd::momentum).orElse(0.0))))
        .orElse(FALLBACK.optimizer());
  }

  private static Schedule schedule(Fields parent, Schedule base) {
    return parent
        .section("schedule", Section.SCHEDULE)
        .map(
            fields ->
                new Schedule(
                    fields.real("factor", Schedule.FACTOR, base.factor()),
                    fields.integer("every", Schedule.EVERY, base.every()),
                    fields.choice("optimizer", Schedule.State.values(), base.optimizer())))
        .orElse(base);
  }

  private static Augmentation augment(Fields parent, Augmentation base) {
    return parent
        .section("augment", Section.AUGMENT)
        .map(
            fields ->
                new Augmentation(
                    fields.choice("pairing", Augmentation.Pairing.values(), base.pairing()),
                    fields.integer("shift", Augmentation.SHIFT, base.shift())))
        .orElse(base);
  }
}
