package dev.twintail.cli;

import dev.twintail.action.Manifest;
import dev.twintail.archive.Deposit;
import dev.twintail.archive.InTotoStatement;
import dev.twintail.archive.ModelCard;
import dev.twintail.archive.RoCrate;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.check.ClaimPlace;
import dev.twintail.check.JudgedClaim;
import dev.twintail.data.DigitFile;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.Plan;
import dev.twintail.record.Provenance;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.spec.DigitsSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import dev.twintail.stage.CollectResults;
import dev.twintail.stage.GenerateData;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export}: results in the forms in which others keep them. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Writes results for an archive, with where they come from; runs nothing.")
final class ExportCommand implements Callable<Integer> {
  /** What is written. */
  enum Format {
    RO_CRATE,
    IN_TOTO,
    MODEL_CARD;

    /** Reads what users write. */
    static Format parse(String text) {
      for (Format format : values()) {
        if (format.toString().equals(text)) {
          return format;
        }
      }
      throw new UsageException(
          "Cannot export as '" + text + "': --format needs ro-crate, in-toto or model-card");
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final String FOLDER = "pipelines/";
  private static final String WEIGHTS = "weights.safetensors";

  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;

  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      description = {
        "What to keep, as 'ls' prints it: names, folders or globs.",
        "Default: results. Model cards need none."
      })
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = {
        "ro-crate: a folder with the files and their metadata (Workflow Run profile); "
            + "in-toto: a statement with SLSA provenance of the files' digests; "
            + "model-card: a page for each model."
      })
  private String format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to write into; made when needed.")
  private Path output;

  @Option(names = "--force", description = "Replace files that hold something else.")
  private boolean force;

  @Mixin private TrustOption trust;
  @Mixin private StoreOption store;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  ExportCommand() {}

