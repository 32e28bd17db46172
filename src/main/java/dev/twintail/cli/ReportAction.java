package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.action.NonReproducibleException;
import dev.twintail.action.Outcome;
import dev.twintail.action.Preimage;
import dev.twintail.action.StoreLease;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.Graph;
import dev.twintail.pipeline.Plan;
import dev.twintail.pipeline.Workspace;
import dev.twintail.report.ClaimsPage;
import dev.twintail.report.Evidence;
import dev.twintail.report.Outline;
import dev.twintail.report.ReportPage;
import dev.twintail.report.chart.Diagram;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.Published;
import dev.twintail.spec.SpecDifferences;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Evaluate;
import dev.twintail.stage.GenerateData;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /**
   * One protocol's experiment and what the store holds of it.
   *
   * @param arguments what names it in a command
   */
  record Protocol(Experiment experiment, Plan plan, String arguments) {
    private CollectResults results() {
      return (CollectResults) plan.graph().results().orElseThrow().stage();
    }
  }

  private final Workspace workspace;
  private final Protocol corrected;
  private final SortedMap<String, Digest> artifacts;
  private final Optional<Protocol> asRun;
  private final SortedMap<String, Digest> asRunResults = new TreeMap<>();
  private final String asRunRemedy;

  private ReportAction(
      Workspace workspace, Protocol corrected, Optional<Protocol> asRun, String asRunRemedy) {
    this.workspace = workspace;
    this.corrected = corrected;
    this.artifacts = Catalogue.of(corrected.plan(), corrected.arguments()).all();
    this.asRun = asRun;
    this.asRunRemedy = asRunRemedy;
    asRun.ifPresent(
        a ->
            Results.manifest(a.plan(), a.arguments())
                .outputs()
                .forEach((name, digest) -> asRunResults.put("results/" + name, digest)));
  }

  /**
   * Returns the action.
   *
   * @param corrected whose results are all there
   * @param asRun the authors' protocol, if its results are there
   * @param asRunRemedy how to get them otherwise; empty if there is no such protocol
   */
  static ReportAction of(
      Workspace workspace, Protocol corrected, Optional<Protocol> asRun, String asRunRemedy) {
    return new ReportAction(workspace, corrected, asRun, asRunRemedy);
  }

  /** Makes the report, or finds it in the store. */
  Outcome execute(String id, Consumer<String> waiting)
      throws IOException, InterruptedException, NonReproducibleException {
    Outline outline = outline();
    try (StoreLease lease = StoreLease.use(workspace.objects(), id, waiting)) {
      Outcome outcome =
          workspace.executor().<IOException>execute(preimage(outline), () -> make(outline));
      lease.require();
      return outcome;
    }
  }

  Preimage preimage() {
    return preimage(outline());
  }

  private Preimage preimage(Outline outline) {
    Preimage.Builder preimage = Preimage.of(STAGE, ReportPage.VERSION);
    outline.describe(preimage::parameter);
    artifacts.forEach(preimage::input);
    asRunResults.forEach((name, digest) -> preimage.input("as-run/" + name, digest));
    return preimage.build();
  }

  private Map<String, Blob> make(Outline outline) throws IOException {
    Map<String, Blob> files = new TreeMap<>();
    ReportPage.files(outline, evidence()).forEach((name, bytes) -> files.put(name, Blob.of(bytes)));
    return files;
  }

  private Outline outline() {
    SortedMap<String, String> digests = new TreeMap<>();
    artifacts.forEach((name, digest) -> digests.put(name, digest.sha256()));
    List<Outline.Model> models = new ArrayList<>();
    for (CollectResults.Row row : corrected.results().rows()) {
      models.add(
          new Outline.Model(
              words(corrected.experiment(), row),
              NetworkDrawing.of(row.evaluations().get(0).training().network())));
    }
    return new Outline(
        corrected.experiment().name(),
        corrected.experiment().title(),
        corrected.experiment().source(),
        corrected.arguments(),
        corrected.experiment().rounds(),
        models,
        asRun.map(this::asRun),
        asRunRemedy,
        asRun
            .map(a -> SpecDifferences.between(corrected.experiment(), a.experiment()))
            .orElse(List.of()),
        workflow(corrected.plan().graph()),
        corrected.plan().environment(),
        digests);
  }

  private Outline.AsRun asRun(Protocol protocol) {
    SortedMap<String, String> digests = new TreeMap<>();
    asRunResults.forEach((name, digest) -> digests.put(name, digest.sha256()));
    return new Outline.AsRun(
        protocol.experiment().name(),
        protocol.arguments(),
        protocol.results().rows().stream().map(r -> words(protocol.experiment(), r)).toList(),
        digests);
  }

  /** Returns a model's words; one that a sweep chose has only those of its claims. */
  private static ClaimsPage.Model words(Experiment experiment, CollectResults.Row row) {
    Map<String, String> remarks = new LinkedHashMap<>();
    for (Published claim : row.published()) {
      claim.remark().ifPresent(remark -> remarks.put(claim.where(), remark));
    }
    String remark =
        experiment.models().stream()
            .filter(m -> m.name().equals(row.model()))
            .findFirst()
            .flatMap(ModelSpec::remark)
            .orElse("");
    return new ClaimsPage.Model(row.model(), row.parameters(), remark, remarks);
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
    List<Evidence.Prediction> predictions = new ArrayList<>();
    for (CollectResults.Row row : corrected.results().rows()) {
      for (Evaluate evaluate : row.evaluations()) {
        String folder =
            String.format(Locale.ROOT, "predictions/%s/round-%02d/", row.model(), evaluate.round());
        predictions.add(
            new Evidence.Prediction(
                row.model(),
                evaluate.round(),
                String.format(
                    Locale.ROOT,
                    "datasets/round-%02d/%s",
                    evaluate.data().round(),
                    GenerateData.TEST),
                table(folder + Evaluate.PREDICTIONS)));
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
        });
  }

  private static SortedMap<String, Digest> results(SortedMap<String, Digest> artifacts) {
    return artifacts.subMap("results/", "results0"); // '0' is the next character after '/'.
  }

  private Map<String, Table> tables(SortedMap<String, Digest> results) throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>();
    for (Map.Entry<String, Digest> result : results.entrySet()) {
      tables.put(
          result.getKey().substring("results/".length()),
          table(result.getKey(), result.getValue()));
    }
    return tables;
  }

  private Table table(String name) throws IOException {
    Digest digest = artifacts.get(name);
    if (digest == null) {
      throw new IllegalStateException("Cannot find " + name + " among the artifacts");
    }
    return table(name, digest);
  }

  private Table table(String name, Digest digest) throws IOException {
    Blob blob =
        workspace
            .blobs()
            .get(digest)
            .orElseThrow(
                () ->
                    new NoResultsException(
                        "Cannot find "
                            + name
                            + " any more; make it anew with: twintail run "
                            + corrected.arguments()));
    return ArrowFiles.decode(blob.bytes());
  }

  /** Returns the digest of the page. */
  static Digest page(Manifest report) {
    return report.output(ReportPage.PAGE);
  }
}
