package dev.twintail.spec;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import dev.twintail.layer.ShapeException;
import dev.twintail.spec.Yaml.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one model, and checks that it can be built and that training can change something. */
final class ModelReader {
  private static final int ANSWERS = 2;

  private final Problems problems;
  private final int classes;
  private final TrainingSpec training;
  private final Map<String, Optional<NamedLayers>> bodies;
  private final Map<String, Optional<NamedLayers>> tails;
  private final Map<String, Shape> outputs;

  /**
   * Sees what the models of one experiment share.
   *
   * @param classes number of labels; 0 if the digits could not be read
   * @param bodies by name; a value is empty if its layers are wrong
   * @param outputs what each sound body makes of an image
   */
  ModelReader(
      Problems problems,
      int classes,
      TrainingSpec training,
      Map<String, Optional<NamedLayers>> bodies,
      Map<String, Optional<NamedLayers>> tails,
      Map<String, Shape> outputs) {
    this.problems = problems;
    this.classes = classes;
    this.training = training;
    this.bodies = bodies;
    this.tails = tails;
    this.outputs = outputs;
  }

  /** Returns the model; empty, with problems recorded, if it is wrong or rests on what is. */
  Optional<ModelSpec> read(String name, Fields fields) {
    int before = problems.count();
    Optional<NamedLayers> body = refer(fields, "body", bodies);
    Optional<HeadKind> head = fields.choice("head", HeadKind.values());
    Optional<NamedLayers> tail = Optional.empty();
    boolean arithmetic = head.isPresent() && head.get() == HeadKind.ARITHMETIC;
    if (head.isPresent() && !arithmetic) {
      tail = refer(fields, "tail", tails);
    } else if (arithmetic && fields.has("tail")) {
      fields.wrong("tail", "the arithmetic head compares by itself; remove the tail");
    }
    LossSpec loss = loss(fields);
    Optional<Fields> own = fields.section("training", Section.TRAINING);
    TrainingSpec effective =
        own.isPresent() ? TrainingReader.differing(own.get(), training) : training;
    Optional<PretrainTail> pretrainTail = pretrainTail(fields);
    Optional<PretrainBody> pretrainBody = pretrainBody(fields, effective);
    Optional<Published> published = published(fields);
    if (problems.count() > before
        || body.isEmpty()
        || head.isEmpty()
        || tail.isEmpty() != arithmetic) {
      return Optional.empty();
    }
    ModelSpec model =
        new ModelSpec(
            name,
            body.get().name(),
            body.get().list(),
            head.get(),
            tail.isPresent() ? Optional.of(tail.get().name()) : Optional.empty(),
            tail.isPresent() ? tail.get().list() : new LayerList(List.of()),
            loss,
            effective,
            pretrainTail,
            pretrainBody,
            published);
    Shape output = outputs.get(model.bodyName());
    if (output != null && classes > 0) {
      if (tail.isPresent()) {
        checkTail(fields, tail.get(), body.get(), output);
      }
      checkClasses(fields, model, output);
      if (problems.count() == before) {
        checkLearning(fields, model);
      }
    }
    return problems.count() > before ? Optional.empty() : Optional.of(model);
  }

  private Optional<NamedLayers> refer(
      Fields fields, String field, Map<String, Optional<NamedLayers>> known) {
    Optional<Scalar> name = fields.textScalar(field);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<NamedLayers> found = known.get(name.get().text());
    if (found == null) {
      problems.add(
          name.get().at(),
          fields.path(field)
              + ": unknown "
              + field
              + " "
              + name.get().shown()
              + "; "
              + Hint.forName(name.get().text(), known.keySet()));
      return Optional.empty();
    }
    return found;
  }

  private static LossSpec loss(Fields fields) {
    Optional<Fields> found = fields.requiredSection("loss", Section.LOSS);
    if (found.isEmpty()) {
      return new LossSpec(1, 0, LossSpec.Mix.SUM);
    }
    Fields loss = found.get();
    return new LossSpec(
        loss.real("target", LossSpec.WEIGHT, 0),
        loss.real("digit", LossSpec.WEIGHT, 0),
        loss.has("mix")
            ? loss.choice("mix", LossSpec.Mix.values()).orElse(LossSpec.Mix.SUM)
            : LossSpec.Mix.SUM);
  }

  private Optional<PretrainTail> pretrainTail(Fields fields) {
    Optional<Fields> found = fields.section("pretrain-tail", Section.PRETRAIN_TAIL);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    TrainingSpec spec = TrainingReader.pretraining(found.get(), training);
    return Optional.of(
        new PretrainTail(
            found.get().flag("freeze"),
            new TrainingSpec(spec.epochs(), spec.batch(), spec.shuffle(), false, spec.adam())));
  }