  @Override
  public Integer call() throws Exception {
    Format wanted = Format.parse(format);
    if (wanted == Format.MODEL_CARD && !patterns.isEmpty()) {
      throw new UsageException("Cannot choose files for model cards: leave out " + patterns.get(0));
    }
    Experiment experiment = options.read();
    OutputFolder folder = force ? OutputFolder.replacing(output) : OutputFolder.keeping(output);
    PrintWriter err = command.commandLine().getErr();
    TrustOption.Keys keys = trust.read();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "export", keys.in(objects));
      Plan plan = Results.plan(experiment, options, workspace);
      TrustOption.warn(workspace.trust(), err::println);
      Manifest results = Results.manifest(plan, options.asNamed());
      SortedMap<String, Blob> documents = new TreeMap<>();
      switch (wanted) {
        case RO_CRATE -> {
          Sources sources = sources(experiment, plan);
          Deposit deposit = deposit(experiment, plan, workspace, sources);
          documents.putAll(sources.specs());
          documents.put(sources.lockName(), sources.lock());
          documents.put(RoCrate.FILE, blob(RoCrate.of(deposit)));
          writeArtifacts(deposit.files(), workspace, folder);
        }
        case IN_TOTO -> {
          Deposit deposit = deposit(experiment, plan, workspace, sources(experiment, plan));
          documents.put(experiment.name() + ".intoto.json", blob(InTotoStatement.of(deposit)));
        }
        case MODEL_CARD -> documents.putAll(cards(experiment, plan, results, workspace, err));
      }
      for (Map.Entry<String, Blob> document : documents.entrySet()) {
        write(document.getValue(), document.getKey(), folder);
      }
    }
    return ExitCode.OK;
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(Blob blob, String name, OutputFolder folder) throws IOException {
    command.commandLine().getOut().println(folder.write(blob, name));
  }

  /** Writes one after the other: together they may be more than the memory holds. */
  private void writeArtifacts(List<Deposit.Item> files, Workspace workspace, OutputFolder folder)
      throws IOException {
    for (Deposit.Item file : files) {
      Blob blob =
          workspace
              .blobs()
              .get(file.digest())
              .orElseThrow(
                  () -> new NoResultsException("Cannot find " + file.name() + " any more"));
      write(blob, file.name(), folder);
    }
  }

  /**
   * What the results were made from, by the names in the deposit.
   *
   * @param specs the spec and the files that it includes
   */
  private record Sources(SortedMap<String, Blob> specs, String lockName, Blob lock) {}

  private Sources sources(Experiment experiment, Plan plan) throws IOException {
    SortedMap<String, Blob> specs = new TreeMap<>();
    for (Map.Entry<String, Path> spec : specs().entrySet()) {
      specs.put(spec.getKey(), Blob.of(Files.readAllBytes(spec.getValue())));
    }
    return new Sources(specs, experiment.name() + ".lock", blob(LockFile.of(plan).text()));
  }

  private Deposit deposit(Experiment experiment, Plan plan, Workspace workspace, Sources sources)
      throws IOException {
    Plan.Known results = plan.graph().results().flatMap(plan::known).orElseThrow();
    List<Deposit.Item> specs = new ArrayList<>();
    sources.specs().forEach((name, spec) -> specs.add(new Deposit.Item(name, spec.digest())));
    String own = FOLDER + options.file().getFileName();
    specs.sort((a, b) -> Boolean.compare(b.name().equals(own), a.name().equals(own)));
    List<Deposit.Item> files = new ArrayList<>();
    Catalogue.of(plan, options.name())
        .matching(patterns.isEmpty() ? List.of("results") : patterns)
        .forEach((name, digest) -> files.add(new Deposit.Item(name, digest)));
    return new Deposit(
        experiment.name(),
        experiment.title(),
        experiment.source(),
        experiment.seed(),
        experiment.rounds(),
        experiment.rows().stream().map(Experiment.Row::name).toList(),
        specs,
        digits(experiment.data().digits()),
        new Deposit.Item(sources.lockName(), sources.lock().digest()),
        files,
        results.key().sha256(),
        new TreeMap<>(plan.environment()),
        run(results, workspace));
  }

  /** Returns the files of the spec by their names in the deposit. */
  private SortedMap<String, Path> specs() {
    Path home = parent(options.file());
    SortedMap<String, Path> named = new TreeMap<>();
    for (Path file : ExperimentReader.files(options.file())) {
      Path relative = home.relativize(file.toAbsolutePath().normalize());
      if (relative.startsWith("..")) {
        throw new UsageException(
            "Cannot export "
                + file
                + ": it is not below the folder of "
                + options.file()
                + "; move it there");
      }
      named.put(FOLDER + relative.toString().replace('\\', '/'), file);
    }
    return named;
  }

  private static Path parent(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      throw new UsageException("Cannot export " + file + ": it is a root folder");
    }
    return folder;
  }

  private static List<Deposit.Source> digits(DigitsSpec digits) {
    List<Deposit.Source> sources = new ArrayList<>();
    for (DigitFile file : GenerateData.files(digits).values()) {
      List<URI> places = new ArrayList<>();
      for (URI mirror : digits.mirrors()) {
        places.add(mirror.resolve(file.name() + ".gz"));
      }
      sources.add(new Deposit.Source(file.name(), file.digest(), places));
    }
    return sources;
  }

  /** Returns the run that executed the action that gathers the results. */
  private static Deposit.Run run(Plan.Known results, Workspace workspace) throws IOException {
    List<Provenance> executions = ProvenanceLog.of(results.key(), workspace.objects());
    if (executions.isEmpty()) {
      throw new NoResultsException(
          "Cannot tell which run made these results: the store has no record of it; pull it from"
              + " the store that has");
    }
    Provenance execution = executions.get(0);
    Optional<RunRecord> run = workspace.runs().find(execution.run());
    Instant started = run.map(RunRecord::started).orElse(execution.started());
    Instant ended = run.map(RunRecord::ended).orElse(execution.started().plus(execution.elapsed()));
    return new Deposit.Run(execution.run(), execution.programVersion(), started, ended);
  }

  private SortedMap<String, Blob> cards(
      Experiment experiment, Plan plan, Manifest results, Workspace workspace, PrintWriter err)
      throws IOException {
    Map<String, SummaryTable.ModelSummary> rows = new TreeMap<>();
    for (SummaryTable.ModelSummary row : Results.summary(workspace, results).rows()) {
      rows.put(row.model(), row);
    }
    List<JudgedClaim> findings =
        JudgedClaim.of(Results.table(workspace, results, CollectResults.PUBLISHED));
    SortedMap<String, Digest> catalogue = Catalogue.of(plan, options.name()).all();
    SortedMap<String, Blob> cards = new TreeMap<>();
    for (Experiment.Row row : experiment.rows()) {
      SummaryTable.ModelSummary summary = rows.get(row.name());
      if (row instanceof ModelSpec model && summary != null) {
        String page =
            ModelCard.of(experiment, model, score(summary, findings, catalogue), options.name());
        cards.put(model.name() + ".md", blob(page));
      } else {
        err.println(row.name() + " is left out: its settings are chosen by a sweep");
      }
    }
    return cards;
  }

  private static ModelCard.Score score(
      SummaryTable.ModelSummary row,
      List<JudgedClaim> findings,
      SortedMap<String, Digest> catalogue) {
    List<Double> interval = new ArrayList<>();
    for (String end : List.of("ci95_low", "ci95_high")) {
      Optional.ofNullable(row.optional().get(end)).ifPresent(interval::add);
    }
    List<String> published = new ArrayList<>();
    for (JudgedClaim finding : findings) {
      ClaimPlace place = finding.found().place();
      // What is claimed of training pairs is no test accuracy.
      if (place.model().equals(row.model()) && place.split().equals("test")) {
        published.add(
            finding.found().published() + " (" + place.where() + "): " + finding.found().verdict());
      }
    }
    List<String> weights = new ArrayList<>();
    for (int round = 1; round <= row.n(); round++) {
      String name = Catalogue.weights(row.model(), round) + WEIGHTS;
      Optional.ofNullable(catalogue.get(name)).map(Digest::sha256).ifPresent(weights::add);
    }
    return new ModelCard.Score(
        row.n(),
        row.mean(),
        Optional.ofNullable(row.optional().get("std")),
        interval,
        published,
        weights);
  }
}
