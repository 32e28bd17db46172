package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ExportCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A store that holds the whole tiny experiment; not to be changed. */
  @TempDir private static Path full;

  /** What {@code get} copies of it. */
  @TempDir private static Path got;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() {
    assertThat(Cli.runTiny(full).exitCode()).isZero();
    assertThat(
            Cli.run("get", TinyExperiment.spec(), "results", "--store", full, "-o", got).exitCode())
        .isZero();
  }

  private static Cli.Result export(Path store, String format, Path output, Object... names) {
    List<Object> arguments = new ArrayList<>(List.of("export", TinyExperiment.spec()));
    arguments.addAll(List.of(names));
    arguments.addAll(List.of("--format", format, "-o", output, "--store", store));
    return Cli.run(arguments.toArray());
  }

  private static SortedMap<String, String> digests(Path folder) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(
            folder.relativize(file).toString().replace('\\', '/'),
            Digest.of(Files.readAllBytes(file)).sha256());
      }
    }
    return digests;
  }

  @Test
  void roCrate_holdsWhatGetCopiesAndTellsItsDigests() throws IOException {
    assertThat(export(full, "ro-crate", folder).exitCode()).isZero();

    JsonNode metadata = MAPPER.readTree(folder.resolve("ro-crate-metadata.json").toFile());
    Map<String, JsonNode> entities = new HashMap<>();
    metadata.get("@graph").forEach(entity -> entities.put(entity.get("@id").asText(), entity));
    SortedMap<String, String> files = digests(folder);
    digests(got).forEach((name, digest) -> assertThat(files).containsEntry(name, digest));
    files.remove("ro-crate-metadata.json");
    List<String> parts = new ArrayList<>();
    entities.get("./").get("hasPart").forEach(part -> parts.add(part.get("@id").asText()));
    assertThat(parts).containsAll(files.keySet());
    files.forEach(
        (name, digest) ->
            assertThat(entities.get(name).get("sha256").asText()).as(name).isEqualTo(digest));
    assertThat(entities.get("./").get("mainEntity").get("@id").asText())
        .isEqualTo("pipelines/tiny.yaml");
  }

  @Test
  void roCrate_everyReferenceIsToAnEntity() throws IOException {
    export(full, "ro-crate", folder);

    JsonNode metadata = MAPPER.readTree(folder.resolve("ro-crate-metadata.json").toFile());
    List<String> ids = metadata.get("@graph").findValuesAsText("@id");
    List<String> defined = new ArrayList<>();
    metadata.get("@graph").forEach(entity -> defined.add(entity.get("@id").asText()));
    assertThat(defined).doesNotHaveDuplicates();
    assertThat(defined).hasSizeGreaterThan(20);
    ids.removeAll(defined);
    ids.removeIf(id -> id.startsWith("https://") || id.startsWith("http://schema.org/"));
    assertThat(ids).isEmpty();
  }

  @Test
  void roCrate_runsAgainFromItsOwnSpec() throws IOException {
    export(full, "ro-crate", folder);

    Cli.Result plan =
        Cli.run("plan", folder.resolve("pipelines/tiny.yaml"), "--store", full, "--verify");

    assertThat(plan.out()).startsWith("tiny, 2 rounds: 0 of 35 actions are pending");
  }

  @Test
  void inToto_isOfTheSchemaAndTellsTheDigestsOfGet() throws IOException {
    assertThat(export(full, "in-toto", folder).exitCode()).isZero();

    JsonNode statement = MAPPER.readTree(folder.resolve("tiny.intoto.json").toFile());
    JsonNode schema = MAPPER.readTree(getClass().getResource("/in-toto.schema.json"));
    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(schema)
                .validate(statement))
        .isEmpty();
    SortedMap<String, String> subjects = new TreeMap<>();
    statement
        .get("subject")
        .forEach(s -> subjects.put(s.get("name").asText(), s.at("/digest/sha256").asText()));
    assertThat(subjects).isEqualTo(digests(got));
    assertThat(statement.at("/predicate/buildDefinition/externalParameters/spec/digest/sha256"))
        .hasToString("\"" + Digest.of(Files.readAllBytes(TinyExperiment.spec())).sha256() + "\"");
    assertThat(
            statement
                .at("/predicate/buildDefinition/resolvedDependencies")
                .findValuesAsText("name"))
        .contains("pipelines/tiny.yaml", "pipelines/digits.yaml", "train-images-idx3-ubyte");
  }

  @Test
  void export_ofNamedFiles_keepsThose() throws IOException {
    Cli.Result export = export(full, "in-toto", folder, "weights/Logits", "results/summary.arrow");

    assertThat(export.exitCode()).isZero();
    assertThat(
            MAPPER
                .readTree(folder.resolve("tiny.intoto.json").toFile())
                .get("subject")
                .findValuesAsText("name"))
        .containsExactly(
            "results/summary.arrow",
            "weights/Logits/round-01/curves.arrow",
            "weights/Logits/round-01/weights.safetensors",
            "weights/Logits/round-02/curves.arrow",
            "weights/Logits/round-02/weights.safetensors");
  }

  @Test
  void export_sameRunInAnotherStore_givesTheSameBytes() throws IOException {
    Path copy = StoreContents.copy(full, folder.resolve("store"));
    for (String format : List.of("ro-crate", "in-toto", "model-card")) {
      export(full, format, folder.resolve("a/" + format));
      export(copy, format, folder.resolve("b/" + format));
    }

    assertThat(digests(folder.resolve("a")))
        .isEqualTo(digests(folder.resolve("b")))
        .containsKeys(
            "ro-crate/ro-crate-metadata.json",
            "ro-crate/tiny.lock",
            "ro-crate/results/summary.arrow",
            "in-toto/tiny.intoto.json",
            "model-card/Pixels.md");
  }

  @Test
  void modelCard_frontMatterIsYamlWithTheMean() throws IOException {
    assertThat(export(full, "Model-Card", folder).exitCode()).isZero();

    String card = Files.readString(folder.resolve("PreTrain.md"));
    assertThat(digests(folder)).hasSize(7);
    String yaml = card.substring(4, card.indexOf("\n---\n", 4));
    JsonNode front =
        MAPPER.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    assertThat(front.at("/model-index/0/name").asText()).isEqualTo("tiny/PreTrain");
    JsonNode results =
        MAPPER.readTree(Cli.run("results", TinyExperiment.spec(), "--store", full, "--json").out());
    JsonNode row = null;
    for (JsonNode result : results.get("results")) {
      row = result.get("model").asText().equals("PreTrain") ? result : row;
    }
    assertThat(row).isNotNull();
    assertThat(front.at("/model-index/0/results/0/metrics/0/value").asDouble())
        .isEqualTo(row.get("mean").asDouble());
    assertThat(card)
        .contains("- published: 90 (0.5) of 10 rounds (Table 1): ", "then stays as it is: 2 epochs")
        .contains("95 % interval of the mean [")
        .containsPattern("\\| 2 \\| `[0-9a-f]{64}` \\|");
  }

  /** The foreign file is the last that would be written. */
  @ParameterizedTest
  @CsvSource({
    "ro-crate, tiny.lock",
    "model-card, SoftMax.md",
    "dl4j, round-02/second.npy",
  })
  void export_somethingElseInTheWay_writesNothing(String format, String name) throws IOException {
    Path foreign = folder.resolve(name);
    Files.createDirectories(foreign.getParent());
    Files.writeString(foreign, "mine");

    Cli.Result export = export(full, format, folder);

    assertThat(export.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(export.err()).contains(name + ": it holds something else; --force replaces it");
    assertThat(digests(folder)).containsOnlyKeys(name);
  }

  @Test
  void results_somethingElseInTheWayOfOneTable_writesNoOther() throws IOException {
    Path foreign = Files.writeString(folder.resolve("c.csv"), "mine");
    Path predictions = folder.resolve("p.csv");

    Cli.Result results =
        Cli.run(
            "results",
            TinyExperiment.spec(),
            "--store",
            full,
            "--predictions",
            predictions,
            "--claims",
            foreign);
    Cli.Result twice =
        Cli.run(
            "results",
            TinyExperiment.spec(),
            "--store",
            full,
            "--predictions",
            predictions,
            "--claims",
            predictions);

    assertThat(results.exitCode()).isEqualTo(ExitCode.STORE);
    assertThat(twice.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(predictions).doesNotExist();
    assertThat(foreign).hasContent("mine");
  }

  @Test
  void modelCard_claimOfTrainingPairs_isNotAmongTestAccuracies() throws IOException {
    Path store = StoreContents.copy(full, folder.resolve("store"));
    Path spec =
        TinyExperiment.write(
            folder,
            "tiny.yaml",
            TinyExperiment.edited(
                "{accuracy: 55.0, std: 2.5, rounds: 10, where: \"Table 1\"}",
                "[{accuracy: 55.0, rounds: 10, where: A}, {split: train, accuracy: 66.0, rounds:"
                    + " 10, where: B}]"));
    assertThat(Cli.run("run", spec, "--store", store).exitCode()).isZero();

    Cli.run("export", spec, "--format", "model-card", "-o", folder, "--store", store);

    assertThat(Files.readString(folder.resolve("Pixels.md")))
        .contains("- published: 55 of 10 rounds (A): ")
        .doesNotContain("(B)");
  }

  @Test
  void export_ofAPartThatNoRunGathered_saysToRunIt() {
    Cli.Result part = export(full, "in-toto", folder, "--only", "Pixels");

    assertThat(part.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(part.err())
        .contains(
            "; execute them with: twintail run "
                + TinyExperiment.spec()
                + " --only Pixels --store ");
  }

  @Test
  void modelCard_ofChosenModelsAlone_isRefused() throws IOException {
    Path store = StoreContents.copy(full, folder.resolve("store"));
    Path spec =
        TinyExperiment.write(
            folder,
            "tiny.yaml",
            TinyExperiment.text()
                + "  Chosen: {chosen-by: one}\nsweeps:\n"
                + "  one: {model: Logits, steps: [{loss.digit: [0.6]}]}\n");
    Object[] part = {"--only", "Chosen", "--rounds", 1, "--store", store};
    Cli.Result plan = Cli.runWith(List.of("plan", spec), part);
    assertThat(Cli.runWith(List.of("run", spec), part).exitCode()).isZero();

    Path cards = folder.resolve("cards");
    Cli.Result export =
        Cli.runWith(List.of("export", spec, "--format", "model-card", "-o", cards), part);

    assertThat(plan.out())
        .contains(
            "Not counted: later steps of 1 sweep, the models that it chooses, and the results");
    assertThat(export.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(export.err()).contains("Cannot write model cards of Chosen: sweeps choose");
    assertThat(cards).doesNotExist();
  }

  @Test
  void export_ofAnotherFormatOrWithoutResults_saysWhatToDo() throws IOException {
    Cli.Result format = export(full, "zip", folder);
    Cli.Result named = export(full, "model-card", folder, "results");
    Cli.Result empty = export(Cli.emptyStore(folder.resolve("empty")), "in-toto", folder);

    assertThat(format.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(format.err()).contains("--format", "there is no 'zip'");
    assertThat(named.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(empty.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
  }
}
