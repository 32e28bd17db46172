package dev.twintail.app;

import dev.twintail.action.Manifest;
import dev.twintail.action.NonReproducibleException;
import dev.twintail.action.Outcome;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Graph;
import dev.twintail.report.Evidence;
import dev.twintail.report.Outline;
import dev.twintail.report.Proof;
import dev.twintail.report.ReportPage;
import dev.twintail.report.chart.Diagram;
import dev.twintail.result.Table;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.Links;
import dev.twintail.spec.SpecDifferences;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.GenerateData;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import dev.twintail.upkeep.LeasedStore;
import dev.twintail.verify.VerifiedActions;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The report of an experiment as an action: its key is made of the words of the specs and of the
 * digests of all that it tells of, so that it is made once and the store keeps it.
 */
final class ReportAction {
  private static final String STAGE = "report";

  private final Workspace workspace;
  private final Results corrected;
  private final SortedMap<String, Digest> artifacts;
  private final Optional<Results> asRun;
  private final SortedMap<String, Digest> asRunResults = new TreeMap<>();
  private final List<OtherEngine.OtherEvaluations> opinions = new ArrayList<>();
  private final Outline outline;
  private final Preimage preimage;

  /**
   * @param original the authors' protocol, if there is one
   * @param asRun its results, if they are there
   */
  ReportAction(
      Workspace workspace, Results corrected, Optional<Study> original, Optional<Results> asRun)
      throws IOException, InterruptedException {
    this.workspace = workspace;
    this.corrected = corrected;
    this.artifacts = new Catalogue(corrected.plan(), corrected.study()).all();
    this.asRun = asRun;
    asRun.ifPresent(
        a ->
            a.digests()
                .forEach(
                    (name, digest) -> asRunResults.put(StageName.RESULTS.folder() + name, digest)));
    OtherEngine.of(corrected).ifPresent(opinions::add);
    if (asRun.isPresent()) {
      OtherEngine.of(asRun.get()).ifPresent(opinions::add);
    }
    String remedy =
        original.isEmpty() || asRun.isPresent()
            ? ""
            : "As run: execute it with ‘twintail run "
                + original.get().arguments()
                + "’ and write the report anew.";
    this.outline = outline(remedy, corrected.verified().whole());
    Preimage.Builder key = Preimage.of(STAGE, ReportPage.VERSION);
    outline.describe(key::parameter);
    artifacts.forEach(key::input);
    asRunResults.forEach((name, digest) -> key.input("as-run/" + name, digest));
    for (OtherEngine.OtherEvaluations opinion : opinions) {
      String path = "second-engine/" + opinion.second().experiment();
      key.parameter(path, opinion.second().engine());
      opinion.digests().forEach((name, digest) -> key.input(path + "/" + name, digest));
    }
    this.preimage = key.build();
  }

  /** Makes the report, or finds it in the store. Where nothing can be written, it is not kept. */
  Report execute(String id, Consumer<String> note)
      throws IOException, InterruptedException, NonReproducibleException {
    Optional<Manifest> known = workspace.cache().lookupVerified(preimage.key());
    if (known.isPresent()) {
      return stored(known.get(), true);
    }
    try (LeasedStore leased = LeasedStore.use(workspace.objects(), id, note)) {
      if (leased.isWritable()) {
        Outcome outcome = workspace.executor().<IOException>execute(preimage, this::make);
        return stored(outcome.manifest(), outcome.reused());
      }
    }
    note.accept("The report is not kept in " + workspace.objects().location() + ": read-only");
    return report(new TreeMap<>(make()), false);
  }

  private Report stored(Manifest report, boolean reused) throws IOException {
    SortedMap<String, Blob> files = new TreeMap<>();
    for (Map.Entry<String, Digest> file : report.outputs().entrySet()) {
      Blob blob =
          workspace
              .blobs()
              .get(file.getValue())
              .orElseThrow(
                  () ->
                      new NoResultsException(
                          "Cannot find " + file.getKey() + " any more; write the report again"));
      files.put(file.getKey(), blob);
    }
    return report(files, reused);
  }

  private Report report(SortedMap<String, Blob> files, boolean reused) {
    Digest page = Objects.requireNonNull(files.get(ReportPage.PAGE)).digest();
    return new Report(corrected, asRun, page, files, preimage.key(), reused);
  }

  private Map<String, Blob> make() throws IOException {
    Map<String, Blob> files = new TreeMap<>();
    ReportPage.files(outline, evidence()).forEach((name, bytes) -> files.put(name, Blob.of(bytes)));
    return files;
  }

