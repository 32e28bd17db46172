package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands say to programs, held to the schema that is published. */
class JsonOutputTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** They print a script, and pages for people. */
  private static final Set<String> WITHOUT = Set.of("completion", "help", "man");

  /** Every command; {@code SPEC}, {@code STORE} and {@code DIR} are filled in. */
  private static final List<String> LINES =
      List.of(
          "run SPEC --store STORE --data DIGITS",
          "run SPEC --store STORE --rounds 3 --dry-run --explain",
          "plan SPEC --store STORE --rounds 3 --explain",
          "plan SPEC --store EMPTY",
          "explain SPEC --store STORE --rounds 3 Logits data-gen",
          "verify SPEC --store STORE --sample 3 --locked",
          "results SPEC --store STORE",
          "check SPEC --store STORE",
          "claims SPEC --store STORE",
          "league SPEC --store STORE",
          "report SPEC --store STORE -o DIR/report",
          "log --store STORE",
          "diff previous --store STORE",
          "diff DIR/tiny.lock DIR/tiny.lock",
          "lineage SPEC results/summary.arrow --store STORE",
          "ls SPEC --store STORE",
          "get SPEC results --store STORE -o DIR/out",
          "export SPEC --format in-toto --store STORE -o DIR/export",
          "push DIR/other --create --store STORE",
          "pull DIR/other --store STORE",
          "fsck --store STORE",
          "du --store STORE",
          "gc --store STORE",
          "keygen DIR/key",
          "digits DIGITS",
          "self-test",
          "version");

  @TempDir private static Path folder;
  private static Path spec;
  private static JsonSchema schema;

  @BeforeAll
  static void fill() throws IOException {
    schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(MAPPER.readTree(Files.readString(Path.of("docs", "output.schema.json"))));
    spec = TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.text());
    Path asRun =
        TinyExperiment.write(
            folder,
            "tiny-as-run.yaml",
            "extends: tiny.yaml\nname: tiny-as-run\nconditions: as-run\nseed: 8\n");
    Path store = folder.resolve("store");
    Cli.emptyStore(folder.resolve("empty"));
    assertThat(Cli.runOn(asRun, store).exitCode()).isZero();
    assertThat(Cli.runOn(spec, store, "--lock").exitCode()).isZero();
    assertThat(Cli.run("run", spec, "--store", store, "--only", "Pixels").exitCode()).isZero();
    assertThat(Cli.run("check", spec, "--store", store, "--accept").exitCode()).isZero();
  }

  private static Object[] words(String line) {
    List<Object> words = new ArrayList<>();
    for (String word : line.split(" ")) {
      words.add(
          word.replace("SPEC", spec.toString())
              .replace("STORE", folder.resolve("store").toString())
              .replace("EMPTY", folder.resolve("empty").toString())
              .replace("DIGITS", MnistFixture.folder().toString())
              .replace("DIR", folder.toString()));
    }
    return words.toArray();
  }

  @Test
  void json_everyCommand_isOneObjectOfThePublishedSchema() throws IOException {
    Set<String> left = new TreeSet<>(Main.names());
    left.removeAll(WITHOUT);
    for (String line : LINES) {
      Cli.Result result = Cli.runWith(List.of(words(line)), "--json");

      assertThat(result.exitCode()).as(line + ": " + result.err()).isZero();
      JsonNode said = MAPPER.readTree(result.out());
      assertThat(schema.validate(said)).as(line + "\n" + said.toPrettyString()).isEmpty();
      String command = line.substring(0, (line + " ").indexOf(' '));
      assertThat(said.get("command").asText())
          .isEqualTo(line.contains("--dry-run") ? "plan" : command);
      left.remove(command);
    }

    assertThat(left).as("commands that were not tried").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "run SPEC --store DIR/none, 6, Cannot find a store in",
    "ls SPEC nothing --store STORE, 7, Cannot find 'nothing' in the store",
    "results SPEC --only Nobody --store STORE, 2, Cannot find model 'Nobody'",
    "log --store STORE -n -1, 2, Cannot list -1 runs",
  })
  void json_failure_saysWhyInTheSameShape(String line, int exitCode, String message)
      throws IOException {
    Cli.Result result = Cli.runWith(List.of(words(line)), "--json");

    JsonNode said = MAPPER.readTree(result.out());
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(schema.validate(said)).isEmpty();
    assertThat(said.at("/error/exitCode").asInt()).isEqualTo(exitCode);
    assertThat(said.at("/error/message").asText()).startsWith(message);
    assertThat(result.err()).contains(said.at("/error/message").asText());
  }
}
