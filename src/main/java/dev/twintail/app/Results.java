package dev.twintail.app;

import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.report.ClaimTables;
import dev.twintail.report.ClaimsPage;
import dev.twintail.report.CommonVerdicts;
import dev.twintail.report.League;
import dev.twintail.report.ResultNotes;
import dev.twintail.report.SecondEngine;
import dev.twintail.report.SummaryTable;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.ProtocolSpec;
import dev.twintail.spec.Published;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.Stage;
import dev.twintail.verify.VerifiedActions;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The results of a study, as a store holds them. To be used while its session is open. */
public final class Results {
  /** The table of the models' accuracies. */
  public static final String SUMMARY = CollectResults.SUMMARY;

  /** The table of the published numbers beside ours. */
  public static final String PUBLISHED = CollectResults.PUBLISHED;

  private final Study study;
  private final Plan plan;
  private final Workspace workspace;
  private final Manifest manifest;
  private final Optional<ClaimTables> asRun;
  private final Optional<OpenVerdicts> open;

  /**
   * Verdicts that are still open, for want of tables as the authors ran them.
   *
   * @param experiment the experiment's name whose tables they are
   * @param original that experiment, whose results the store lacks; empty if it cannot be read
   * @param claims the claims' rows in {@link #published}
   */
  public record OpenVerdicts(
      String experiment, Optional<Study> original, SortedSet<Integer> claims) {
    public OpenVerdicts {
      claims = Collections.unmodifiableSortedSet(new TreeSet<>(claims));
    }
  }

  private Results(
      Study study,
      Plan plan,
      Workspace workspace,
      Manifest manifest,
      Optional<ClaimTables> asRun,
      Optional<OpenVerdicts> open) {
    this.study = study;
    this.plan = plan;
    this.workspace = workspace;
    this.manifest = manifest;
    this.asRun = asRun;
    this.open = open;
  }

  /** Returns the results that this manifest names, all of which are known to be there. */
  static Results of(Study study, Plan plan, Workspace workspace, Manifest manifest) {
    return new Results(study, plan, workspace, manifest, Optional.empty(), Optional.empty());
  }

  /** Returns the rows of {@link #published} whose verdicts rest on the authors' tables. */
  SortedSet<Integer> claimsOnTables() throws IOException {
    return CommonVerdicts.onTables(claims());
  }

  /** Returns the same, with the verdicts that these tables of the authors' protocol tell. */
  Results judgedBy(Results original) throws IOException {
    return new Results(
        study, plan, workspace, manifest, Optional.of(original.claims()), Optional.empty());
  }

  /** Returns the same, knowing that the store lacks the results of the authors' protocol. */
  Results lacking(Study original) throws IOException {
    SortedSet<Integer> told = new TreeSet<>();
    for (int row : claimsOnTables()) {
      if (isTold(row, original.experiment())) {
        told.add(row);
      }
    }
    return told.isEmpty()
        ? this
        : open(new OpenVerdicts(original.experiment().name(), Optional.of(original), told));
  }

  /** Returns the same, knowing that these verdicts are open. */
  Results open(OpenVerdicts verdicts) {
    return new Results(study, plan, workspace, manifest, Optional.empty(), Optional.of(verdicts));
  }

  /** Returns whether the authors' protocol makes tables that tell the verdict of a claim. */
  private boolean isTold(int row, Experiment original) throws IOException {
    Table published = table(PUBLISHED);
    String place = published.strings("where").get(row);
    for (ModelSpec model : original.models()) {
      ProtocolSpec protocol = model.protocol();
      String shared = protocol.shared().word();
      if (model.name().equals(published.strings("model").get(row))
          && CommonVerdicts.wouldTell(
              published, row, shared, protocol.tables(), original.rounds())) {
        return model.published().stream()
            .filter(claim -> claim.where().equals(place))
            .anyMatch(claim -> claim.standing().conditions() == Published.Conditions.AS_RUN);
      }
    }
    return false;
  }

  private ClaimTables claims() throws IOException {
    return new ClaimTables(table(PUBLISHED), table(CollectResults.EVALUATIONS));
  }

  /** Returns the verdicts that are open for want of another experiment's tables, if there are. */
  public Optional<OpenVerdicts> open() {
    return open;
  }

