package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.twintail.blob.Digest;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a user sees it: exit codes, messages, and what goes to which stream. */
class MainTest {
  private static final Path SPEC = TinyExperiment.spec();
  private static final Path DIGITS = MnistFixture.folder();
  private static final String SUMMARY = "results/summary.arrow";
  private static final String WEIGHTS = "weights/PreTrain/round-02/weights.safetensors";

  /** A store that holds the whole tiny experiment; not to be changed. */
  @TempDir private static Path full;

  private static Cli.Result first;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() {
    first = Cli.runTiny(full);
  }

  // run

  @Test
  void run_emptyStore_printsTheTableAndNothingElseOnStdout() {
    assertThat(first.exitCode()).isZero();
    List<String> lines = first.out().lines().toList();
    assertThat(lines.get(0)).isEqualTo("tiny, 2 rounds: test accuracy in %");
    assertThat(lines.get(2)).startsWith("model ").endsWith("verdict");
    assertThat(lines.subList(3, 10))
        .extracting(line -> line.split(" ")[0])
        .containsExactly(
            "Pixels", "Logits", "SoftMax", "ArgMax", "Arithmetic", "PreTrain", "PreTrainRandom");
    assertThat(lines.get(11)).isEqualTo("2 published numbers: 2 inconclusive.");
    assertThat(lines.subList(12, lines.size()))
        .as("rounds that did not learn, by name")
        .isNotEmpty()
        .allMatch(line -> line.matches("\\w+: [12] of 2 rounds did not learn \\(.*"));
  }

  @Test
  void run_emptyStore_tellsOfEveryActionOnStderr() {
    assertThat(first.errLines())
        .startsWith(
            "35 actions: 35 pending, 0 reused",
            "Looking for the data set mnist-fixture",
            "Found mnist-fixture: folder " + DIGITS)
        .contains("  train-siamese     14 executed     0 reused")
        .filteredOn(line -> line.matches("\\[\\d+/35] .*"))
        .hasSize(35);
    assertThat(first.err()).contains("35 actions executed, 0 reused, ");
  }

