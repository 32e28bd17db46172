package dev.twintail.spec;

import dev.twintail.network.Branches;
import dev.twintail.network.DigitHead;
import dev.twintail.network.DigitRelation;
import dev.twintail.network.Head;
import dev.twintail.network.LayerList;
import dev.twintail.network.Loss;
import dev.twintail.network.RealRange;
import dev.twintail.network.Shape;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.spec.LayerTemplate.BuiltLayers;
import dev.twintail.spec.LayerTemplate.Misfit;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.spec.Published.Conditions;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads one model, and checks that it can be built and that training can change something. */
final class ModelReader {
  /** A tail answers with two logits (no, yes) or with one. */
  private static final Set<Integer> ANSWERS = Set.of(1, 2);

  private static final RealRange SETTING = new RealRange(-1e9, 1e9, RealRange.Ends.BOTH);

  /** The weight of the comparison where the digit losses have the rest. */
  private static final RealRange ALPHA = new RealRange(0, 1, RealRange.Ends.BOTH);

  private final Problems problems;
  private final ModelContext context;

  ModelReader(Problems problems, ModelContext context) {
    this.problems = problems;
    this.context = context;
  }

  /** Returns the model; empty, with problems recorded, if it is wrong or rests on what is. */
  Optional<ModelSpec> read(String name, Mapping mapping) {
    int before = problems.count();
    Optional<ModelSpec> model = model(name, mapping);
    problems.blame(mapping.at(), before);
    return model;
  }

  private Optional<ModelSpec> model(String name, Mapping mapping) {
    int before = problems.count();
    Fields fields = new Fields(mapping, Section.MODEL, "models." + name, problems);
    Optional<LayerTemplate> body = refer(fields, "body", "body", context.bodies());
    Branches branches = fields.choice("branches", Branches.values(), Branches.SHARED);
    Optional<Head> head = fields.choice("head", Head.values());
    Optional<LayerTemplate> tail = Optional.empty();
    boolean tailless = head.isPresent() && !head.get().hasTail();
    if (head.isPresent() && !tailless) {
      tail = refer(fields, "tail", "tail", context.tails());
    } else if (tailless && fields.has("tail")) {
      fields.wrong(
          "tail", "the " + head.get().word() + " head compares by itself; remove the tail");
    }
    Optional<Fields> digitFields = fields.section("digit-head", Section.DIGIT_HEAD);
    Optional<LayerTemplate> digitHead =
        digitFields.flatMap(f -> refer(f, "layers", "digit head", context.digitHeads()));
    Branches digitBranches =
        digitFields
            .map(f -> f.choice("branches", Branches.values(), Branches.SHARED))
            .orElse(Branches.SHARED);
    Map<String, Double> settings = settings(fields);
    TrainingConfig training =
        fields
            .section("training", Section.TRAINING)
            .map(own -> TrainingReader.differing(own, context.training()))
            .orElse(context.training());
    Optional<PretrainTailSpec> pretrainTail = pretrainTail(fields);
    Optional<PretrainBodySpec> pretrainBody = pretrainBody(fields, training);
    ProtocolSpec protocol = ProtocolReader.read(fields, context.protocol());
    Loss loss = loss(fields, protocol.digitLosses());
    List<Published> published = context.claims().read(name, fields);
    Optional<String> remark = fields.optionalText("remark");
    if (problems.count() > before
        || body.isEmpty()
        || head.isEmpty()
        || tail.isEmpty() != tailless
        || digitHead.isPresent() != digitFields.isPresent()
        || context.image().isEmpty()) {
      return Optional.empty();
    }
    checkSettings(fields, settings, body.get(), digitHead, tail);
    checkBranches(fields, branches, digitBranches, digitHead.isPresent(), head.get());
    if (problems.count() > before) {
      return Optional.empty();
    }
    Optional<BuiltLayers> madeBody = body(body.get(), branches, settings);
    if (madeBody.isEmpty()) {
      return Optional.empty();
    }
    Shape output = madeBody.get().output();
    Optional<LayerList> madeTail = Optional.of(LayerList.NONE);
    if (tail.isPresent()) {
      int features = branches == Branches.MERGED ? output.size() : 2 * output.size();
      madeTail = tail(fields, tail.get(), body.get(), branches, features, settings);
    }
    Optional<LayerList> madeDigits = Optional.empty();
    if (digitHead.isPresent()) {
      madeDigits = digits(digitHead.get(), output, settings);
    }
    boolean made = madeTail.isPresent() && madeDigits.isPresent() == digitHead.isPresent();
    ModelSpec model =
        new ModelSpec(
            name,
            body.get().name(),
            madeDigits.flatMap(layers -> digitHead.map(LayerTemplate::name)),
            tail.map(LayerTemplate::name),
            new SiameseNetwork(
                context.image().orElseThrow(),
                branches,
                madeBody.get().layers(),
                madeDigits.map(layers -> new DigitHead(layers, digitBranches)),
                head.get(),
                protocol.comparison(),
                madeTail.orElse(LayerList.NONE)),
            loss,
            training,
            pretrainTail,
            pretrainBody,
            protocol,
            published,
            remark);
    checkClasses(fields, model, output);
    checkClaims(fields, model);
    if (made && problems.count() == before) {
      checkLearning(fields, model);
    }
    return !made || problems.count() > before ? Optional.empty() : Optional.of(model);
  }

