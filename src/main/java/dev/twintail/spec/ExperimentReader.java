package dev.twintail.spec;

import dev.twintail.layer.Layer;
import dev.twintail.layer.LayerList;
import dev.twintail.layer.Shape;
import dev.twintail.layer.ShapeException;
import dev.twintail.spec.Yaml.Entry;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Scalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an experiment such as {@code pipelines/vieli2021.yaml}, and checks that every model can be
 * built and has something to learn.
 */
public final class ExperimentReader {
  private final Problems problems;

  private ExperimentReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads {@code file} and the files it refers to: the digits, and the spec that it extends.
   *
   * @throws SpecException telling all that is wrong with them
   */
  public static Experiment read(Path file) {
    Problems problems = new Problems();
    Optional<Mapping> root = SpecFile.read(file, problems);
    Optional<Experiment> experiment =
        root.isEmpty() ? Optional.empty() : new ExperimentReader(problems).experiment(root.get());
    problems.raise();
    return experiment.orElseThrow();
  }

  /** Decodes; the result counts only if no problem was recorded. */
  private Optional<Experiment> experiment(Mapping root) {
    Fields fields = new Fields(root, Section.EXPERIMENT, "", problems);
    String name =
        DigitsReader.matching(
            fields, "name", DigitsReader.NAME, "letters, digits, '-' and '_', a letter first");
    String title = fields.text("title");
    String source = fields.text("source");
    long seed = fields.whole("seed", Experiment.SEED);
    int rounds = fields.integer("rounds", Experiment.ROUNDS);
    Optional<DataSpec> data = data(fields);
    Optional<Fields> trainingFields = fields.requiredSection("training", Section.TRAINING);
    TrainingSpec training =
        trainingFields.isPresent()
            ? TrainingReader.whole(trainingFields.get())
            : TrainingReader.FALLBACK;
    Map<String, Optional<NamedLayers>> bodies = layers(fields, "bodies");
    Map<String, Optional<NamedLayers>> tails = layers(fields, "tails");
    Map<String, Shape> outputs = new LinkedHashMap<>();
    if (data.isPresent()) {
      for (Map.Entry<String, Optional<NamedLayers>> body : bodies.entrySet()) {
        if (body.getValue().isPresent()) {
          output(body.getValue().get(), data.get().image(), outputs);
        }
      }
    }
    ModelReader reader =
        new ModelReader(
            problems,
            data.isPresent() ? data.get().digits().classes() : 0,
            training,
            bodies,
            tails,
            outputs);
    List<ModelSpec> models = models(fields, reader);
    if (problems.count() > 0 || data.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Experiment(
            name,
            title,
            source,
            seed,
            rounds,
            data.get(),
            training,
            lists(bodies),
            lists(tails),
            models));
  }

  private Optional<DataSpec> data(Fields root) {
    int before = problems.count();
    Optional<Fields> found = root.requiredSection("data", Section.DATA);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = found.get();
    Optional<DigitsSpec> digits = Optional.empty();
    Optional<Scalar> reference = fields.textScalar("digits");
    if (reference.isPresent()) {
      digits = digits(reference.get());
    }
    int pool = fields.integer("pool", DataSpec.POOL);
    int train = fields.integer("train-pairs", DataSpec.PAIRS);
    int test = fields.integer("test-pairs", DataSpec.PAIRS);
    int validation = fields.integer("validation-pairs", DataSpec.VALIDATION);
    if (problems.count() > before || digits.isEmpty()) {
      return Optional.empty();
    }
    if (validation >= train) {
      fields.wrong(
          "validation-pairs",
          validation + " of " + train + " training pairs leave none to learn from");
    }
    distinct(fields, "train-pairs", train, digits.get().trainCount());
    distinct(fields, "test-pairs", test, digits.get().testCount());
    int height = digits.get().height();
    int width = digits.get().width();
    if (height % pool != 0 || width % pool != 0) {
      fields.wrong("pool", pool + " does not divide images of " + height + "×" + width);
    }
    return problems.count() > before
        ? Optional.empty()
        : Optional.of(new DataSpec(digits.get(), pool, train, test, validation));
  }

  private Optional<DigitsSpec> digits(Scalar reference) {
    Optional<Path> path = SpecFile.beside(reference, "data.digits", problems);
    return path.isEmpty()
        ? Optional.empty()
        : DigitsReader.read(path.get(), reference.at(), problems);
  }

  private static void distinct(Fields fields, String name, int pairs, long images) {
    if (2L * pairs > images) {
      fields.wrong(
          name, pairs + " pairs of distinct images need " + 2L * pairs + ", there are " + images);
    }
  }

  /** Reads {@code bodies} or {@code tails}; a value is empty if its layers are wrong. */
  private Map<String, Optional<NamedLayers>> layers(Fields root, String part) {
    Map<String, Optional<NamedLayers>> all = new LinkedHashMap<>();
    Optional<Mapping> found = root.requiredMapping(part);
    if (found.isPresent()) {
      LayerReader reader = new LayerReader(problems);
      for (Map.Entry<String, Entry> entry : found.get().entries().entrySet()) {
        checkName(entry.getValue().at(), part, entry.getKey());
        String where = part + "." + entry.getKey();
        all.put(entry.getKey(), reader.read(entry.getKey(), where, entry.getValue()));
      }
    }
    return all;
  }

  private void checkName(Position at, String part, String name) {
    if (!DigitsReader.NAME.matcher(name).matches()) {
      problems.add(
          at, part + ": the name '" + name + "' has other signs than letters, digits, '-' and '_'");
    }
  }

  private void output(NamedLayers body, Shape input, Map<String, Shape> outputs) {
    try {
      Shape output = body.list().output(input);
      if (output instanceof Shape.Vector) {
        outputs.put(body.name(), output);
      } else {
        problems.add(body.at(), body.where() + ": ends in " + output + "; end it with 'flatten'");
      }
    } catch (ShapeException e) {
      List<Layer> layers = body.list().layers();
      String remedy =
          layers.get(e.index()) instanceof Layer.Linear
                  && new LayerList(layers.subList(0, e.index())).output(input)
                      instanceof Shape.Image
              ? "; put 'flatten' before it"
              : "";
      problems.add(body.line(e.index()), body.layer(e.index()) + ": " + e.getMessage() + remedy);
    }
  }

  private List<ModelSpec> models(Fields root, ModelReader reader) {
    List<ModelSpec> models = new ArrayList<>();
    Optional<Mapping> found = root.requiredMapping("models");
    if (found.isPresent()) {
      if (found.get().entries().isEmpty()) {
        root.wrong("models", "there are none");
      }
      for (Map.Entry<String, Entry> entry : found.get().entries().entrySet()) {
        checkName(entry.getValue().at(), "models", entry.getKey());
        String where = "models." + entry.getKey();
        if (entry.getValue().value() instanceof Mapping mapping) {
          Fields fields = new Fields(mapping, Section.MODEL, where, problems);
          Optional<ModelSpec> model = reader.read(entry.getKey(), fields);
          if (model.isPresent()) {
            models.add(model.get());
          }
        } else {
          Yaml value = entry.getValue().value();
          problems.add(value.at(), where + ": expected a mapping, found " + value.shown());
        }
      }
    }
    return models;
  }

  private static Map<String, LayerList> lists(Map<String, Optional<NamedLayers>> layers) {
    Map<String, LayerList> lists = new LinkedHashMap<>();
    for (Map.Entry<String, Optional<NamedLayers>> entry : layers.entrySet()) {
      lists.put(entry.getKey(), entry.getValue().orElseThrow().list());
    }
    return lists;
  }
}