  @Test
  void run_fullStore_executesNothingAndPrintsTheSameTable() throws IOException {
    Path store = copyOfFull();

    Cli.Result second = Cli.run("run", SPEC, "--store", store);

    assertThat(second.exitCode()).isZero();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).startsWith("0 actions executed, 35 reused, ");
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(full));
  }

  @Test
  void run_leavesNoTemporaryFiles() throws IOException {
    assertThat(StoreContents.temporaryFiles(full)).isZero();
    assertThat(full.resolve("downloads")).doesNotExist();
  }

  @Test
  void run_json_isOneObjectWithActionsAndResults() throws IOException {
    JsonNode json = json(Cli.run("run", SPEC, "--store", copyOfFull(), "--json"));

    assertThat(json.get("run").asText()).isNotEmpty();
    assertThat(json.get("experiment").asText()).isEqualTo("tiny");
    assertThat(json.at("/actions/train-siamese/executed").asInt(-1)).isZero();
    assertThat(json.at("/actions/train-siamese/reused").asInt()).isEqualTo(14);
    assertThat(json.get("results")).hasSize(7);
  }

  @Test
  void run_onlySomeModels_showsThoseAlone() throws IOException {
    Cli.Result result =
        Cli.run("run", SPEC, "--store", copyOfFull(), "--only", "PreTrain,Pixels", "--rounds", "1");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("tiny, 1 round: ").contains("Pixels", "PreTrain");
    assertThat(result.out()).doesNotContain("ArgMax");
    assertThat(result.err()).contains("1 action executed, 7 reused");
  }

  // What is wrong with the command line: exit code 2.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--workers 0 | Cannot run with 0 workers: --workers needs 1 to 1024",
        "--workers -3 | Cannot run with -3 workers: --workers needs 1 to 1024",
        "--workers 1000000 | Cannot run with 1000000 workers: --workers needs 1 to 1024",
        "--rounds 0 | Cannot have 0 rounds: --rounds needs 1 to 10000",
        "--rounds 10001 | Cannot have 10001 rounds: --rounds needs 1 to 10000",
        "--only Pixel | Cannot find model 'Pixel' in tiny; did you mean 'Pixels'?",
        "--store ftp://bucket | Cannot use 'ftp://bucket' as a store: expected a folder, such as"
            + " artifacts/, or s3://bucket/prefix",
      })
  void run_impossibleOption_isTold(String options, String message) {
    Cli.Result result = Cli.run(arguments("run", SPEC, options));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines()).containsExactly("twintail: " + message);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --workrs x | Unknown option: '--workrs' | Possible solutions: --workers",
        "runn x | Unknown command: 'runn' | Did you mean: twintail run?",
        "rnu | Unknown command: 'rnu' | Did you mean: twintail run?",
        "Verfiy x | Unknown command: 'Verfiy' | Did you mean: twintail verify?",
        "configure | Unknown command: 'configure' | Try 'twintail --help'.",
        "run --rounds 010 x | Invalid value for option '--rounds': '010' is no whole number: leave"
            + " out the zeros in front | Try 'twintail run --help'.",
        "run --rounds 0x10 x | Invalid value for option '--rounds': '0x10' is no whole number"
            + " | Try 'twintail run --help'.",
        "run --rounds 99999999999 x | Invalid value for option '--rounds': '99999999999' is too"
            + " large | Try 'twintail run --help'.",
        "lineage 123456 --format jsno | Invalid value for option '--format': there is no 'jsno'; did"
            + " you mean 'json'? | Try 'twintail lineage --help'.",
        "results x y | Unexpected argument: 'y' | Try 'twintail results --help'.",
        "run --workers two x | Invalid value for option '--workers': 'two' is no whole number"
            + " | Try 'twintail run --help'.",
        "run --engine gpu x | Invalid value for option '--engine': there is no 'gpu'; known: blas,"
            + " dl4j | Try 'twintail run --help'.",
        "run | Missing required parameter: 'SPEC' | Try 'twintail run --help'.",
        "get x | Missing required option: '--output=DIR' | Try 'twintail get --help'.",
        "'' | Missing command | Try 'twintail --help'.",
      })
  void run_unreadableCommandLine_isTold(String line, String message, String remedy) {
    Cli.Result result = Cli.run(line.isEmpty() ? new Object[0] : line.split(" "));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines()).containsExactly("twintail: " + message, remedy);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void run_missingSpec_isTold() {
    Path nowhere = folder.resolve("nowhere.yaml");

    Cli.Result result = Cli.run("run", nowhere);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines())
        .containsExactly("twintail: Cannot find the experiment " + nowhere + ": no such file");
  }

  @Test
  void run_unknownName_tellsWhereItLooked() {
    Cli.Result result = Cli.run("run", "vieli2012");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines())
        .singleElement()
        .asString()
        .startsWith("twintail: Cannot find the experiment 'vieli2012': no such file, and none in ")
        .endsWith("pipelines; did you mean 'vieli2021'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vieli2021",
        "Vieli2021",
        "VIELI2021.YAML",
        "vieli2021.yaml",
        "pipelines/vieli2021",
        "pipelines/vieli2021.yaml"
      })
  void plan_specHoweverSpelt_isTheOneExperiment(String spec) throws IOException {
    Path store = Cli.emptyStore(folder.resolve("store"));

    Cli.Result result = Cli.run("plan", spec, "--store", store);

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("vieli2021, 10 rounds: ");
  }

  @Test
  void plan_mistypedPath_namesTheNearestFileThere() {
    Cli.Result result = Cli.run("plan", "pipelines/vieli2012.yaml");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).endsWith("did you mean 'pipelines/vieli2021.yaml'?\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PreTrain,Pixels | Pixels PreTrain",
        "'PreTrain, Pixels' | Pixels PreTrain",
        "pretrain PIXELS | Pixels PreTrain",
        "pi* | Pixels",
        "{Pi,Soft}* | SoftMax Pixels",
        "Pi[xy]els | Pixels",
      })
  void results_onlyHoweverWritten_showsThose(String only, String expected) {
    Cli.Result result = Cli.run("results", SPEC, "--store", full, "--json", "--only", only);

    assertThat(result.exitCode()).as(result.err()).isZero();
    List<String> models = new ArrayList<>();
    Matcher row = Pattern.compile("\"model\" : \"(\\w+)\"").matcher(result.out());
    while (row.find()) {
      models.add(row.group(1));
    }
    assertThat(models).containsExactlyInAnyOrder(expected.split(" "));
  }

  @Test
  void results_onlyAGlobOfNothing_namesTheModels() {
    Cli.Result result = Cli.run("results", SPEC, "--store", full, "--only", "Conv*");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines())
        .singleElement()
        .asString()
        .startsWith("twintail: Cannot find a model 'Conv*' in tiny; known: ")
        .contains("Pixels");
  }

  /** The same words in all commands that take names; lineage takes what ls prints. */
  @Test
  void namesWithCommasSpacesAndGlobs_areTheSameInAllCommands() {
    List<Object> store = List.of("--store", full);

    assertThat(Cli.run("ls", SPEC, "results/s*.arrow, datasets/round-01", "--store", full).out())
        .hasLineCount(3);
    assertThat(
            Cli.run("explain", SPEC, "evaluate/{Pixels,Logits}/1,results", "--store", full).out())
        .contains("evaluate/Pixels/1", "evaluate/Logits/1", "results");
    Cli.Result verify =
        Cli.run("verify", SPEC, "evaluate/{Pixels,Logits}/1, results", "--store", copyOfStore());
    assertThat(verify.out()).contains("3 of 3 actions verified: 3 reproduced");
    assertThat(Cli.run("verify", SPEC, "nothing", "--store", full).exitCode())
        .isEqualTo(ExitCode.USAGE);
    Cli.Result lineage =
        Cli.runWith(List.of("lineage", SPEC, "results/{summary,curves}.arrow"), store.toArray());
    assertThat(lineage.out().lines().filter(line -> line.startsWith("blob "))).hasSize(2);
    assertThat(Cli.run("explain", SPEC, "evaluate/[", "--store", full).errLines())
        .singleElement()
        .asString()
        .startsWith("twintail: Cannot read the pattern 'evaluate/[': ");
  }

  private Path copyOfStore() {
    try {
      return copyOfFull();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // What is wrong with the spec: exit code 3.

  @Test
  void run_badSpec_tellsFileAndLine() throws IOException {
    Path spec =
        TinyExperiment.write(
            folder,
            "bad.yaml",
            TinyExperiment.edited("  epochs: 2\n  batch", "  epocs: 2\n  batch"));

    Cli.Result result = Cli.run("run", spec);

    assertThat(result.exitCode()).isEqualTo(ExitCode.SPEC);
    assertThat(result.errLines().get(0)).startsWith(spec + ":").contains("epocs", "did you mean");
    assertThat(result.err()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void run_brokenYaml_tellsFileAndLine() throws IOException {
    Path spec = Files.writeString(folder.resolve("broken.yaml"), "name: [tiny\nseed: 7\n");

    Cli.Result result = Cli.run("run", spec);

    assertThat(result.exitCode()).isEqualTo(ExitCode.SPEC);
    assertThat(result.errLines()).singleElement().asString().startsWith(spec + ":");
  }

  // No digits: exit code 5.

  @Test
  void run_wrongDigits_areReportedAndNotUsed() throws IOException {
    Path digits = StoreContents.copy(DIGITS, folder.resolve("digits"));
    byte[] labels = Files.readAllBytes(digits.resolve("train-labels-idx1-ubyte.gz"));
    labels[labels.length / 2] ^= 1;
    Files.write(digits.resolve("train-labels-idx1-ubyte.gz"), labels);
    Path store = folder.resolve("store");

    Cli.Result result = Cli.run("run", SPEC, "--data", digits, "--create", "--store", store);

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_DATA);
    assertThat(result.errLines())
        .contains(
            "twintail: Cannot find data set mnist-fixture: the folder does not give"
                + " train-labels-idx1-ubyte")
        .anyMatch(line -> line.startsWith("  folder " + digits + ": train-labels-idx1-ubyte.gz "))
        .last()
        .asString()
        .endsWith("raw or with .gz: --data DIR");
    assertThat(result.err()).doesNotContain("interrupted");
    assertThat(StoreContents.results(store)).isEmpty();
  }

  @Test
  void run_wrongPixels_areReportedWithTheirDigest() throws IOException {
    Path digits = StoreContents.copy(DIGITS, folder.resolve("digits"));
    Files.write(digits.resolve("t10k-images-idx3-ubyte"), new byte[156816]);
    Files.delete(digits.resolve("t10k-images-idx3-ubyte.gz"));

    Cli.Result result =
        Cli.run("run", SPEC, "--data", digits, "--create", "--store", folder.resolve("store"));

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_DATA);
    assertThat(result.errLines())
        .anyMatch(line -> line.startsWith("  folder " + digits + ": t10k-images-idx3-ubyte "));
  }

  @Test
  void run_noSourceAtAll_saysWhatToDo() {
    Cli.Result result = Cli.run("run", SPEC, "--create", "--store", folder.resolve("store"));

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_DATA);
    assertThat(result.errLines()).last().asString().startsWith("Name a folder that holds ");
  }

  @Test
  void run_digitsAlreadyStored_needNoSource() throws IOException {
    Path store = copyOfFull();

    Cli.Result result = Cli.run("run", SPEC, "--store", store, "--rounds", "3");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).contains("18 actions executed, 34 reused");
  }

  // An unusable store: exit code 6.

  @Test
  void run_fileInPlaceOfTheStore_isTold() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Cli.Result result = Cli.runTiny(file);

    assertThat(result.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(result.errLines())
        .containsExactly(
            "twintail: Cannot open the store: Not a directory ("
                + file
                + "); choose a store in a folder that you may write to");
  }

  @Test
  void run_storeBelowAFile_isTold() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Cli.Result result = Cli.runTiny(file.resolve("store"));

    assertThat(result.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(result.errLines())
        .last()
        .asString()
        .startsWith("twintail: Cannot write to the store: ")
        .contains(file.toString());
    assertThat(result.err()).doesNotContain("interrupted", "Exception");
  }

  // A damaged store mends itself.

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "flipped"})
  void runVerify_damagedBlob_isReportedAndRecomputed(String damage) throws IOException {
    Path store = copyOfFull();
    Digest weights = digestOf(WEIGHTS);
    Path blob = blob(store, weights);
    damage(blob, damage);

    Cli.Result result = Cli.run("run", SPEC, "--store", store, "--verify");

    assertThat(result.exitCode()).isZero();
    assertThat(result.errLines().get(0))
        .startsWith("Blob " + weights.abbreviated() + "… is damaged (")
        .contains("; moved to quarantine/")
        .endsWith("; it will be recomputed");
    assertThat(result.err()).contains("1 action executed, 34 reused");
    assertThat(result.out()).isEqualTo(first.out());
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(full));
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "flipped"})
  void run_damagedManifest_isReportedAndRecomputed(String damage) throws IOException {
    Path store = copyOfFull();
    Path manifest;
    try (Stream<Path> files = Files.walk(store.resolve("ac"))) {
      manifest = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    damage(manifest, damage);

    Cli.Result result = Cli.run("run", SPEC, "--store", store);

    assertThat(result.exitCode()).isZero();
    assertThat(result.errLines().get(0)).startsWith("Manifest of action ").contains("is damaged");
    assertThat(result.err()).contains("1 action executed, 34 reused");
    assertThat(StoreContents.results(store)).isEqualTo(StoreContents.results(full));
  }

  // results, ls, get

  @Test
  void results_afterTheRun_areTheSameTable() {
    Cli.Result result = Cli.run("results", SPEC, "--store", full);

    assertThat(result).isEqualTo(new Cli.Result(ExitCode.OK, first.out(), ""));
  }

  @Test
  void results_json_hasARowAModel() throws IOException {
    JsonNode json = json(Cli.run("results", SPEC, "--store", full, "--json"));

    assertThat(json.get("rounds").asInt()).isEqualTo(2);
    assertThat(json.at("/results/5/model").asText()).isEqualTo("PreTrain");
    assertThat(json.at("/results/5/published_mean").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/results/1").has("published_mean")).isFalse();
  }

  @Test
  void results_predictions_areThoseOfAllModelsAndRounds() throws IOException {
    Path file = folder.resolve("new/predictions.arrow");

    Cli.Result result = Cli.run("results", SPEC, "--store", full, "--predictions", file);

    assertThat(result.out()).isEqualTo(first.out());
    assertThat(result.err()).isEqualTo("Wrote 700 rows to " + file + "\n");
    Table all = ArrowFiles.decode(Files.readAllBytes(file));
    assertThat(all.rows()).isEqualTo(7 * 2 * 50);
    assertThat(all.strings("model").subList(99, 101)).containsExactly("Pixels", "Logits");
    Cli.run("get", SPEC, "--store", full, "-o", folder, "predictions/SoftMax/round-02");
    Table one =
        ArrowFiles.decode(
            Files.readAllBytes(folder.resolve("predictions/SoftMax/round-02/predictions.arrow")));
    int from = 2 * 100 + 50;
    assertThat(all.strings("model").subList(from, from + 50)).containsOnly("SoftMax");
    for (String column : List.of("pair", "digit1", "digit2", "target", "predicted")) {
      assertThat(Arrays.copyOfRange(all.ints(column), from, from + 50))
          .as(column)
          .isEqualTo(one.ints(column));
    }
    assertThat(Arrays.copyOfRange(all.ints("round"), from, from + 50)).containsOnly(2);
    assertThat(Arrays.copyOfRange(all.optionalDoubles("probability"), from, from + 50))
        .isEqualTo(one.optionalDoubles("probability"));
  }

  @Test
  void results_actions_areEveryArtifactWithItsDigestAndTheSameInAnyStore() throws IOException {
    Path file = folder.resolve("actions.arrow");
    Path other = folder.resolve("other.arrow");
    Path store = folder.resolve("store");
    Cli.runTiny(store);

    Cli.run("results", SPEC, "--store", full, "--actions", file);
    Cli.run("results", SPEC, "--store", store, "--actions", other);

    Table actions = ArrowFiles.decode(Files.readAllBytes(file));
    assertThat(Set.copyOf(actions.strings("key"))).hasSize(35);
    assertThat(actions.strings("stage")).startsWith("data-gen").endsWith("results");
    int summary = actions.strings("output").indexOf("summary.arrow");
    assertThat(actions.strings("sha256").get(summary)).isEqualTo(digestOf(SUMMARY).sha256());
    assertThat(actions.longs("size")[summary]).isEqualTo(digestOf(SUMMARY).size());
    assertThat(other).hasSameBinaryContentAs(file);
  }

  @Test
  void results_timings_tellEveryExecutionOnce() throws IOException {
    Path file = folder.resolve("timings.arrow");

    Cli.run("results", SPEC, "--store", full, "--timings", file);

    Table timings = ArrowFiles.decode(Files.readAllBytes(file));
    assertThat(timings.rows()).isEqualTo(35);
    assertThat(timings.strings("key")).doesNotHaveDuplicates();
    assertThat(Arrays.stream(timings.longs("started_ms")).min().getAsLong())
        .isGreaterThan(1_600_000_000_000L);
    assertThat(Arrays.stream(timings.longs("elapsed_ms")).max().getAsLong()).isPositive();
    assertThat(Set.copyOf(timings.strings("run"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p.parquet", "p", "csv", "p.csv.gz"})
  void results_tableOfAnUnknownEnding_isRefusedBeforeAnythingIsWritten(String name) {
    Path file = folder.resolve(name);
    Path other = folder.resolve("a.arrow");

    Cli.Result result =
        Cli.run("results", SPEC, "--store", full, "--actions", other, "--predictions", file);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines())
        .containsExactly(
            "twintail: Cannot write a table to "
                + file
                + ": its name has to end with .arrow or .csv");
    assertThat(folder).isEmptyDirectory();
  }

  /** The table of a part is of other bytes; somebody with a store to read can have it, too. */
  @ParameterizedTest
  @ValueSource(strings = {"--only PreTrain,Pixels", "--rounds 1", "--only Pixels --rounds 1"})
  void results_partOfWhatIsThere_isTheTableOfARunAndNothingIsStored(String options)
      throws IOException {
    Path run = folder.resolve("run");
    List<String> part = List.of(options.split(" "));
    Cli.Result ran =
        Cli.runWith(
            Stream.concat(Stream.of("run", SPEC, "--store", copyOfFull()), part.stream()).toList());
    Path readOnly = StoreContents.copy(full, folder.resolve("other"));
    Map<String, Digest> before = contents(readOnly);
    List<Object> results = new ArrayList<>(List.of("results", SPEC, "--store", readOnly));
    results.addAll(part);
    List<Object> get = new ArrayList<>(List.of("get", SPEC, "--store", readOnly));
    get.addAll(part);

    Cli.Result shown = Cli.run(results.toArray());
    Cli.Result copied = Cli.runWith(get, "results", "weights", "-o", run);

    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(shown.out()).isEqualTo(ran.out());
    assertThat(copied.exitCode()).as(copied.err()).isZero();
    get.set(3, folder.resolve("copy"));
    Path theirs = folder.resolve("theirs");
    assertThat(Cli.runWith(get, "results", "weights", "-o", theirs).exitCode()).isZero();
    assertThat(contents(run)).isEqualTo(contents(theirs));
    assertThat(contents(readOnly)).isEqualTo(before);
  }

  @Test
  void results_csv_hasTheRowsOfTheArrowFile() throws IOException {
    Path csv = folder.resolve("p.CSV");
    Path arrow = folder.resolve("p.arrow");

    Cli.run("results", SPEC, "--store", full, "--predictions", csv);
    Cli.run("results", SPEC, "--store", full, "--predictions", arrow);

    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.get(0))
        .isEqualTo("model,round,pair,digit1,digit2,target,predicted,probability");
    Table table = ArrowFiles.decode(Files.readAllBytes(arrow));
    assertThat(lines).hasSize(1 + table.rows());
    assertThat(lines.get(1)).startsWith(table.strings("model").get(0) + ",1,0,");
  }

  @ParameterizedTest
  @CsvSource({"results, --actions, a.csv", "league, -o, l.md"})
  void output_strangersFile_isKeptUnlessForced(String command, String option, String name)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name), "mine");

    Cli.Result refused = Cli.run(command, SPEC, "--store", full, option, file);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(refused.errLines())
        .containsExactly(
            "twintail: Cannot write " + file + ": it holds something else; --force replaces it");
    assertThat(file).hasContent("mine");
    assertThat(Cli.run(command, SPEC, "--store", full, option, file, "--force").exitCode())
        .isZero();
    byte[] written = Files.readAllBytes(file);
    assertThat(Cli.run(command, SPEC, "--store", full, option, file).exitCode()).isZero();
    assertThat(file).hasBinaryContent(written);
  }

  @Test
  void results_tableIntoAFolder_isAStoreErrorOfOneLine() throws IOException {
    Path table = Files.createDirectory(folder.resolve("folder.arrow"));

    Cli.Result result = Cli.run("results", SPEC, "--store", full, "--actions", table);

    assertThat(result.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(result.errLines()).hasSize(1);
  }

  @Test
  void results_beforeTheRun_sayWhatToDo() throws IOException {
    Path store = Cli.emptyStore(folder.resolve("store"));

    Cli.Result result = Cli.run("results", SPEC, "--store", store);
    Cli.Result part = Cli.run("results", SPEC, "--store", store, "--rounds", 1);

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(result.errLines())
        .containsExactly(
            "twintail: Cannot find these results in the store: 35 of 35 actions are pending;"
                + " execute them with: twintail run "
                + SPEC
                + " --store "
                + store);
    assertThat(part.err()).endsWith("twintail run " + SPEC + " --rounds 1 --store " + store + "\n");
    assertThat(filesIn(store)).isEmpty();
  }

  @Test
  void ls_fullStore_listsDigestSizeAndName() {
    Cli.Result result = Cli.run("ls", SPEC, "--store", full);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines())
        .allMatch(line -> line.matches("[0-9a-f]{12} +[0-9]+  [a-zA-Z0-9./-]+"))
        .anyMatch(line -> line.endsWith("  datasets/round-01/train.arrow"))
        .anyMatch(line -> line.endsWith("  " + WEIGHTS))
        .anyMatch(
            line ->
                line.endsWith("  weights/PreTrain/round-01/pretrained-tail/weights.safetensors"))
        .anyMatch(line -> line.endsWith("  predictions/Pixels/round-02/predictions.arrow"))
        .anyMatch(line -> line.endsWith("  " + SUMMARY));
  }

  @ParameterizedTest
  @CsvSource({
    "results, 5",
    "results/, 5",
    "results/summary.arrow, 1",
    "weights/*/round-01/weights.safetensors, 7",
    "weights/Log*/round-01, 2",
    "weights/**, 44",
    "'{datasets,results}/**', 9",
  })
  void ls_pattern_listsWhatItNames(String pattern, int expected) {
    Cli.Result result = Cli.run("ls", SPEC, "--store", full, pattern);

    assertThat(result.out().lines()).hasSize(expected);
  }

  @Test
  void ls_json_hasNamesAndDigests() throws IOException {
    JsonNode json = json(Cli.run("ls", SPEC, "--store", full, "--json", SUMMARY)).get("artifacts");

    assertThat(json).hasSize(1);
    assertThat(json.at("/0/name").asText()).isEqualTo(SUMMARY);
    assertThat(json.at("/0/sha256").asText()).hasSize(64);
    assertThat(json.at("/0/size").asInt()).isPositive();
  }

  @Test
  void ls_emptyStore_printsNothingAndSaysWhatToDo() throws IOException {
    Path store = Cli.emptyStore(folder.resolve("store"));

    Cli.Result result = Cli.run("ls", SPEC, "--store", store);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.errLines())
        .singleElement()
        .asString()
        .endsWith("execute it with: twintail run " + SPEC + " --store " + store);
  }

  /** Rounds 1 and 2 are there; of the third round nothing is. */
  @Test
  void get_someOfItIsPending_copiesTheRestAndSaysSo() {
    Path output = folder.resolve("output");

    Cli.Result part =
        Cli.run("get", SPEC, "--store", full, "--rounds", 3, "datasets", "-o", output);
    Cli.Result whole =
        Cli.run("get", SPEC, "--store", full, "--rounds", 3, "*/round-02", "-o", output);

    assertThat(part.exitCode()).isEqualTo(ExitCode.PENDING);
    assertThat(part.out().lines()).hasSize(4);
    assertThat(part.errLines())
        .containsExactly(
            "twintail: 2 of the artifacts that were asked for are pending, such as"
                + " datasets/round-03/test.arrow; execute them with: twintail run "
                + SPEC
                + " --rounds 3 --store "
                + full);
    assertThat(whole.exitCode()).as(whole.err()).isZero();
  }

  /** Of two models with other trainings only the pairs are there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          **                                   | 13
          **/*.arrow                           | 11
          {datasets,predictions}/**/*.arrow    | 4
          {datasets,weights/*}/round-01/*      | 4
          datasets results                     | 5
          datasets datasets results/*          | 5
          datasets/round-01 weights/*/round-01 | 4
          """)
  void get_onlyDatasetsAreThere_countsAllElseThatIsAskedFor(String patterns, int pending)
      throws IOException {
    Path spec =
        TinyExperiment.write(
            folder, "tiny.yaml", TinyExperiment.edited("beta1: 0.9", "beta1: 0.8"));
    Object[] names = patterns.split(" ");
    List<Object> part = List.of(spec, "--store", full, "--rounds", 1, "--only", "Logits,Pixels");
    List<Object> get = new ArrayList<>(List.of("get", "-o", folder.resolve("out")));
    get.addAll(part);
    List<Object> ls = new ArrayList<>(List.of("ls"));
    ls.addAll(part);

    Cli.Result got = Cli.runWith(get, names);
    Cli.Result listed = Cli.runWith(ls, names);

    assertThat(got.exitCode()).as(got.err()).isEqualTo(ExitCode.PENDING);
    assertThat(got.out().lines()).hasSize(2);
    assertThat(got.err()).startsWith("twintail: " + pending + " of the artifacts ");
    assertThat(listed.exitCode()).isEqualTo(ExitCode.PENDING);
    assertThat(listed.err()).isEqualTo(got.err());
  }

  /** Names of what a search will choose, and of its later trials, are known before it has. */
  @Test
  void get_searchIsUndecided_tellsOfWhatItWillTrain() throws IOException {
    Path spec =
        TinyExperiment.write(
            folder,
            "tiny.yaml",
            TinyExperiment.text()
                + "  Chosen: {chosen-by: greedy}\nsweeps:\n  greedy:\n    model: Logits\n"
                + "    rounds: 1\n    steps:\n      - {loss.digit: [0.3, 0.6]}\n"
                + "      - {loss.target: [1.0, 2.0]}\n");
    List<Object> get =
        List.of("get", spec, "--store", full, "-o", folder.resolve("out"), "datasets");

    Cli.Result chosen = Cli.runWith(get, "weights/{Pixels,Chosen}/round-01");
    Cli.Result later = Cli.runWith(get, "sweeps", "weights/greedy/trial-2.*");

    assertThat(chosen.exitCode()).as(chosen.err()).isEqualTo(ExitCode.PENDING);
    assertThat(chosen.err())
        .startsWith(
            "twintail: 2 or more of the artifacts that were asked for are pending, such as"
                + " weights/Chosen/round-01/curves.arrow; ");
    assertThat(later.exitCode()).as(later.err()).isEqualTo(ExitCode.PENDING);
    assertThat(later.err()).startsWith("twintail: 6 or more of the artifacts ");
  }

  /** Only running it helps, whatever else is there. */
  @Test
  void get_allThatIsAskedForIsPending_advisesToRun() {
    Cli.Result result =
        Cli.run("get", SPEC, "--store", full, "--rounds", 3, "-o", folder.resolve("out"));

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(result.err())
        .isEqualTo(
            "twintail: Cannot find 'results' in the store; execute them with: twintail run "
                + SPEC
                + " --rounds 3 --store "
                + full
                + "\n");
  }

  @Test
  void get_default_copiesTheResults() throws IOException {
    Path output = folder.resolve("new/output");

    Cli.Result result = Cli.run("get", SPEC, "--store", full, "-o", output);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines())
        .containsExactly(
            output.resolve("results/comparisons.arrow").toString(),
            output.resolve("results/curves.arrow").toString(),
            output.resolve("results/evaluations.arrow").toString(),
            output.resolve("results/published.arrow").toString(),
            output.resolve(SUMMARY).toString());
    assertThat(Digest.of(Files.readAllBytes(output.resolve(SUMMARY)))).isEqualTo(digestOf(SUMMARY));
    assertThat(filesIn(output)).hasSize(5);
  }

  @Test
  void get_copiedFile_hasThePermissionsOfAnyNewFile() throws IOException {
    Cli.run("get", SPEC, "--store", full, "-o", folder, SUMMARY);
    Path plain = Files.createFile(folder.resolve("plain"));

    assertThat(Files.getPosixFilePermissions(folder.resolve(SUMMARY)))
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void get_sameFileAgain_isNoError() {
    Cli.run("get", SPEC, "--store", full, "-o", folder, WEIGHTS);

    Cli.Result again = Cli.run("get", SPEC, "--store", full, "-o", folder, WEIGHTS);

    assertThat(again.exitCode()).isZero();
  }

  @Test
  void get_otherFileInTheWay_isKeptUnlessForced() throws IOException {
    Path file = folder.resolve(SUMMARY);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "mine");

    Cli.Result refused = Cli.run("get", SPEC, "--store", full, "-o", folder, "results");

    assertThat(refused.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(refused.errLines())
        .containsExactly(
            "twintail: Cannot write " + file + ": it holds something else; --force replaces it");
    assertThat(Files.readString(file)).isEqualTo("mine");
    assertThat(file.getParent()).isDirectoryContaining(file::equals);
    assertThat(file.getParent()).isDirectoryNotContaining(other -> !other.equals(file));

    Cli.Result forced = Cli.run("get", SPEC, "--store", full, "-o", folder, "--force", SUMMARY);

    assertThat(forced.exitCode()).isZero();
    assertThat(Digest.of(Files.readAllBytes(file))).isEqualTo(digestOf(SUMMARY));
  }

  @Test
  void get_folderInTheWay_isTold() throws IOException {
    Path file = folder.resolve(SUMMARY);
    Files.createDirectories(file);

    Cli.Result result = Cli.run("get", SPEC, "--store", full, "-o", folder, "--force", SUMMARY);

    assertThat(result.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(result.errLines())
        .containsExactly("twintail: Cannot write " + file + ": it is a folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"summary", "../results", "/etc/passwd", "results/../../x", "weights/Nobody", ""})
  void get_unknownName_writesNothing(String name) throws IOException {
    Path output = folder.resolve("output");

    Cli.Result result = Cli.run("get", SPEC, "--store", full, "-o", output, name);

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(result.errLines())
        .containsExactly(
            "twintail: Cannot find '"
                + name
                + "' in the store; list what it holds with: twintail ls "
                + SPEC
                + " --store "
                + full);
    assertThat(output).doesNotExist();
  }

  @Test
  void get_everything_staysInTheFolder() throws IOException {
    Path output = folder.resolve("a/output");

    Cli.Result result = Cli.run("get", SPEC, "--store", full, "-o", output, "**");

    assertThat(result.exitCode()).isZero();
    assertThat(filesIn(folder)).hasSameSizeAs(filesIn(output)).hasSize(81);
  }

  @Test
  void get_unreadablePattern_isToldInOneLine() {
    Cli.Result result = Cli.run("get", SPEC, "--store", full, "-o", folder, "weights/[");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines())
        .singleElement()
        .asString()
        .startsWith("twintail: Cannot read the pattern 'weights/[': ");
  }

  @Test
  void get_beforeTheRun_saysWhatToDo() throws IOException {
    Path store = Cli.emptyStore(folder.resolve("a store"));
    Path key = folder.resolve("key");
    Cli.run("keygen", key);

    Cli.Result result =
        Cli.run("get", SPEC, "--store", store, "--trust", key + ".pub", "-o", folder.resolve("o"));

    assertThat(result.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(result.errLines())
        .containsExactly(
            "twintail: Cannot find 'results' in the store; it holds nothing of this experiment:"
                + " execute it with: twintail run "
                + SPEC
                + " --store '"
                + store
                + "' --trust "
                + key
                + ".pub");
  }

  @Test
  void results_formats_areTheSameTableForOthers() throws IOException {
    String csv = Cli.run("results", SPEC, "--store", full, "--csv").out();
    String md = Cli.run("results", SPEC, "--store", full, "--format", "md").out();

    assertThat(csv).startsWith("model,parameters,tables,n,").contains("\nPixels,786,");
    assertThat(csv.lines()).hasSize(8);
    assertThat(Cli.run("results", SPEC, "--store", full, "--format", "CSV").out()).isEqualTo(csv);
    assertThat(md)
        .startsWith("tiny, 2 rounds: test accuracy in %")
        .contains("\n| model | params | mean | std | median | 95 % interval | ")
        .contains("\n|---|---:|---:|")
        .contains("\n| Pixels | 786 | ");
    assertThat(json(Cli.run("results", SPEC, "--store", full, "--format", "json")))
        .isEqualTo(json(Cli.run("results", SPEC, "--store", full, "--json")));
    Cli.Result two = Cli.run("results", SPEC, "--store", full, "--json", "--csv");
    assertThat(two.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 200})
  void results_onATerminal_fitAndKeepTheVerdict(int width) {
    System.setProperty(Terminal.COLUMNS, Integer.toString(width));
    try {
      String out = Cli.run("results", SPEC, "--store", full).out();

      assertThat(out.lines()).allMatch(line -> line.length() <= width);
      assertThat(out.lines().filter(line -> line.startsWith("model ")))
          .singleElement()
          .asString()
          .endsWith("verdict");
      assertThat(out.contains("Left out, since the terminal is narrow")).isEqualTo(width < 200);
    } finally {
      System.clearProperty(Terminal.COLUMNS);
    }
  }

  // help and version

  @ParameterizedTest
  @CsvSource({
    "run, --only --rounds --engine --store --workers --data --json --help --version --debug",
    "results, --only --rounds --engine --store --json --help --version --debug",
    "ls, --only --rounds --engine --store --json --help --version --debug",
    "get, --only --rounds --engine --store --output --force --help --version --debug",
    "version, --help --debug",
  })
  void help_ofACommand_namesItsOptionsAndFitsATerminal(String command, String options) {
    Cli.Result result = Cli.run(command, "--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("Usage: twintail " + command)
        .contains(options.split(" "))
        .doesNotContain("\u001b");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(Cli.run("help", command).out()).isEqualTo(result.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void help_ofTheProgram_namesCommandsAndExitCodes(String argument) {
    Cli.Result result = Cli.run(argument);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("run ", "results ", "ls ", "get ", "version ", "help ", "Exit codes:", "130 ");
  }

  @Test
  void version_tellsTheNumericEnvironment() {
    Cli.Result result = Cli.run("version");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines().toList().get(0)).startsWith("twintail ");
    assertThat(result.out())
        .contains("numeric profile: portable\n", "blas: openblas", "native.threads: 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "run --version"})
  void version_option_isOneLineWithWhatMayMatter(String line) {
    Cli.Result result = Cli.run((Object[]) line.split(" "));

    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines())
        .singleElement()
        .isEqualTo(
            "twintail dev (Java %s, %s %s, numeric profile portable)"
                .formatted(
                    System.getProperty("java.version"),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch")));
  }

  @Test
  void debug_showsTheStackTraceAndTheMessage() {
    Cli.Result result = Cli.run("--debug", "run", SPEC, "--only", "Nobody");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("\tat dev.twintail.", "\ntwintail: Cannot find model");
  }

  private static Map<String, Digest> contents(Path root) throws IOException {
    Map<String, Digest> contents = new TreeMap<>();
    for (Path file : filesIn(root)) {
      contents.put(root.relativize(file).toString(), Digest.of(Files.readAllBytes(file)));
    }
    return contents;
  }

  private Path copyOfFull() throws IOException {
    return StoreContents.copy(full, folder.resolve("copy"));
  }

  private static Object[] arguments(String command, Path spec, String options) {
    List<Object> arguments = new ArrayList<>(List.of(command, spec));
    arguments.addAll(List.of(options.split(" ")));
    return arguments.toArray();
  }

  private static JsonNode json(Cli.Result result) throws IOException {
    assertThat(result.exitCode()).isZero();
    return JsonMapper.builder().build().readTree(result.out());
  }

  private static Digest digestOf(String name) throws IOException {
    JsonNode entry =
        json(Cli.run("ls", SPEC, "--store", full, "--json", name)).get("artifacts").get(0);
    return new Digest(entry.get("sha256").asText(), entry.get("size").asLong());
  }

  private static Path blob(Path store, Digest digest) {
    return store.resolve("cas/" + digest.sha256().substring(0, 2) + "/" + digest.sha256());
  }

  private static void damage(Path file, String damage) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (damage.equals("flipped")) {
      bytes[bytes.length / 2] ^= 1;
    } else {
      bytes = Arrays.copyOf(bytes, bytes.length / 2);
    }
    Files.write(file, bytes);
  }

  private static List<Path> filesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
