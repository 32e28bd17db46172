package dev.twintail.app;

import dev.twintail.action.ActionKey;
import dev.twintail.archive.Deposit;
import dev.twintail.archive.InTotoStatement;
import dev.twintail.archive.ModelCard;
import dev.twintail.archive.NumpyFile;
import dev.twintail.archive.RoCrate;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.check.ClaimPlace;
import dev.twintail.check.JudgedClaim;
import dev.twintail.data.DigitFile;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Weights;
import dev.twintail.model.dl4j.GraphFile;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.Plan;
import dev.twintail.record.Provenance;
import dev.twintail.record.ProvenanceLog;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.result.Table;
import dev.twintail.spec.DigitsSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.ModelSpec;
import dev.twintail.stage.GenerateData;
import dev.twintail.stage.StageName;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Results of a study in the forms in which others keep them.
 *
 * @param patterns what to keep; the results if there are none, or the weights as graphs
 * @param written hears of each file
 * @param notes hears what is left out
 */
record Export(
    Results results,
    List<String> patterns,
    OutputFolder folder,
    Consumer<Path> written,
    Consumer<String> notes) {
  private static final String FOLDER = "pipelines/";
  private static final String WEIGHTS = "weights.safetensors";
  private static final Pattern TRAINED =
      Pattern.compile(
          "weights/(?<at>(?<model>[^/]+)/(?<round>round-\\d+))/" + Pattern.quote(WEIGHTS));

  /** Writes all files, or none if one of them may not be written. */
  void write(ExportFormat format) throws IOException {
    Map<String, OutputFolder.Content> files =
        switch (format) {
          case RO_CRATE -> crate();
          case IN_TOTO -> statement();
          case MODEL_CARD -> cards();
          case DL4J -> graphs();
        };
    folder.requireReplaceableBy(files);
    for (Map.Entry<String, OutputFolder.Content> file : files.entrySet()) {
      written.accept(folder.write(file.getValue().blob(), file.getKey()));
    }
  }

  private Map<String, OutputFolder.Content> crate() throws IOException {
    SortedMap<String, Blob> specs = specs();
    Blob lock = lock();
    Deposit deposit = deposit(specs, lock);
    Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
    for (Deposit.DepositedFile file : deposit.files()) {
      files.put(file.name(), () -> Results.blob(results.workspace(), file.digest(), file.name()));
    }
    SortedMap<String, Blob> documents = new TreeMap<>(specs);
    documents.put(deposit.lock().name(), lock);
    documents.put(RoCrate.FILE, blob(RoCrate.of(deposit)));
    documents.forEach((name, document) -> files.put(name, () -> document));
    return files;
  }

  private Map<String, OutputFolder.Content> statement() throws IOException {
    Blob statement = blob(InTotoStatement.of(deposit(specs(), lock())));
    return Map.of(experiment().name() + ".intoto.json", () -> statement);
  }

  private Experiment experiment() {
    return results.study().experiment();
  }

  private Catalogue catalogue() {
    return new Catalogue(results.plan(), results.study());
  }

  /** Returns what models learnt in rounds, and the test pairs of these. */
  private Map<String, OutputFolder.Content> graphs() throws IOException {
    Map<String, OutputFolder.Content> files = new LinkedHashMap<>();
    Map<String, ModelSpec> models = new TreeMap<>();
    experiment().models().forEach(model -> models.put(model.name(), model));
    Catalogue catalogue = catalogue();
    SortedSet<String> rounds = new TreeSet<>();
    for (Map.Entry<String, Digest> artifact :
        catalogue.matching(patterns.isEmpty() ? List.of("weights") : patterns).entrySet()) {
      Matcher trained = TRAINED.matcher(artifact.getKey());
      if (!trained.matches()) {
        continue;
      }
      ModelSpec model = models.get(trained.group("model"));
      if (model == null) {
        notes.accept(artifact.getKey() + " is left out: its settings are chosen by a sweep");
        continue;
      }
      files.put(
          trained.group("at") + ".zip", () -> graph(model, artifact.getValue(), artifact.getKey()));
      rounds.add(trained.group("round"));
    }
    if (rounds.isEmpty()) {
      throw new RequestException(
          "Cannot export " + String.join(", ", patterns) + ": none of it is what a model learnt");
    }
    for (String round : rounds) {
      String name = "datasets/" + round + "/test.arrow";
      Digest digest = Objects.requireNonNull(catalogue.all().get(name), name);
      files.put(round + "/first.npy", () -> images(digest, name, "image1"));
      files.put(round + "/second.npy", () -> images(digest, name, "image2"));
    }
    return files;
  }

  private Blob graph(ModelSpec model, Digest learnt, String name) throws IOException {
    Weights weights = Safetensors.decode(Results.blob(results.workspace(), learnt, name).bytes());
    return Blob.of(
        GraphFile.of(
            model.network(),
            weights,
            weights.require("input.mean").values()[0],
            weights.require("input.std").values()[0]));
  }

  /** Returns images as (pairs, 1, height, width), pixels from 0 to 255. */
  private Blob images(Digest digest, String name, String column) throws IOException {
    Table pairs = Results.table(results.workspace(), digest, name);
    int height = Integer.parseInt(pairs.metadata().get("height"));
    int width = Integer.parseInt(pairs.metadata().get("width"));
    return Blob.of(NumpyFile.of(pairs.floats(column), pairs.rows(), 1, height, width));
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the spec and the files that it includes, by their names in the deposit. */
  private SortedMap<String, Blob> specs() throws IOException {
    Path spec = results.study().file();
    Path home = parent(spec);
    SortedMap<String, Blob> specs = new TreeMap<>();
    for (Path file : ExperimentReader.files(spec)) {
      Path relative = home.relativize(file.toAbsolutePath().normalize());
      if (relative.startsWith("..")) {
        throw new RequestException(
            "Cannot export %s: it is not below the folder of %s; move it there"
                .formatted(file, spec));
      }
      specs.put(FOLDER + relative.toString().replace('\\', '/'), Blob.of(Files.readAllBytes(file)));
    }
    return specs;
  }

  private Blob lock() {
    return blob(LockFile.of(results.plan()).text());
  }

  private Deposit deposit(SortedMap<String, Blob> specs, Blob lock) throws IOException {
    Plan plan = results.plan();
    Plan.KnownResult gathered = plan.graph().results().flatMap(plan::known).orElseThrow();
    List<Deposit.DepositedFile> deposited = new ArrayList<>();
    specs.forEach((name, spec) -> deposited.add(new Deposit.DepositedFile(name, spec.digest())));
    String own = FOLDER + results.study().file().getFileName();
    deposited.sort((a, b) -> Boolean.compare(b.name().equals(own), a.name().equals(own)));
    List<Deposit.DepositedFile> files = new ArrayList<>();
    catalogue()
        .matching(patterns.isEmpty() ? List.of("results") : patterns)
        .forEach((name, digest) -> files.add(new Deposit.DepositedFile(name, digest)));
    return new Deposit(
        experiment().name(),
        experiment().title(),
        experiment().source(),
        experiment().seed(),
        experiment().rounds(),
        experiment().rows().stream().map(Experiment.Entrant::name).toList(),
        deposited,
        digits(experiment().data().digits()),
        new Deposit.DepositedFile(experiment().name() + ".lock", lock.digest()),
        files,
        gathered.key().sha256(),
        new TreeMap<>(plan.environment()),
        run(gathered.key()));
  }

  private static Path parent(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      throw new RequestException("Cannot export " + file + ": it is a root folder");
    }
    return folder;
  }

  private static List<Deposit.DepositedSource> digits(DigitsSpec digits) {
    List<Deposit.DepositedSource> sources = new ArrayList<>();
    for (DigitFile file : GenerateData.files(digits).values()) {
      List<URI> places =
          digits.mirrors().stream().map(mirror -> mirror.resolve(file.name() + ".gz")).toList();
      sources.add(new Deposit.DepositedSource(file.name(), file.digest(), places));
    }
    return sources;
  }

  /** Returns the run that executed the action that gathers the results. */
  private Deposit.DepositedRun run(ActionKey gathering) throws IOException {
    List<Provenance> executions = ProvenanceLog.of(gathering, results.workspace().objects());
    if (executions.isEmpty()) {
      throw new NoResultsException(
          "Cannot tell which run made these results: the store has no record of one that gathered"
              + " exactly them",
          new Remedy.RunExperiment(results.study().asNamed()));
    }
    Provenance execution = executions.get(0);
    Optional<RunRecord> run = results.workspace().runs().find(execution.run());
    Instant started = run.map(RunRecord::started).orElse(execution.started());
    Instant ended = run.map(RunRecord::ended).orElse(execution.started().plus(execution.elapsed()));
    return new Deposit.DepositedRun(execution.run(), execution.programVersion(), started, ended);
  }

  private SortedMap<String, OutputFolder.Content> cards() throws IOException {
    Map<String, SummaryTable.ModelSummary> rows = new TreeMap<>();
    for (SummaryTable.ModelSummary row : results.summary().rows()) {
      rows.put(row.model(), row);
    }
    List<JudgedClaim> findings = JudgedClaim.of(results.published());
    SortedMap<String, Digest> artifacts = catalogue().all();
    SortedMap<String, OutputFolder.Content> cards = new TreeMap<>();
    List<String> chosen = new ArrayList<>();
    for (Experiment.Entrant row : experiment().rows()) {
      SummaryTable.ModelSummary summary = rows.get(row.name());
      if (row instanceof ModelSpec model && summary != null) {
        Blob page =
            blob(
                ModelCard.of(
                    experiment(),
                    model,
                    score(summary, findings, artifacts),
                    results.study().name()));
        cards.put(model.name() + ".md", () -> page);
      } else {
        chosen.add(row.name());
      }
    }
    if (cards.isEmpty()) {
      throw new RequestException(
          "Cannot write model cards of %s: sweeps choose the settings; name other models"
              .formatted(String.join(", ", chosen)));
    }
    chosen.forEach(name -> notes.accept(name + " is left out: its settings are chosen by a sweep"));
    return cards;
  }

  private static ModelCard.Score score(
      SummaryTable.ModelSummary row,
      List<JudgedClaim> findings,
      SortedMap<String, Digest> artifacts) {
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
      String name = Catalogue.folder(StageName.TRAIN_SIAMESE, row.model(), round) + WEIGHTS;
      Optional.ofNullable(artifacts.get(name)).map(Digest::sha256).ifPresent(weights::add);
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