  /**
   * Returns {@link #PUBLISHED} with every verdict as it is by all that the store holds. The file
   * knows of its own experiment alone, and tables as the authors ran them are of another.
   */
  public Table published() throws IOException {
    return asRun.isPresent() ? CommonVerdicts.published(claims(), asRun.get()) : table(PUBLISHED);
  }

  /** Returns {@link #SUMMARY} with every verdict as {@link #published} has it. */
  public Table accuracies() throws IOException {
    Table summary =
        table(SUMMARY).require(CollectResults.SUMMARY_SCHEMA, CollectResults.SUMMARY_VERSION);
    return asRun.isPresent() ? CommonVerdicts.summary(summary, published()) : summary;
  }

  /** Returns the results; empty if they are not all there and intact. */
  static Optional<Results> find(Study study, Plan plan, Workspace workspace) throws IOException {
    Optional<Manifest> manifest =
        plan.graph().results().flatMap(plan::known).map(Plan.KnownResult::manifest);
    if (manifest.isEmpty()) {
      return Optional.empty();
    }
    boolean intact = true;
    for (Digest digest : manifest.get().outputs().values()) {
      intact &= workspace.blobs().verify(digest);
    }
    return intact
        ? Optional.of(Results.of(study, plan, workspace, manifest.get()))
        : Optional.empty();
  }

  /**
   * Returns the results of a part of an experiment that were never gathered as such, though all
   * that they are gathered from is there: gathered now, and kept in memory. Empty if they need not
   * be, or cannot.
   *
   * @param view writes into memory
   */
  static Optional<Results> gather(Study study, Plan plan, Workspace view) throws IOException {
    Optional<Graph.Node> node = plan.graph().results();
    if (!study.isPart() || node.isEmpty() || !plan.pending().equals(List.of(node.get()))) {
      return Optional.empty();
    }
    Map<String, Digest> inputs = new HashMap<>();
    Preimage preimage = plan.preimage(node.get()).orElseThrow();
    for (Preimage.Field field : preimage.fields()) {
      field.digest().ifPresent(digest -> inputs.put(field.name(), digest));
    }
    SortedMap<String, Digest> outputs = new TreeMap<>();
    Stage.Inputs bytes =
        role -> blob(view, Objects.requireNonNull(inputs.get(role)), "input " + role).bytes();
    for (Map.Entry<String, Blob> output :
        node.get().stage().run(bytes, study.engine().trainer(note -> {})).entrySet()) {
      view.blobs().put(output.getValue());
      outputs.put(output.getKey(), output.getValue().digest());
    }
    Manifest manifest = Manifest.of(outputs);
    Map<Graph.Node, Plan.KnownResult> known = new HashMap<>();
    plan.graph().nodes().forEach(n -> plan.known(n).ifPresent(k -> known.put(n, k)));
    known.put(
        node.get(),
        new Plan.KnownResult(preimage.key(), manifest, Optional.of(preimage.blob().digest())));
    return Optional.of(Results.of(study, plan.with(known), view, manifest));
  }

  /** Returns all models from best to worst. */
  public League league() throws IOException {
    return League.of(
        table(CollectResults.SUMMARY),
        table(CollectResults.EVALUATIONS),
        table(CollectResults.COMPARISONS));
  }

  /** Returns where what they are made of can be read. */
  Workspace workspace() {
    return workspace;
  }

  /**
   * Returns the results.
   *
   * @throws NoResultsException if they are not all there
   */
  static Results require(Study study, Plan plan, Workspace workspace) throws IOException {
    return find(study, plan, workspace)
        .orElseThrow(
            () ->
                new NoResultsException(
                    plan.pending().isEmpty()
                        ? "Cannot read these results: their tables are damaged in the store"
                        : "Cannot find these results in the store: "
                            + plan.pending().size()
                            + " of "
                            + plan.graph().nodes().size()
                            + " actions are pending",
                    new Remedy.RunExperiment(study.asNamed())));
  }

  /** Returns what they are the results of. */
  public Study study() {
    return study;
  }

  /** Returns the plan of the study, of which nothing is pending. */
  public Plan plan() {
    return plan;
  }

