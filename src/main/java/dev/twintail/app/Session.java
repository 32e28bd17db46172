package dev.twintail.app;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.action.NonReproducibleException;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.Trainer;
import dev.twintail.pipeline.BeamRunner;
import dev.twintail.pipeline.ExperimentRun;
import dev.twintail.plan.Estimate;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Lineage;
import dev.twintail.plan.Plan;
import dev.twintail.record.Attempt;
import dev.twintail.record.AttemptLog;
import dev.twintail.record.Machine;
import dev.twintail.record.Provenance;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.spec.SpecException;
import dev.twintail.stage.OutputFormats;
import dev.twintail.stage.StageName;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.OverlayObjectStore;
import dev.twintail.store.s3.S3Location;
import dev.twintail.store.s3.S3ObjectStore;
import dev.twintail.trust.KeyFileException;
import dev.twintail.trust.SigningKey;
import dev.twintail.trust.Trust;
import dev.twintail.trust.TrustedKey;
import dev.twintail.upkeep.GarbageCollector;
import dev.twintail.upkeep.LeasedStore;
import dev.twintail.upkeep.StoreCheck;
import dev.twintail.upkeep.StoreCopy;
import dev.twintail.upkeep.StoreProgress;
import dev.twintail.upkeep.StoreUsage;
import dev.twintail.verify.RecordedAction;
import dev.twintail.verify.RecordedActions;
import dev.twintail.verify.Verification;
import dev.twintail.workspace.Workspace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open store and whose results in it count: where studies are planned, run, verified and read.
 *
 * <pre>{@code
 * try (Session session = Session.at("artifacts").open()) {
 *   Results results = session.run(Study.read(Path.of("vieli2021")), RunSettings.standard()).results();
 * }
 * }</pre>
 *
 * <p>All methods that read throw an {@link IOException} of one line if the store cannot be read;
 * one session may serve several threads, but run one study at a time.
 */
public final class Session implements Closeable {
  private static final List<String> STORE_FOLDERS =
      List.of("ac", "cas", "downloads", "leases", "packs", "provenance", "runs", "tmp");

  private final ObjectStore objects;
  private final Path downloads;
  private final Trust trust;
  private final Consumer<String> notes;
  private final Workspace workspace;
  private final boolean guarded;

  /** What is to be closed first, also in the midst of its work: a leased store, or a collector. */
  private @Nullable Closeable held;

  /** The run under way. */
  private @Nullable Attempt attempt;

  private Session(Builder builder, ObjectStore objects, Path downloads, Trust trust) {
    this.objects = objects;
    this.downloads = downloads;
    this.trust = trust;
    this.notes = builder.notes;
    this.guarded = builder.signing != null || !builder.trusted.isEmpty();
    this.workspace = workspace(objects, RunRecord.newId(Instant.now()));
  }

  /** What becomes of a store that is not there. */
  private enum Absence {
    REFUSED,
    MADE
  }

  /** How a session is opened. */
  public static final class Builder {
    private final String location;
    private final List<Path> trusted = new ArrayList<>();
    private @Nullable Path signing;
    private Consumer<String> notes = line -> {};
    private Absence absence = Absence.REFUSED;

    private Builder(String location) {
      this.location = location;
    }

    /** Believes only results signed with one of these keys, if there are any; others are absent. */
    public Builder trusting(List<Path> publicKeys) {
      trusted.addAll(publicKeys);
      return this;
    }

    /** Signs what is executed or reproduced. */
    public Builder signing(Path privateKey) {
      signing = privateKey;
      return this;
    }

    /**
     * Tells, in lines for people, what was mended, waited for or left out on the way. Called by
     * several threads.
     */
    public Builder telling(Consumer<String> listener) {
      notes = listener;
      return this;
    }

    /** Has the store made by what is written first, where there is none. */
    public Builder creating() {
      absence = Absence.MADE;
      return this;
    }

    /**
     * Opens the session.
     *
     * @throws RequestException if there is no such key, or the location is none of a store
     * @throws NoStoreException if there is no store, and none is to be made
     */
    public Session open() throws IOException {
      List<TrustedKey> believed = new ArrayList<>();
      Optional<SigningKey> signer = Optional.empty();
      try {
        for (Path file : trusted) {
          believed.add(TrustedKey.read(file));
        }
        if (signing != null) {
          signer = Optional.of(SigningKey.read(signing));
        }
      } catch (KeyFileException e) {
        throw new RequestException(String.valueOf(e.getMessage()));
      }
      ObjectStore objects = objects();
      return new Session(this, objects, downloads(), Trust.of(objects, believed, signer));
    }

