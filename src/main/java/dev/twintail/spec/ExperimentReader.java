package dev.twintail.spec;

import dev.twintail.network.TrainingConfig;
import dev.twintail.spec.Published.Conditions;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import dev.twintail.spec.Yaml.Scalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads an experiment such as {@code pipelines/vieli2021.yaml}, and checks that every model can be
 * built and has something to learn.
 */
public final class ExperimentReader {
  /** What a spec may say of its conditions. */
  private static final Conditions[] CONDITIONS = {Conditions.COMMON, Conditions.AS_RUN};

  /**
   * The pairs of a split are one table, which is one array of bytes; a JVM keeps a few of these.
   */
  private static final long MOST_BYTES = Integer.MAX_VALUE - Long.BYTES;

  private final Problems problems;

  private ExperimentReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads {@code file} and the files it refers to: the digits, the spec that it extends, and those
   * that it includes.
   *
   * @throws SpecException telling all that is wrong with them
   */
  public static Experiment read(Path file) {
    return readWithText(file).experiment();
  }

  /** An experiment, and the files that made it. */
  public record ExperimentSource(Experiment experiment, SpecText text) {}

  /**
   * Reads {@code file} as {@link #read(Path)} does, and keeps the text.
   *
   * @throws SpecException telling all that is wrong with it
   */
  public static ExperimentSource readWithText(Path file) {
    Problems problems = new Problems();
    Experiment experiment = read(file, problems).orElseThrow();
    return new ExperimentSource(experiment, SpecText.of(file, problems.texts()));
  }

  /**
   * Reads an experiment from the text of its files, whatever there is on this machine.
   *
   * @throws SpecException telling all that is wrong with them
   */
  public static Experiment read(SpecText text) {
    return read(text.file(), new Problems(text::open)).orElseThrow();
  }

  /**
   * Returns the files that make an experiment: {@code file} itself first, then those that it refers
   * to, as they were met.
   *
   * @throws SpecException telling all that is wrong with them
   */
  public static List<Path> files(Path file) {
    Problems problems = new Problems();
    read(file, problems);
    return problems.files();
  }

  private static Optional<Experiment> read(Path file, Problems problems) {
    Optional<Experiment> experiment =
        SpecFile.read(file, problems).flatMap(new ExperimentReader(problems)::experiment);
    problems.raise();
    return experiment;
  }

  private static Optional<Experiment> included(Path file, Position reference, Problems problems) {
    return SpecFile.included(file, reference, problems)
        .flatMap(new ExperimentReader(problems)::experiment);
  }

  /** Decodes; the result counts only if no problem was recorded. */
  private Optional<Experiment> experiment(SpecLineage lineage) {
    Member files = lineage.root().entries().get("files");
    if (files != null && !lineage.root().entries().containsKey("models")) {
      problems.add(
          files.at(),
          "files: this file pins digits and is no experiment; experiments name it as data.digits");
      return Optional.empty();
    }
    Fields fields = new Fields(lineage.root(), Section.EXPERIMENT, "", problems);
    fields.choice("conditions", CONDITIONS, Conditions.COMMON);
    ClaimsReader claims = ClaimsReader.of(fields, lineage);
    String name =
        DigitsReader.matching(
            fields, "name", DigitsReader.NAME, "letters, digits, '-' and '_', a letter first");
    String title = fields.text("title");
    String source = fields.text("source");
    Links links = Links.of(fields);
    if (fields.has("include")) {
      return new IncludeReader(problems)
          .read(fields, name, title, source, links, ExperimentReader::included);
    }
    long seed = fields.whole("seed", Experiment.SEED);
    int rounds = fields.integer("rounds", Experiment.ROUNDS);
    int before = problems.count();
    Optional<DataSpec> data = data(fields);
    problems.blame(fields.at("data"), before);
    Optional<Fields> trainingFields = fields.requiredSection("training", Section.TRAINING);
    TrainingConfig training =
        trainingFields.map(TrainingReader::whole).orElse(TrainingReader.FALLBACK);
    ModelContext context =
        new ModelContext(
            data.map(DataSpec::image),
            data.map(d -> d.digits().classes()).orElse(0),
            training,
            ProtocolReader.read(fields, ProtocolSpec.CORRECTED),
            claims,
            layers(fields, "bodies", fields.requiredMapping("bodies")),
            layers(fields, "digit-heads", fields.mapping("digit-heads")),
            layers(fields, "tails", fields.requiredMapping("tails")));
    Map<String, Mapping> models = models(fields);
    if (!models.isEmpty()) {
      checkUnused(context, models);
    }
    List<SweepSpec> sweeps = new ArrayList<>();
    List<Experiment.Entrant> rows = rows(fields, context, models, sweeps);
    if (!sweeps.isEmpty() && data.filter(d -> d.validationPairs() == 0).isPresent()) {
      fields.wrong(
          "sweeps", "there are no validation pairs to choose by; set data.validation-pairs");
    }
    List<FactorialSpec> factorials = factorials(fields, models.keySet());
    Optional<AuthorsRecords> records =
        RecordsReader.read(fields, lineage, models.keySet(), problems);
    if (problems.count() > 0 || data.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Experiment(
            name,
            title,
            source,
            links,
            claims.remark(),
            seed,
            rounds,
            data.get(),
            rows,
            sweeps,
            factorials,
            records));
  }