  /** Reads {@code with}: numbers for the settings in the layers. */
  private Map<String, Double> settings(Fields fields) {
    Map<String, Double> settings = new TreeMap<>();
    Optional<Mapping> found = fields.mapping("with");
    if (found.isPresent()) {
      Section section = new Section("with", List.copyOf(found.get().entries().keySet()));
      Fields values = fields.within("with", found.get(), section);
      for (String name : found.get().entries().keySet()) {
        settings.put(name, values.real(name, SETTING));
      }
    }
    return settings;
  }

  private static void checkSettings(
      Fields fields,
      Map<String, Double> settings,
      LayerTemplate body,
      Optional<LayerTemplate> digitHead,
      Optional<LayerTemplate> tail) {
    Set<String> known = new TreeSet<>(body.settings());
    digitHead.ifPresent(d -> known.addAll(d.settings()));
    tail.ifPresent(t -> known.addAll(t.settings()));
    for (String name : settings.keySet()) {
      if (!known.contains(name)) {
        String remedy = known.isEmpty() ? "remove it" : Hint.forName(name, known);
        fields.wrong("with", "no layer of this model has '$" + name + "'; " + remedy);
      }
    }
    for (String name : known) {
      if (!settings.containsKey(name)) {
        fields.wrong(
            fields.has("with") ? "with" : "body",
            "the layers need a number for '$" + name + "'; write 'with: {" + name + ": …}'");
      }
    }
  }

  private static void checkBranches(
      Fields fields, Branches branches, Branches digitBranches, boolean hasDigitHead, Head head) {
    if (branches == Branches.MERGED && head != Head.LOGITS) {
      fields.wrong("head", "a merged body has one output for both images; use 'logits'");
    }
    if (branches == Branches.MERGED && hasDigitHead) {
      fields.wrong("digit-head", "a merged body has no output for each image to read a digit off");
    }
    if (digitBranches == Branches.MERGED) {
      fields.wrong("digit-head", "each digit head reads one image; use 'shared' or 'separate'");
    }
  }

  private Optional<BuiltLayers> body(
      LayerTemplate template, Branches branches, Map<String, Double> settings) {
    Shape.Image image = context.image().orElseThrow();
    Shape input =
        branches == Branches.MERGED
            ? new Shape.Image(2 * image.channels(), image.height(), image.width())
            : image;
    return body(template, input, settings, problems);
  }

  /** Makes a body, which must end in a vector; empty, with a problem recorded, if it does not. */
  static Optional<BuiltLayers> body(
      LayerTemplate template, Shape input, Map<String, Double> settings, Problems problems) {
    BuiltLayers made = template.make(input, settings);
    if (made.misfit().isPresent()) {
      Misfit misfit = made.misfit().get();
      LayerTemplate.LayerItem item = template.items().get(misfit.item());
      boolean unrolled = item.word().equals("linear") && misfit.input() instanceof Shape.Image;
      String remedy = unrolled ? "; put 'flatten' before it" : "";
      problems.add(item.at(), misfit.message() + remedy);
      return Optional.empty();
    }
    if (!(made.output() instanceof Shape.Vector)) {
      problems.add(
          template.at(),
          template.where() + ": ends in " + made.output() + "; end it with 'flatten'");
      return Optional.empty();
    }
    return Optional.of(made);
  }