    private ObjectStore objects() throws IOException {
      if (!S3Location.isMeantBy(location)) {
        LocalObjectStore store = LocalObjectStore.open(folder());
        if (absence == Absence.REFUSED) {
          requireStore(folder());
        }
        return store;
      }
      S3ObjectStore store;
      try {
        store = S3ObjectStore.open(S3Location.parse(location), notes);
      } catch (IllegalArgumentException e) {
        throw new RequestException(String.valueOf(e.getMessage()));
      }
      if (absence == Absence.REFUSED && store.isEmpty()) {
        store.close();
        throw new NoStoreException(location, "nothing is there");
      }
      return store;
    }

    /** A folder is a store if it has one of the folders that the first of all runs makes. */
    private static void requireStore(Path folder) throws NoStoreException {
      if (!Files.exists(folder)) {
        throw new NoStoreException(folder.toString(), "there is no such folder");
      }
      if (STORE_FOLDERS.stream().noneMatch(name -> Files.isDirectory(folder.resolve(name)))) {
        throw new NoStoreException(folder.toString(), "this folder is none");
      }
    }

    /** Returns the folder where files lie while they are downloaded. */
    private Path downloads() {
      return S3Location.isMeantBy(location)
          ? Installation.cache().resolve("downloads")
          : folder().resolve("downloads");
    }

    private Path folder() {
      if (location.isBlank() || location.contains("://")) {
        throw new RequestException(
            "Cannot use '"
                + location.replaceAll("//[^/]*@", "//…@")
                + "' as a store: expected a folder, such as artifacts/, or s3://bucket/prefix");
      }
      try {
        return Path.of(location).toAbsolutePath().normalize();
      } catch (InvalidPathException e) {
        throw new RequestException("Cannot use '" + location + "' as a store: " + e.getReason());
      }
    }
  }

  /**
   * Begins a session on a store.
   *
   * @param location a folder, or {@code s3://bucket/prefix}
   */
  public static Builder at(String location) {
    return new Builder(location);
  }

  /**
   * Returns a session on a store that is open, of someone who believes all that is there.
   *
   * @param downloads where files lie while they are downloaded
   * @param notes hears what a session has to tell
   */
  public static Session over(ObjectStore objects, Path downloads, Consumer<String> notes) {
    Builder builder = new Builder(objects.location()).telling(notes);
    return new Session(builder, objects, downloads, Trust.everybody());
  }

  private Workspace workspace(ObjectStore store, String run) {
    return Workspace.of(store, notes::accept, Installation.version(), run, trust);
  }

  /** Returns where the store is. */
  public String location() {
    return objects.location();
  }

  /** Returns what the store holds of a study and what a run would execute; every blob is read. */
  public Plan plan(Study study) throws IOException, InterruptedException {
    return told(Plan.resolve(study.experiment(), study.preimages(), workspace, processors()));
  }