  private Optional<DataSpec> data(Fields root) {
    int before = problems.count();
    Optional<Fields> found = root.requiredSection("data", Section.DATA);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = found.get();
    Optional<DigitsSpec> digits = fields.textScalar("digits").flatMap(this::digits);
    int pool = fields.integer("pool", DataSpec.POOL);
    int train = fields.integer("train-pairs", DataSpec.PAIRS);
    int test = fields.integer("test-pairs", DataSpec.PAIRS);
    int validation = fields.integer("validation-pairs", DataSpec.VALIDATION);
    DataSpec.Validation which =
        fields.choice("validation", DataSpec.Validation.values(), DataSpec.Validation.RANDOM);
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
    } else {
      long most = MOST_BYTES / DataSpec.pairBytes(digits.get(), pool);
      fitting(fields, "train-pairs", train, most);
      fitting(fields, "test-pairs", test, most);
    }
    return problems.count() > before
        ? Optional.empty()
        : Optional.of(new DataSpec(digits.get(), pool, train, test, validation, which));
  }

  private Optional<DigitsSpec> digits(Scalar reference) {
    return SpecFile.beside(reference, "data.digits", problems)
        .flatMap(path -> DigitsReader.read(path, reference.at(), problems));
  }

  private static void distinct(Fields fields, String name, int pairs, long images) {
    if (2L * pairs > images) {
      fields.wrong(
          name, pairs + " pairs of distinct images need " + 2L * pairs + ", there are " + images);
    }
  }

  private static void fitting(Fields fields, String name, int pairs, long most) {
    if (pairs > most) {
      fields.wrong(
          name,
          pairs
              + " pairs of such images need more than 2 GiB; take "
              + most
              + ", or a larger pool");
    }
  }

  /** Reads layers by name; a value is empty if they are wrong. */
  private Map<String, Optional<LayerTemplate>> layers(
      Fields root, String part, Optional<Mapping> found) {
    Map<String, Optional<LayerTemplate>> all = new LinkedHashMap<>();
    if (found.isPresent()) {
      for (Map.Entry<String, Member> entry : found.get().entries().entrySet()) {
        checkName(entry.getValue().at(), part, entry.getKey());
        String where = root.path(part) + "." + entry.getKey();
        all.put(
            entry.getKey(), LayerReader.read(entry.getKey(), where, entry.getValue(), problems));
      }
    }
    return all;
  }

  /** Files and folders are named by it, with more before and behind; most systems take 255. */
  private static final int LONGEST_NAME = 200;

  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])");

  private void checkName(Position at, String part, String name) {
    if (!DigitsReader.NAME.matcher(name).matches()) {
      problems.add(
          at, part + ": the name '" + name + "' has other signs than letters, digits, '-' and '_'");
    } else if (name.length() > LONGEST_NAME) {
      problems.add(
          at,
          "%s: the name '%s…' has %s letters; files are named by it, so %s are the most"
              .formatted(part, name.substring(0, 20), name.length(), LONGEST_NAME));
    } else if (RESERVED.matcher(name).matches()) {
      problems.add(
          at, part + ": no file can have the name '" + name + "' on Windows; choose another");
    }
  }

  /** Some file systems take such names for one, and so does a user. */
  private void checkCase(Position at, String part, String name, Set<String> earlier) {
    for (String other : earlier) {
      if (other.equalsIgnoreCase(name)) {
        problems.add(
            at, part + ": '" + name + "' and '" + other + "' differ in case alone; rename one");
      }
    }
  }

  /** A body that no model uses yet is tried as a shared one, so that mistakes show early. */
  private void checkUnused(ModelContext context, Map<String, Mapping> models) {
    Set<String> used = new HashSet<>();
    for (Mapping model : models.values()) {
      Member body = model.entries().get("body");
      if (body != null && body.value() instanceof Scalar scalar) {
        used.add(scalar.text());
      }
    }
    for (Map.Entry<String, Optional<LayerTemplate>> body : context.bodies().entrySet()) {
      Optional<LayerTemplate> template = body.getValue();
      if (!used.contains(body.getKey())
          && template.isPresent()
          && template.get().settings().isEmpty()
          && context.image().isPresent()) {
        ModelReader.body(template.get(), context.image().get(), Map.of(), problems);
      }
    }
  }

  private Map<String, Mapping> models(Fields root) {
    Map<String, Mapping> models = mappings(root, "models", root.requiredMapping("models"));
    if (models.isEmpty() && problems.count() == 0) {
      root.wrong("models", "there are none");
    }
    return models;
  }

  private Map<String, Mapping> mappings(Fields root, String part, Optional<Mapping> found) {
    Map<String, Mapping> all = new LinkedHashMap<>();
    if (found.isPresent()) {
      for (Map.Entry<String, Member> entry : found.get().entries().entrySet()) {
        checkName(entry.getValue().at(), part, entry.getKey());
        checkCase(entry.getValue().at(), part, entry.getKey(), all.keySet());
        Yaml value = entry.getValue().value();
        if (value instanceof Mapping mapping) {
          all.put(entry.getKey(), mapping);
        } else {
          root.expected(value, part + "." + entry.getKey(), "a mapping");
        }
      }
    }
    return all;
  }

  private List<FactorialSpec> factorials(Fields root, Set<String> models) {
    List<FactorialSpec> factorials = new ArrayList<>();
    mappings(root, "factorial", root.mapping("factorial"))
        .forEach(
            (name, mapping) -> {
              Fields fields = root.within("factorial." + name, mapping, Section.FACTORIAL);
              Set<String> taken = new HashSet<>();
              factorials.add(
                  new FactorialSpec(
                      name,
                      cell(fields, "neither", models, taken),
                      cell(fields, "sharing", models, taken),
                      cell(fields, "auxiliary", models, taken),
                      cell(fields, "both", models, taken)));
            });
    return factorials;
  }

  /** Returns the model of a cell; none may be in two. */
  private static String cell(Fields fields, String name, Set<String> models, Set<String> taken) {
    Optional<Scalar> model = fields.textScalar(name);
    if (model.isEmpty()) {
      return "";
    }
    String text = model.get().text();
    if (!models.contains(text)) {
      fields.unknown(model.get(), name, "model", models);
    } else if (!taken.add(text)) {
      fields.wrong(
          model.get().at(), name, model.get().shown() + " stands in another place already");
    }
    return text;
  }

  private List<Experiment.Entrant> rows(
      Fields root, ModelContext context, Map<String, Mapping> models, List<SweepSpec> sweeps) {
    SweepReader sweepReader = new SweepReader(problems, context, models);
    Map<String, Optional<SweepSpec>> known = new LinkedHashMap<>();
    mappings(root, "sweeps", root.mapping("sweeps"))
        .forEach((name, mapping) -> known.put(name, sweepReader.sweep(name, mapping)));
    known.values().forEach(sweep -> sweep.ifPresent(sweeps::add));
    ModelReader modelReader = new ModelReader(problems, context);
    List<Experiment.Entrant> rows = new ArrayList<>();
    models.forEach(
        (name, mapping) -> {
          if (mapping.entries().containsKey("chosen-by")) {
            sweepReader.chosen(name, mapping, known).ifPresent(rows::add);
          } else {
            modelReader.read(name, mapping).ifPresent(rows::add);
          }
        });
    return rows;
  }
}