  /** Returns the digests of the tables by name, such as {@code summary.arrow}. */
  public SortedMap<String, Digest> digests() {
    return manifest.outputs();
  }

  /**
   * Returns one of the tables that {@link #digests} names. The columns of each are in {@code
   * docs/results.md}.
   *
   * @throws NoResultsException if the store lost it
   */
  public Table table(String name) throws IOException {
    return table(workspace, manifest.output(name), name);
  }

  /** Returns the file of one of the tables that {@link #digests} names. */
  Blob file(String name) throws IOException {
    return blob(workspace, manifest.output(name), name);
  }

  /**
   * Returns the table of the models' accuracies, as the command line prints it, with what is to be
   * known of it below.
   */
  public SummaryTable summary() throws IOException {
    Map<String, Map<ClaimsPage.ClaimedPlace, String>> remarks = new LinkedHashMap<>();
    rows().forEach(row -> remarks.put(row.model(), words(row).claimRemarks()));
    Table accuracies = accuracies();
    return SummaryTable.of(accuracies)
        .noting(
            ResultNotes.of(
                accuracies,
                table(CollectResults.EVALUATIONS),
                published(),
                study.experiment().claimsRemark(),
                remarks));
  }

  static SummaryTable summary(Blob blob) throws IOException {
    return SummaryTable.of(
        ArrowFiles.decode(blob.bytes())
            .require(CollectResults.SUMMARY_SCHEMA, CollectResults.SUMMARY_VERSION));
  }

  /**
   * Returns what the other engine made of the same pairs, in as many first rounds as the store
   * holds; empty if it holds none.
   */
  public Optional<SecondEngine> secondEngine() throws IOException, InterruptedException {
    return OtherEngine.of(this).map(OtherEngine.OtherEvaluations::second);
  }

  /** Returns every prediction of every model in every round. */
  public Table predictions() throws IOException {
    return tables().predictions();
  }

  /** Returns every output of every action, with its key and digest. */
  public Table actions() {
    return tables().actions();
  }

  /** Returns when and where every action was executed, which differs from store to store. */
  public Table timings() throws IOException {
    return tables().timings();
  }

  private ExperimentTables tables() {
    return new ExperimentTables(plan, workspace);
  }

  /** Returns how often the actions of each model were computed again with the same bytes. */
  public VerifiedActions verified() throws IOException, InterruptedException {
    return VerifiedActions.of(plan, workspace.verifications());
  }

  /** Returns the models that the results are of, those that sweeps chose included. */
  List<CollectResults.ResultRow> rows() {
    return ((CollectResults) plan.graph().results().orElseThrow().stage()).rows();
  }

  /** Returns the models' words; one that a sweep chose has only those of its claims. */
  List<ClaimsPage.ClaimedModel> words() {
    return rows().stream().map(this::words).toList();
  }

  /** Returns the words of one of the models. */
  ClaimsPage.ClaimedModel words(CollectResults.ResultRow row) {
    Map<ClaimsPage.ClaimedPlace, String> remarks = new LinkedHashMap<>();
    for (Published claim : row.published()) {
      String split = claim.split().name().toLowerCase(Locale.ROOT);
      claim
          .remark()
          .ifPresent(
              remark -> remarks.put(new ClaimsPage.ClaimedPlace(split, claim.where()), remark));
    }
    String remark =
        study.experiment().models().stream()
            .filter(m -> m.name().equals(row.model()))
            .findFirst()
            .flatMap(ModelSpec::remark)
            .orElse("");
    return new ClaimsPage.ClaimedModel(row.model(), row.parameters(), remark, remarks);
  }

  /**
   * Returns a table of the store.
   *
   * @param what it is, for people
   */
  static Table table(Workspace workspace, Digest digest, String what) throws IOException {
    return ArrowFiles.decode(blob(workspace, digest, what).bytes());
  }

  /** Returns a blob that a plan named a moment ago. */
  static Blob blob(Workspace workspace, Digest digest, String what) throws IOException {
    return workspace
        .blobs()
        .get(digest)
        .orElseThrow(
            () ->
                new NoResultsException("Cannot find " + what + " any more", new Remedy.RunAgain()));
  }
}
