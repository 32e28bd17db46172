package dev.twintail.spec;

import java.util.List;

/**
 * A part of a spec and the fields that it may have. The JSON Schemas in {@code pipelines/} list the
 * same; a test compares them.
 *
 * @param title what messages call it
 * @param fields in the order in which a spec is best written
 */
record Section(String title, List<String> fields) {
  static final Section EXPERIMENT =
      of(
          "the experiment",
          "extends",
          "include",
          "name",
          "title",
          "source",
          "links",
          "seed",
          "rounds",
          "conditions",
          "claims",
          "records",
          "data",
          "training",
          "protocol",
          "bodies",
          "digit-heads",
          "tails",
          "models",
          "factorial",
          "sweeps");
  static final Section DATA =
      of("data", "digits", "pool", "train-pairs", "test-pairs", "validation-pairs", "validation");
  static final Section TRAINING =
      of(
          "training",
          "epochs",
          "batch",
          "shuffle",
          "standardize",
          "adam",
          "sgd",
          "schedule",
          "augment");
  static final Section ADAM = of("adam", "learning-rate", "beta1", "beta2", "epsilon");
  static final Section SGD = of("sgd", "learning-rate", "momentum");
  static final Section SCHEDULE = of("schedule", "factor", "every", "optimizer");
  static final Section AUGMENT = of("augment", "pairing", "shift");
  static final Section PROTOCOL =
      of(
          "protocol",
          "training-pairs",
          "test-pairs",
          "start",
          "digit-losses",
          "comparison",
          "accuracy",
          "deviation",
          "tables");
  static final Section MODEL =
      of(
          "model",
          "chosen-by",
          "body",
          "branches",
          "digit-head",
          "head",
          "tail",
          "with",
          "pretrain-tail",
          "pretrain-body",
          "training",
          "loss",
          "protocol",
          "published",
          "remark");
  static final Section DIGIT_HEAD = of("digit-head", "layers", "branches");
  static final Section PRETRAIN_TAIL =
      of("pretrain-tail", "epochs", "freeze", "batch", "shuffle", "adam", "sgd");
  static final Section PRETRAIN_BODY =
      of("pretrain-body", "epochs", "batch", "shuffle", "adam", "sgd");
  static final Section LOSS = of("loss", "target", "digit", "alpha", "mix");
  static final Section PUBLISHED =
      of(
          "published",
          "split",
          "accuracy",
          "std",
          "deviation",
          "rounds",
          "rounds-share",
          "where",
          "printed-by",
          "remark");
  static final Section LINKS = of("links", "report", "code");
  static final Section RECORDS = of("records", "file", "where", "models-share");
  static final Section CLAIMS = of("claims", "deviation", "rounds-share", "remark");
  static final Section FACTORIAL = of("factorial", "neither", "sharing", "auxiliary", "both");
  static final Section SWEEP = of("sweep", "model", "rounds", "steps", "authors");
  static final Section AUTHORS = of("authors", "setting", "pairs", "accuracy", "where");
  static final Section DIGITS =
      of("the digits", "name", "classes", "height", "width", "files", "mirrors", "npm");
  static final Section FILES =
      of("files", "train-images", "train-labels", "test-images", "test-labels");
  static final Section FILE = of("file", "file", "bytes", "sha256");
  static final Section NPM = of("npm", "package", "folder");

  /** The parts of an experiment's file. */
  static final List<Section> OF_EXPERIMENT =
      List.of(
          EXPERIMENT,
          DATA,
          TRAINING,
          ADAM,
          SGD,
          SCHEDULE,
          AUGMENT,
          PROTOCOL,
          MODEL,
          DIGIT_HEAD,
          PRETRAIN_TAIL,
          PRETRAIN_BODY,
          LOSS,
          PUBLISHED,
          CLAIMS,
          RECORDS,
          LINKS,
          FACTORIAL,
          SWEEP,
          AUTHORS);

  /** The parts of a digits file. */
  static final List<Section> OF_DIGITS = List.of(DIGITS, FILES, FILE, NPM);

  private static Section of(String title, String... fields) {
    return new Section(title, List.of(fields));
  }

  /** Returns the parts of the same kind of file, this one included. */
  List<Section> siblings() {
    return OF_DIGITS.contains(this) ? OF_DIGITS : OF_EXPERIMENT;
  }
}