  private Optional<PretrainBody> pretrainBody(Fields fields, TrainingSpec effective) {
    Optional<Fields> found = fields.section("pretrain-body", Section.PRETRAIN_BODY);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    TrainingSpec spec = TrainingReader.pretraining(found.get(), training);
    return Optional.of(
        new PretrainBody(
            new TrainingSpec(
                spec.epochs(),
                spec.batch(),
                spec.shuffle(),
                effective.standardize(),
                spec.adam())));
  }

  private static Optional<Published> published(Fields fields) {
    Optional<Fields> found = fields.section("published", Section.PUBLISHED);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Fields claim = found.get();
    return Optional.of(
        new Published(
            claim.real("accuracy", Published.PERCENT),
            claim.real("std", Published.PERCENT),
            claim.integer("rounds", Experiment.ROUNDS),
            claim.text("where")));
  }

  private void checkTail(Fields fields, NamedLayers tail, NamedLayers body, Shape output) {
    int features = 2 * output.size();
    Shape answer;
    try {
      answer = tail.list().output(new Shape.Vector(features));
    } catch (ShapeException e) {
      Layer layer = tail.list().layers().get(e.index());
      if (e.index() == 0 && layer instanceof Layer.Linear linear) {
        problems.add(
            fields.at("tail"),
            fields.where()
                + ": tail '"
                + tail.name()
                + "' reads "
                + linear.in()
                + " features but two outputs of body '"
                + body.name()
                + "' give "
                + features
                + "; begin the tail with '"
                + new Layer.Linear(features, linear.out()).text()
                + "', or choose another");
      } else {
        problems.add(tail.line(e.index()), tail.layer(e.index()) + ": " + e.getMessage());
      }
      return;
    }
    if (!answer.equals(new Shape.Vector(ANSWERS))) {
      int last = tail.lines().size() - 1;
      problems.add(
          last < 0 ? tail.at() : tail.line(last),
          tail.where() + ": ends in " + answer + "; a tail answers with 2 (no, yes)");
    }
  }

  /** What reads classes off the body needs one output for each. */
  private void checkClasses(Fields fields, ModelSpec model, Shape output) {
    if (output.size() == classes) {
      return;
    }
    String but =
        " needs "
            + classes
            + " outputs, one for each class, but body '"
            + model.bodyName()
            + "' gives "
            + output.size();
    if (model.loss().digit() > 0) {
      fields.wrong("loss", "the digit loss" + but);
    }
    if (model.head() == HeadKind.ARITHMETIC) {
      fields.wrong("head", "arithmetic" + but);
    }
    if (model.pretrainTail().isPresent()) {
      fields.wrong("pretrain-tail", "pretraining on true classes" + but);
    }
    if (model.pretrainBody().isPresent()) {
      fields.wrong("pretrain-body", "pretraining on the digit loss" + but);
    }
  }

  private static void checkLearning(Fields fields, ModelSpec model) {
    LossSpec loss = model.loss();
    boolean hasTail = model.head() != HeadKind.ARITHMETIC;
    boolean frozen = model.pretrainTail().isPresent() && model.pretrainTail().get().frozen();
    if (!hasTail && loss.target() > 0) {
      fields.wrong("loss", "the arithmetic head has no target loss; remove 'target'");
      return;
    }
    if (!hasTail && model.pretrainTail().isPresent()) {
      fields.wrong("pretrain-tail", "the arithmetic head has no tail to pretrain");
    } else if (model.pretrainTail().isPresent() && model.tail().parameters() == 0) {
      fields.wrong("pretrain-tail", "the tail has no parameters to pretrain");
    }
    if (model.pretrainBody().isPresent() && model.body().parameters() == 0) {
      fields.wrong(
          "pretrain-body", "body '" + model.bodyName() + "' has no parameters to pretrain");
    }
    if (loss.mix() == LossSpec.Mix.COIN && (loss.target() == 0 || loss.digit() == 0)) {
      fields.wrong("loss", "a coin picks one of two losses, but one weight is 0");
      return;
    }
    boolean tailLearns = loss.target() > 0 && !frozen && model.tail().parameters() > 0;
    boolean reached = loss.digit() > 0 || (loss.target() > 0 && model.head() != HeadKind.ARGMAX);
    if (!tailLearns && !(reached && model.body().parameters() > 0)) {
      fields.wrong("loss", "there is nothing to learn: " + idle(model, frozen));
    } else if (hasTail
        && loss.target() == 0
        && model.pretrainTail().isEmpty()
        && model.tail().parameters() > 0) {
      fields.wrong("loss", "the tail would never learn: set 'target', or pretrain it");
    }
  }

  private static String idle(ModelSpec model, boolean frozen) {
    if (model.loss().target() == 0 && model.loss().digit() == 0) {
      return "both weights are 0";
    }
    if (model.body().parameters() == 0) {
      return "body '" + model.bodyName() + "' has no parameters, and the loss changes no tail";
    }
    return (frozen ? "the tail is frozen" : "the tail has no parameters")
        + ", and through argmax the target loss does not reach the body; add a 'digit' loss";
  }
}