  private Optional<LayerList> tail(
      Fields fields,
      LayerTemplate tail,
      LayerTemplate body,
      Branches branches,
      int features,
      Map<String, Double> settings) {
    BuiltLayers made = tail.make(new Shape.Vector(features), settings);
    if (made.misfit().isPresent()) {
      Misfit misfit = made.misfit().get();
      Optional<Integer> in = tail.items().get(misfit.item()).in();
      if (misfit.item() == 0 && in.isPresent() && in.get() != features) {
        boolean merged = branches == Branches.MERGED;
        problems.add(
            fields.at("tail"),
            ("%s: tail '%s' reads %s features but %s of body '%s' %s %s; begin the tail with"
                    + " 'linear %s -> …', or choose another")
                .formatted(
                    fields.where(),
                    tail.name(),
                    in.get(),
                    merged ? "the output" : "two outputs",
                    body.name(),
                    merged ? "gives" : "give",
                    features,
                    features));
      } else {
        problems.add(tail.line(misfit.item()), misfit.message());
      }
      return Optional.empty();
    }
    if (!(made.output() instanceof Shape.Vector answer) || !ANSWERS.contains(answer.size())) {
      int last = tail.items().size() - 1;
      problems.add(
          last < 0 ? tail.at() : tail.line(last),
          "%s: ends in %s; a tail answers with 2 (no, yes), or with 1 (the logit of yes)"
              .formatted(tail.where(), made.output()));
      return Optional.empty();
    }
    return Optional.of(made.layers());
  }

  private Optional<LayerList> digits(
      LayerTemplate template, Shape output, Map<String, Double> settings) {
    BuiltLayers made = template.make(output, settings);
    if (made.misfit().isPresent()) {
      problems.add(template.line(made.misfit().get().item()), made.misfit().get().message());
      return Optional.empty();
    }
    if (!made.output().equals(new Shape.Vector(context.classes()))) {
      problems.add(
          template.at(),
          "%s: ends in %s; a digit head has %s, one for each class"
              .formatted(template.where(), made.output(), context.classes()));
      return Optional.empty();
    }
    return Optional.of(made.layers());
  }

  private static Optional<LayerTemplate> refer(
      Fields fields, String field, String kind, Map<String, Optional<LayerTemplate>> known) {
    Optional<Scalar> name = fields.textScalar(field);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<LayerTemplate> found = known.get(name.get().text());
    if (found == null) {
      fields.unknown(name.get(), field, kind, known.keySet());
      return Optional.empty();
    }
    return found;
  }

  private static Loss loss(Fields fields, Loss.DigitLosses digits) {
    Optional<Fields> found = fields.requiredSection("loss", Section.LOSS);
    if (found.isEmpty()) {
      return Loss.sum(1, 0);
    }
    Fields loss = found.get();
    Loss.Mix mix = loss.choice("mix", Loss.Mix.values(), Loss.Mix.SUM);
    if (loss.has("alpha")) {
      if (loss.has("target") || loss.has("digit")) {
        loss.wrong("alpha", "it stands for 'target: α, digit: 1 − α'; remove those");
      }
      double alpha = loss.real("alpha", ALPHA);
      return new Loss(alpha, 1 - alpha, mix, digits);
    }
    return new Loss(
        loss.real("target", Loss.WEIGHT, 0), loss.real("digit", Loss.WEIGHT, 0), mix, digits);
  }

  private Optional<PretrainTailSpec> pretrainTail(Fields fields) {
    return fields
        .section("pretrain-tail", Section.PRETRAIN_TAIL)
        .map(
            found -> {
              TrainingConfig training = TrainingReader.pretraining(found, context.training());
              return new PretrainTailSpec(found.flag("freeze"), training.onClasses());
            });
  }

  private Optional<PretrainBodySpec> pretrainBody(Fields fields, TrainingConfig effective) {
    return fields
        .section("pretrain-body", Section.PRETRAIN_BODY)
        .map(found -> TrainingReader.pretraining(found, context.training()).scaledAs(effective))
        .map(PretrainBodySpec::new);
  }