  /** Returns the same as {@link #plan}, but believes names and sizes, which is quicker. */
  public Plan survey(Study study) throws IOException, InterruptedException {
    return told(Plan.survey(study.experiment(), study.preimages(), workspace, processors()));
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private Plan told(Plan plan) {
    tellRefused();
    return plan;
  }

  private void tellRefused() {
    int refused = trust.refused();
    if (refused > 0) {
      notes.accept(
          refused
              + (refused == 1 ? " recorded action is" : " recorded actions are")
              + " not signed with a trusted key and counted as absent");
    }
  }

  /**
   * Executes what is pending of a study, puts the run on record, and returns what was done.
   *
   * @throws NonReproducibleException if an action gave other bytes than are on record
   * @throws Exception the first failure of an action, as the action threw it, or what the store or
   *     the sources of the digits throw
   */
  public RunReport run(Study study, RunSettings settings) throws Exception {
    requireReachable(settings.runner());
    Instant started = Instant.now();
    String id = RunRecord.newId(started);
    Trainer trainer = study.engine().trainer(notes);
    begin(
        new Attempt(
            id,
            study.experiment().name(),
            Installation.version(),
            started,
            started,
            Machine.current().host(),
            settings.workers(),
            Attempt.Ending.INTERRUPTED,
            ""));
    try (LeasedStore leased = lease(id)) {
      Workspace running = workspace(leased, id);
      DigitSupply digits =
          new DigitSupply(running.blobs(), downloads, settings.digits(), settings.watcher(), notes);
      ExperimentRun.Summary summary =
          new ExperimentRun(running, trainer, settings.workers(), settings.watcher())
              .with(settings.belief())
              .with(settings.onFailure())
              .on(settings.runner(), () -> site(study, settings.runner()))
              .run(id, study.experiment(), digits);
      RunRecord record =
          new RunRecord(
              id,
              study.experiment().name(),
              Installation.version(),
              started,
              Instant.now(),
              Machine.current().host(),
              settings.workers(),
              summary.steps());
      if (leased.lapsed()) {
        requireUncollected(record, running);
      }
      append(record, running);
      begin(null);
      return new RunReport(
          record,
          summary.executed(),
          judged(Results.of(study, summary.after(), workspace, summary.results())));
    } catch (Exception | Error e) {
      end(
          e instanceof InterruptedException ? Attempt.Ending.INTERRUPTED : Attempt.Ending.FAILED,
          String.valueOf(e.getMessage()));
      throw e;
    } finally {
      tellRefused();
    }
  }

  private StudySite site(Study study, BeamRunner runner) {
    return new StudySite(
        study.recipe(),
        new TreeMap<>(study.engine().environment()),
        runner.engine() == BeamRunner.RunnerName.DIRECT ? "" : EngineProbe.bits(study.engine()),
        location(),
        Installation.version());
  }

  /** Refuses what the workers of a runner could not have. */
  private void requireReachable(BeamRunner runner) {
    if (runner.engine() == BeamRunner.RunnerName.DIRECT) {
      return;
    }
    if (guarded) {
      throw new RequestException(
          "Cannot run on Flink and sign, or trust some keys alone: a signing key never leaves this"
              + " machine, and what workers compute unsigned would not be trusted; run without, then"
              + " verify and sign here");
    }
    if (runner.cluster().isPresent() && !S3Location.isMeantBy(location())) {
      throw new RequestException(
          ("Cannot run on the cluster %s with the store %s: its machines do not have this folder; use"
                  + " a store at s3://bucket/prefix, or no cluster")
              .formatted(runner.cluster().get(), location()));
    }
  }

  /** Announces work in the store; who may not announce it can only read what is returned. */
  private LeasedStore lease(String id) throws IOException, InterruptedException {
    LeasedStore leased = LeasedStore.use(objects, id, notes);
    hold(leased);
    return leased;
  }

  private synchronized void hold(Closeable closeable) {
    held = closeable;
  }

  /** Makes sure that no collection took what the run reused while this machine slept. */
  private void requireUncollected(RunRecord record, Workspace running) throws IOException {
    for (RunRecord.Step step : record.steps()) {
      if (running.cache().lookupVerified(step.key()).isEmpty()) {
        throw new IOException(
            "Cannot finish: a garbage collection removed what this run reused while this machine"
                + " slept or could not reach "
                + location()
                + "; run again: what is there is kept");
      }
    }
  }

  private synchronized void begin(@Nullable Attempt next) {
    attempt = next;
  }

  /** Writes down, once, that the run under way comes to no end. */
  private void end(Attempt.Ending ending, String message) {
    Attempt broken;
    synchronized (this) {
      broken = attempt;
      attempt = null;
    }
    if (broken == null) {
      return;
    }
    try {
      new AttemptLog(objects)
          .append(
              new Attempt(
                  broken.id(),
                  broken.spec(),
                  broken.programVersion(),
                  broken.started(),
                  Instant.now(),
                  broken.host(),
                  broken.workers(),
                  ending,
                  message.lines().findFirst().orElse("")));
    } catch (IOException | IllegalStateException e) {
      // Why the run broke off is told, and matters more than that it cannot be written down.
    }
  }

  /** Writes the run down. Where nothing was executed, a read-only store is no reason to fail. */
  private void append(RunRecord record, Workspace running) throws IOException {
    try {
      running.runs().append(record);
    } catch (IOException e) {
      if (record.counts().values().stream().anyMatch(c -> c.executed() > 0)) {
        throw e;
      }
      notes.accept("This run is not recorded: " + e.getMessage());
    }
  }

  /**
   * Computes what the store holds of a study again, compares byte for byte and records the outcome.
   *
   * @throws NoResultsException if it holds nothing of what is to be verified
   * @throws Exception what the first action that failed threw, or what the store throws
   */
  public VerifyReport verify(
      Study study, VerifySettings settings, VerifyReport.VerifyListener listener) throws Exception {
    String id = RunRecord.newId(Instant.now());
    Trainer trainer = study.engine().trainer(notes);
    try (LeasedStore leased = lease(id)) {
      Workspace verifying = workspace(leased, id);
      RecordedActions recorded =
          RecordedActions.of(study.experiment(), study.preimages(), verifying, settings.workers());
      tellRefused();
      List<RecordedAction> all =
          recorded.all().stream()
              .filter(a -> settings.stages().contains(a.node().stage().name()))
              .filter(
                  a ->
                      settings.actions().isEmpty()
                          || settings.actions().stream()
                              .anyMatch(p -> p.matches(a.node(), a.preimage().key())))
              .toList();
      List<Graph.Node> pending = new ArrayList<>(recorded.graph().nodes());
      pending.removeAll(recorded.all().stream().map(RecordedAction::node).toList());
      // The results of a part of an experiment are other ones, which nobody may have gathered.
      pending.removeIf(
          n ->
              !settings.stages().contains(n.stage().name())
                  || (!settings.actions().isEmpty()
                      && settings.actions().stream().noneMatch(p -> p.names(n)))
                  || (study.isPart() && n.stage().name() == StageName.RESULTS));
      if (all.isEmpty() && pending.isEmpty() && !settings.actions().isEmpty()) {
        throw new RequestException(
            "Cannot find the action '" + settings.actions().get(0) + "' in these stages");
      }
      if (all.isEmpty() && pending.isEmpty()) {
        throw new RequestException(
            "Cannot verify " + study.asNamed() + ": it has no actions of these stages");
      }
      if (all.isEmpty()) {
        int count = pending.size();
        throw new NoResultsException(
            "Cannot find "
                + (count == 1 ? "this action" : "any of these " + count + " actions")
                + " in the store",
            new Remedy.RunExperiment(study.asNamed()));
      }
      List<RecordedAction> chosen =
          settings.sample().isEmpty()
              ? all
              : RecordedActions.sample(
                  all,
                  settings.sample().getAsInt(),
                  settings.seed().orElse(study.experiment().seed()));
      listener.chosen(chosen.size());
      Verification.Recomputations found =
          new Verification(
                  verifying, trainer, settings.workers(), id, Installation.version(), listener)
              .verify(chosen);
      return new VerifyReport(found, pending, all.size() + pending.size());
    }
  }

  /**
   * Returns the results of a study, without running anything. Those of a part of an experiment are
   * gathered from what is there, and not stored.
   *
   * @throws NoResultsException if the store does not hold them all
   */
  public Results results(Study study) throws IOException, InterruptedException {
    return judged(results(study, survey(study), view()));
  }

  /**
   * Returns the results of a study, whose verdicts rest on the tables of another protocol than the
   * one beside it.
   *
   * @throws NoResultsException if the store does not hold them all
   */
  public Results results(Study study, Study asRun) throws IOException, InterruptedException {
    return judged(results(study, survey(study), view()), asRun);
  }

  private Results results(Study study, Plan plan, Workspace view) throws IOException {
    Optional<Results> gathered = Results.gather(study, plan, view);
    return gathered.isPresent() ? gathered.get() : Results.require(study, plan, workspace);
  }

  private Optional<Results> find(Study study, Plan plan, Workspace view) throws IOException {
    try {
      Optional<Results> gathered = Results.gather(study, plan, view);
      return gathered.isPresent() ? gathered : Results.find(study, plan, workspace);
    } catch (NoResultsException e) { // What they are gathered from is damaged.
      return Optional.empty();
    }
  }

  /** Returns the results with all verdicts that the store tells, those on tables included. */
  private Results judged(Results results) throws IOException, InterruptedException {
    Study study = results.study();
    Path file = study.asRunFile();
    SortedSet<Integer> onTables = results.claimsOnTables();
    if (onTables.isEmpty() || Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      return results;
    }
    Optional<Study> asRun;
    try {
      asRun = study.like(file);
    } catch (SpecException | RequestException e) {
      // Another experiment's fault must not withhold these results.
      notes.accept("Verdicts are left open: " + e.getMessage());
      String name = String.valueOf(file.getFileName());
      return results.open(new Results.OpenVerdicts(name, Optional.empty(), onTables));
    }
    return asRun.isPresent() ? judged(results, asRun.get()) : results;
  }

  private Results judged(Results results, Study asRun) throws IOException, InterruptedException {
    Optional<Results> tables = find(asRun, survey(asRun), view());
    return tables.isPresent() ? results.judgedBy(tables.get()) : results.lacking(asRun);
  }

  /** Returns the store as it would be with what is gathered in memory. */
  private Workspace view() {
    return workspace(new OverlayObjectStore(objects), RunRecord.newId(Instant.now()));
  }

  /** Returns the names of what the store holds of a study; names and sizes are believed. */
  public Catalogue catalogue(Study study) throws IOException, InterruptedException {
    return new Catalogue(gathered(study, survey(study)).plan(), study);
  }

  /** A plan, and where what it knows can be read. */
  private record Knowledge(Plan plan, Workspace workspace) {}

  /** Returns the plan with the results of a part gathered, if they can be. */
  private Knowledge gathered(Study study, Plan plan) throws IOException {
    try {
      return Results.gather(study, plan, view())
          .map(results -> new Knowledge(results.plan(), results.workspace()))
          .orElseGet(() -> new Knowledge(plan, workspace));
    } catch (NoResultsException e) { // What else is there may be all that is asked for.
      return new Knowledge(plan, workspace);
    }
  }

  /**
   * Copies artifacts of a study into a folder; the results of a part are gathered where needed.
   *
   * @param patterns names, folders or globs as {@link Catalogue#matching} reads them
   * @param written hears of each file
   * @return the names of those that are not there yet, as {@link Catalogue#pending} has them
   * @throws NoResultsException if one of them names nothing, or what it names is lost; the others
   *     are copied then
   */
  public SortedSet<String> get(
      Study study, List<String> patterns, OutputFolder folder, Consumer<Path> written)
      throws IOException, InterruptedException {
    // What is recorded and lost is told, and not passed over.
    Plan recorded = Plan.recorded(study.experiment(), study.preimages(), workspace, processors());
    Knowledge found =
        Patterns.split(patterns).stream().anyMatch(Catalogue::mayNameResults)
            ? gathered(study, told(recorded))
            : new Knowledge(told(recorded), workspace);
    Catalogue catalogue = new Catalogue(found.plan(), study);
    SortedMap<String, Digest> files = catalogue.matching(patterns);
    folder.requireReplaceable(files);
    List<String> lost = new ArrayList<>();
    for (Map.Entry<String, Digest> file : files.entrySet()) {
      Optional<Blob> blob = found.workspace().blobs().get(file.getValue());
      if (blob.isPresent()) {
        written.accept(folder.write(blob.get(), file.getKey()));
      } else {
        lost.add(file.getKey());
      }
    }
    if (!lost.isEmpty()) {
      throw new NoResultsException(
          "Cannot copy "
              + lost.size()
              + " of "
              + files.size()
              + " files, which are missing or damaged in the store: "
              + String.join(", ", lost),
          new Remedy.RunExperiment(study.asNamed()));
    }
    return catalogue.pending(patterns);
  }

  /**
   * Writes results, with where they come from, in a form in which others keep them.
   *
   * @param patterns what to keep, as {@link Catalogue#matching} reads them; the results if empty
   * @param written hears of each file
   * @throws NoResultsException if the store lost one of them
   */
  public void export(
      Results results,
      ExportFormat format,
      List<String> patterns,
      OutputFolder folder,
      Consumer<Path> written)
      throws IOException, InterruptedException {
    new Export(results, patterns, folder, written, notes).write(format);
  }

  /**
   * Returns the results as one page for a browser, with Markdown and SVG beside it. The page is
   * made once and kept in the store.
   *
   * @param original the authors' protocol, if there is one; its results may be missing
   * @throws NoResultsException if the store does not hold the results of the study
   */
  public Report report(Study study, Optional<Study> original)
      throws IOException, InterruptedException, NonReproducibleException {
    String id = RunRecord.newId(Instant.now());
    Plan plan = survey(study);
    Workspace view = view();
    Optional<Results> asRun = Optional.empty();
    if (original.isPresent()) {
      asRun = find(original.get(), survey(original.get()), view);
    }
    tellRefused();
    Results results = results(study, plan, view);
    boolean gathered =
        results.workspace().equals(view)
            || asRun.filter(r -> r.workspace().equals(view)).isPresent();
    return new ReportAction(gathered ? view : workspace, results, original, asRun)
        .execute(id, notes);
  }

  /**
   * Returns a page of Markdown with what a report claims beside what comes out.
   *
   * @param asRun the authors' protocol
   * @throws NoResultsException if the store does not hold the results of both
   */
  public String claims(Study study, Study asRun) throws IOException, InterruptedException {
    Workspace view = view();
    return ReportPages.claims(
        results(study, survey(study), view), results(asRun, survey(asRun), view));
  }

  /**
   * Returns a page of Markdown with all models from best to worst.
   *
   * @throws NoResultsException if the store does not hold the results
   */
  public String league(Study study) throws IOException, InterruptedException {
    return ReportPages.league(results(study));
  }

  /** Returns who explains, by the runs on record now, why actions of a study are executed. */
  public Explainer explainer(Study study) throws IOException {
    return Explainer.over(workspace, study.experiment().name());
  }

  /** Returns how long what is pending of a plan takes here, and how large it will be. */
  public Estimate estimate(Plan plan) throws IOException, InterruptedException {
    return Estimate.of(plan, workspace);
  }

  /** Returns the runs on record. */
  public RunLog runs() {
    return workspace.runs();
  }

  /** Returns the runs that failed or were interrupted. */
  public AttemptLog attempts() {
    return new AttemptLog(objects);
  }

  /** Returns every execution of an action on record, the oldest first. */
  public List<Provenance> executions(ActionKey key) throws IOException {
    return ProvenanceLog.of(key, objects);
  }

  /** Returns where and when a run executed its actions, as far as that is on record. */
  public Map<ActionKey, Provenance> executions(RunRecord run)
      throws IOException, InterruptedException {
    return ProvenanceLog.of(run, objects);
  }

  /** Returns what a key is made of. */
  public Optional<Preimage> preimage(ActionKey key) throws IOException {
    return workspace.cache().preimage(key);
  }

  /** Returns what an action put out. */
  public Optional<Manifest> manifest(ActionKey key) throws IOException {
    return workspace.cache().lookup(key);
  }

  /** Returns the table of a run's accuracies by its digest. */
  public Optional<SummaryTable> summary(Digest digest) throws IOException {
    Optional<Blob> blob = workspace.blobs().get(digest);
    return blob.isEmpty() ? Optional.empty() : Optional.of(Results.summary(blob.get()));
  }

  /**
   * Returns where blobs come from and what was made of them.
   *
   * @param prefixes each six or more hexadecimal digits of a SHA-256, or of a key
   * @param depth how many actions in a row are followed, up and down
   */
  public Optional<Lineage> lineage(Collection<String> prefixes, int depth)
      throws IOException, InterruptedException {
    return Lineage.of(prefixes, depth, workspace);
  }

  /**
   * Copies to another store what it lacks of this one; verified on the way.
   *
   * @param width how many objects at once; as many as suit the stores if empty
   */
  public StoreCopy.CopyReport copyTo(Session other, Optional<Integer> width, StoreProgress progress)
      throws IOException, InterruptedException {
    int parallel = width.orElse(Math.max(objects.parallelism(), other.objects.parallelism()));
    try (LeasedStore leased = other.lease(RunRecord.newId(Instant.now()))) {
      leased.requireWritable();
      return new StoreCopy(objects, leased, parallel, progress).copy();
    }
  }

  /** Returns how much the store holds, by kind. */
  public SortedMap<String, StoreUsage> usage(StoreProgress progress) throws IOException {
    return StoreUsage.of(objects, progress);
  }

  /** Returns who hashes what the store holds. */
  public StoreCheck check(StoreProgress progress) {
    return new StoreCheck(objects, progress, OutputFormats::fault);
  }

  /**
   * Returns who removes what no run on record needs, nor any of these keys.
   *
   * @param runless what becomes of the rest where no run is on record
   */
  public GarbageCollector collector(
      Set<ActionKey> pinned, GarbageCollector.Runless runless, StoreProgress progress) {
    GarbageCollector collector = new GarbageCollector(objects, pinned, runless, notes, progress);
    hold(collector);
    return collector;
  }

  /**
   * Ends the session, also in the midst of a run, as when the process is interrupted: what was
   * finished is kept.
   */
  @Override
  public void close() throws IOException {
    end(Attempt.Ending.INTERRUPTED, "");
    Closeable first;
    synchronized (this) {
      first = held;
      held = null;
    }
    try {
      if (first != null) {
        first.close();
      }
    } finally {
      objects.close();
    }
  }
}
