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
          "name",
          "title",
          "source",
          "seed",
          "rounds",
          "data",
          "training",
          "bodies",
          "tails",
          "models");
  static final Section DATA =
      of("data", "digits", "pool", "train-pairs", "test-pairs", "validation-pairs");
  static final Section TRAINING =
      of("training", "epochs", "batch", "shuffle", "standardize", "adam");
  static final Section ADAM = of("adam", "learning-rate", "beta1", "beta2", "epsilon");
  static final Section MODEL =
      of(
          "model",
          "body",
          "head",
          "tail",
          "pretrain-tail",
          "pretrain-body",
          "training",
          "loss",
          "published");
  static final Section PRETRAIN_TAIL =
      of("pretrain-tail", "epochs", "freeze", "batch", "shuffle", "adam");
  static final Section PRETRAIN_BODY = of("pretrain-body", "epochs", "batch", "shuffle", "adam");
  static final Section LOSS = of("loss", "target", "digit", "mix");
  static final Section PUBLISHED = of("published", "accuracy", "std", "rounds", "where");
  static final Section DIGITS =
      of("the digits", "name", "classes", "height", "width", "files", "mirrors", "npm");
  static final Section FILES =
      of("files", "train-images", "train-labels", "test-images", "test-labels");
  static final Section FILE = of("file", "file", "bytes", "sha256");
  static final Section NPM = of("npm", "package", "folder");

  /** The parts of an experiment's file. */
  static final List<Section> OF_EXPERIMENT =
      List.of(
          EXPERIMENT, DATA, TRAINING, ADAM, MODEL, PRETRAIN_TAIL, PRETRAIN_BODY, LOSS, PUBLISHED);

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