  /** What reads classes off the body needs one output for each. */
  private void checkClasses(Fields fields, ModelSpec model, Shape output) {
    int classes = context.classes();
    if (model.network().branches() != Branches.MERGED && output.size() == classes) {
      return;
    }
    String but =
        model.network().branches() == Branches.MERGED
            ? " needs an output for each image, but the body is merged"
            : " needs %s outputs, one for each class, but body '%s' gives %s"
                .formatted(classes, model.bodyName(), output.size());
    if (model.loss().digit() > 0 && model.network().digitHead().isEmpty()) {
      fields.wrong("loss", "the digit loss" + but);
    }
    if (!model.network().head().hasTail()) {
      fields.wrong("head", model.network().head().word() + but);
    }
    if (model.pretrainTail().isPresent()) {
      fields.wrong("pretrain-tail", "pretraining on true classes" + but);
    }
    if (model.pretrainBody().isPresent()) {
      fields.wrong("pretrain-body", "pretraining on the digit loss" + but);
    }
  }

  /** Rounds that share something scatter less than the numbers that they would be held to. */
  private static void checkClaims(Fields fields, ModelSpec model) {
    SharedAcrossRounds shared = model.protocol().shared();
    boolean judged =
        model.published().stream()
            .anyMatch(claim -> claim.standing().conditions() == Conditions.COMMON);
    if (judged && shared != SharedAcrossRounds.NOTHING) {
      fields.wrong(
          "published",
          (shared == SharedAcrossRounds.DRAW
                  ? "rounds that share a draw of pairs"
                  : "rounds that go on from each other")
              + " tell too little to judge it by the common protocol; say 'conditions: as-run', or"
              + " let every round draw its pairs and start afresh");
    }
  }

  private static void checkLearning(Fields fields, ModelSpec model) {
    Loss loss = model.loss();
    boolean hasTail = model.network().head().hasTail();
    boolean frozen = model.pretrainTail().isPresent() && model.pretrainTail().get().frozen();
    if (model.protocol().comparison() == DigitRelation.LESS
        && model.network().head() != Head.ARITHMETIC) {
      fields.wrong("protocol", "'comparison: less' is a quirk of the arithmetic head alone");
    }
    if (model.pretrainBody().isPresent() && model.network().branches() != Branches.SHARED) {
      fields.wrong("pretrain-body", "only a shared body can be pretrained");
    }
    if (model.network().head() == Head.ARITHMETIC && loss.target() > 0) {
      fields.wrong("loss", "the arithmetic head has no target loss; remove 'target'");
      return;
    }
    if (!hasTail && model.pretrainTail().isPresent()) {
      fields.wrong(
          "pretrain-tail",
          "the " + model.network().head().word() + " head has no tail to pretrain");
    } else if (model.pretrainTail().isPresent() && model.network().tail().parameters() == 0) {
      fields.wrong("pretrain-tail", "the tail has no parameters to pretrain");
    }
    if (model.pretrainBody().isPresent() && model.network().body().parameters() == 0) {
      fields.wrong(
          "pretrain-body", "body '" + model.bodyName() + "' has no parameters to pretrain");
    }
    if (loss.mix() == Loss.Mix.COIN && (loss.target() == 0 || loss.digit() == 0)) {
      fields.wrong("loss", "a coin picks one of two losses, but one weight is 0");
      return;
    }
    boolean tailLearns = loss.target() > 0 && !frozen && model.network().tail().parameters() > 0;
    boolean reached =
        loss.digit() > 0 || (loss.target() > 0 && model.network().head() != Head.ARGMAX);
    boolean readsLearn =
        (loss.digit() > 0 || (loss.target() > 0 && !hasTail))
            && model.network().digitHead().filter(d -> d.layers().parameters() > 0).isPresent();
    if (!tailLearns && !readsLearn && !(reached && model.network().body().parameters() > 0)) {
      fields.wrong("loss", "there is nothing to learn: " + idle(model, frozen));
    } else if (hasTail
        && loss.target() == 0
        && model.pretrainTail().isEmpty()
        && model.network().tail().parameters() > 0) {
      fields.wrong("loss", "the tail would never learn: set 'target', or pretrain it");
    }
  }

  private static String idle(ModelSpec model, boolean frozen) {
    if (model.loss().target() == 0 && model.loss().digit() == 0) {
      return "both weights are 0";
    }
    if (model.network().body().parameters() == 0) {
      return "body '" + model.bodyName() + "' has no parameters, and the loss changes no tail";
    }
    return (frozen ? "the tail is frozen" : "the tail has no parameters")
        + ", and through argmax the target loss does not reach the body; add a 'digit' loss";
  }
}