  private Outline outline(String asRunRemedy, VerifiedActions.WholeStanding proof) {
    Experiment experiment = corrected.study().experiment();
    List<Outline.OutlinedModel> models = new ArrayList<>();
    for (CollectResults.ResultRow row : corrected.rows()) {
      models.add(
          new Outline.OutlinedModel(
              corrected.words(row),
              NetworkDrawing.of(row.evaluations().get(0).training().network())));
    }
    return new Outline(
        experiment.name(),
        experiment.title(),
        experiment.source(),
        experiment.claimsRemark(),
        corrected.study().arguments(),
        experiment.rounds(),
        models,
        asRun.map(this::asRun),
        asRunRemedy,
        asRun
            .map(a -> SpecDifferences.between(experiment, a.study().experiment()))
            .orElse(List.of()),
        workflow(corrected.plan().graph()),
        corrected.plan().environment(),
        hex(artifacts),
        data(experiment.data()),
        links(experiment.links()),
        new Proof(
            proof.actions(), proof.verified(), proof.disputed(), proof.machines(), proof.makers()));
  }

  private static Outline.Data data(DataSpec data) {
    return new Outline.Data(
        data.digits().name(),
        data.digits().classes(),
        data.trainPairs(),
        data.testPairs(),
        data.validationPairs());
  }

  private static Map<String, String> links(Links links) {
    Map<String, String> addresses = new LinkedHashMap<>();
    links.addresses().forEach((what, uri) -> addresses.put(what, uri.toString()));
    return addresses;
  }

  private Outline.AsRun asRun(Results results) {
    return new Outline.AsRun(
        results.study().experiment().name(),
        results.study().arguments(),
        results.words(),
        hex(asRunResults));
  }

  private static SortedMap<String, String> hex(SortedMap<String, Digest> digests) {
    SortedMap<String, String> hex = new TreeMap<>();
    digests.forEach((name, digest) -> hex.put(name, digest.sha256()));
    return hex;
  }

  private static Outline.Workflow workflow(Graph graph) {
    Map<StageName, Integer> actions = new EnumMap<>(StageName.class);
    Map<StageName, Set<StageName>> readers = new EnumMap<>(StageName.class);
    Map<String, Map<String, Integer>> perModel = new LinkedHashMap<>();
    for (Graph.Node node : graph.nodes()) {
      StageName stage = node.stage().name();
      actions.merge(stage, 1, Integer::sum);
      for (String model : node.models()) {
        perModel
            .computeIfAbsent(model, m -> new LinkedHashMap<>())
            .merge(stage.label(), 1, Integer::sum);
      }
      for (Stage.Input input : node.stage().inputs().values()) {
        if (input instanceof Stage.Input.OutputOf output) {
          readers
              .computeIfAbsent(output.stage().name(), s -> EnumSet.noneOf(StageName.class))
              .add(stage);
        }
      }
    }
    List<StageName> order = new ArrayList<>(actions.keySet());
    List<Diagram.Arrow> arrows = new ArrayList<>();
    readers.forEach(
        (from, all) -> {
          for (StageName to : all) {
            if (to != from) {
              arrows.add(new Diagram.Arrow(order.indexOf(from), order.indexOf(to)));
            }
          }
        });
    Map<String, Integer> byLabel = new LinkedHashMap<>();
    actions.forEach((stage, count) -> byLabel.put(stage.label(), count));
    return new Outline.Workflow(byLabel, arrows, perModel);
  }

  private Evidence evidence() throws IOException {
    List<Evidence.PredictedPairs> predictions = new ArrayList<>();
    for (CollectResults.ResultRow row : corrected.rows()) {
      for (Evaluate evaluate : row.evaluations()) {
        predictions.add(
            new Evidence.PredictedPairs(
                row.model(),
                evaluate.round(),
                Catalogue.folder(StageName.DATA_GEN, "", evaluate.data().round())
                    + GenerateData.TEST,
                table(
                    Catalogue.folder(StageName.EVALUATE, row.model(), evaluate.round())
                        + Evaluate.PREDICTIONS)));
      }
    }
    Map<String, Table> datasets = new LinkedHashMap<>();
    return new Evidence(
        tables(results(artifacts)),
        asRun.isEmpty() ? Optional.empty() : Optional.of(tables(asRunResults)),
        predictions,
        name -> {
          Table known = datasets.get(name);
          if (known == null) {
            known = table(name);
            datasets.put(name, known);
          }
          return known;
        },
        opinions.stream().map(OtherEngine.OtherEvaluations::second).toList());
  }

  private static SortedMap<String, Digest> results(SortedMap<String, Digest> artifacts) {
    return artifacts.subMap(StageName.RESULTS.folder(), "results0"); // '0' comes right after '/'.
  }

  private Map<String, Table> tables(SortedMap<String, Digest> results) throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>();
    for (Map.Entry<String, Digest> result : results.entrySet()) {
      tables.put(
          result.getKey().substring(StageName.RESULTS.folder().length()),
          Results.table(workspace, result.getValue(), result.getKey()));
    }
    return tables;
  }

  private Table table(String name) throws IOException {
    Digest digest = artifacts.get(name);
    if (digest == null) {
      throw new IllegalStateException("Cannot find " + name + " among the artifacts");
    }
    return Results.table(workspace, digest, name);
  }
}
