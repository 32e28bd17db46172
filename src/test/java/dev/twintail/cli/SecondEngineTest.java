package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.model.dl4j.IsolatedTrainer;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.pipeline.Runs;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.store.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another engine's evaluations beside ours, from a store that has a part of them. */
class SecondEngineTest {
  @TempDir private static Path folder;
  private static Path spec;
  private static Path store;
  private static Cli.Result before;
  private static Cli.Result reportBefore;

  /** Is taken for Deeplearning4j, and answers the first pair otherwise than this engine does. */
  private record Contrary(Trainer real, Trainer named) implements Trainer {
    @Override
    public Trained train(Task task) {
      return real.train(task);
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      Predictions same = real.predict(network, weights, examples);
      int[] targets = same.targets().clone();
      targets[0] = 1 - examples.targets()[0];
      targets[1] = 1 - examples.targets()[1];
      targets[2] = 1 - examples.targets()[2];
      return new Predictions(targets, same.probabilities(), same.digits());
    }

    @Override
    public List<EnvironmentField> environment() {
      return named.environment();
    }
  }

  @BeforeAll
  static void runBoth() throws Exception {
    store = folder.resolve("store");
    spec = TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.text());
    Path asRun =
        TinyExperiment.write(
            folder,
            "tiny-as-run.yaml",
            "extends: tiny.yaml\nname: tiny-as-run\nconditions: as-run\nseed: 8\n");
    assertThat(Cli.runOn(spec, store).exitCode()).isZero();
    assertThat(Cli.runOn(asRun, store).exitCode()).isZero();
    assertThat(Cli.run("check", spec, "--store", store, "--accept").exitCode()).isZero();
    before = Cli.run("results", spec, "--store", store, "--json");
    reportBefore = Cli.run("report", spec, "--store", store, "-o", folder.resolve("before"));
    Trainer other =
        new Contrary(new BlasTrainer(), new IsolatedTrainer(folder.resolve("crashes"), note -> {}));
    new Runs(LocalObjectStore.open(store))
        .run(ExperimentReader.read(spec).only(List.of("Pixels", "Logits")), 2, other);
  }

  @Test
  void results_withoutTheOtherEngine_tellNothingOfIt() throws IOException {
    assertThat(new ObjectMapper().readTree(before.out()).has("secondEngine")).isFalse();
    assertThat(reportBefore.exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("before/index.html")))
        .doesNotContain("second-engine");
  }

  @Test
  void results_withRoundsOfTheOtherEngine_putThemBesideTheSameOfOurs() throws IOException {
    Cli.Result json = Cli.run("results", spec, "--store", store, "--json");
    Cli.Result text = Cli.run("results", spec, "--store", store);

    JsonNode said = new ObjectMapper().readTree(json.out());
    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                    new ObjectMapper()
                        .readTree(Files.readString(Path.of("docs", "output.schema.json"))))
                .validate(said))
        .isEmpty();
    JsonNode second = said.get("secondEngine");
    assertThat(second.get("engine").asText()).isEqualTo("Deeplearning4j");
    assertThat(second.get("models")).hasSize(2);
    double sum = 0;
    for (JsonNode model : second.get("models")) {
      assertThat(model.get("n").asInt()).isEqualTo(2);
      JsonNode ours = row(said, model.get("model").asText());
      assertThat(model.get("mean").asDouble())
          .isCloseTo(ours.get("mean").asDouble(), within(1e-12));
      assertThat(model.get("secondMean").asDouble() - model.get("mean").asDouble())
          .isCloseTo(model.get("difference").asDouble(), within(1e-12));
      sum += model.get("difference").asDouble();
    }
    assertThat(sum).isNotZero();
    assertThat(second.get("difference").asDouble()).isCloseTo(sum / 2, within(1e-12));
    assertThat(text.out()).contains("second engine", "Deeplearning4j ran 2 models of tiny");
    assertThat(said.get("results"))
        .isEqualTo(new ObjectMapper().readTree(before.out()).get("results"));
  }

  private static JsonNode row(JsonNode said, String model) {
    for (JsonNode row : said.get("results")) {
      if (row.get("model").asText().equals(model)) {
        return row;
      }
    }
    throw new AssertionError(model);
  }

  @Test
  void pages_withRoundsOfTheOtherEngine_tellThem() throws IOException {
    Path out = folder.resolve("after");
    Cli.Result report = Cli.run("report", spec, "--store", store, "-o", out);
    Cli.Result again = Cli.run("report", spec, "--store", store, "-o", folder.resolve("again"));
    Cli.Result claims = Cli.run("claims", spec, "--store", store);

    assertThat(report.exitCode()).isZero();
    assertThat(report.out()).endsWith(", executed\n");
    assertThat(again.out()).endsWith(", reused\n");
    assertThat(Files.readString(out.resolve("index.html")))
        .contains("A second engine’s opinion", "Two independent implementations");
    assertThat(Files.readString(out.resolve("report.md"))).contains("Deeplearning4j ran 2 models");
    assertThat(claims.out())
        .isEqualTo(Files.readString(out.resolve("claims.md")))
        .contains(
            "## A second engine’s opinion", "Deeplearning4j ran 2 models of tiny in 2 rounds");
  }

  @Test
  void check_withRoundsOfTheOtherEngine_tellsThemInItsSummary() throws IOException {
    Path summary = folder.resolve("summary.md");

    assertThat(Cli.run("check", spec, "--store", store, "--summary", summary).exitCode()).isZero();

    assertThat(Files.readString(summary)).contains("- Deeplearning4j ran 2 models of tiny");
  }
}
