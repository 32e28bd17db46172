package dev.twintail.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.network.WholeRange;
import dev.twintail.spec.Published.Conditions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every number that is known of the authors' own files is a claim, a choice or a record of some
 * spec. The numbers are copies in {@code authors/}, not those of the pipelines.
 */
class AuthorsFilesTest {
  /** Models of the notebook whose settings are not those of the spec's model of that name. */
  private static final Map<String, String> NAMES =
      Map.of(
          "FCNN3 200", "FCNN3Width200",
          "FCNN3 500", "FCNN3Width500",
          "FCNN3 700", "FCNN3Width700",
          "FCNN3 1500", "FCNN3Width1500",
          "FCNN1 200", "FCNN1Width200",
          "FCNN1 1000", "FCNN1Width1000",
          "FCNN 300-50-1 ", "FCNNDepth2",
          "FCNN2 300-150-50-1 ", "FCNN2",
          "FCNN 300-200-100-50-1 ", "FCNNDepth4",
          "WS3  0.0012", "WS3Slower");

  @TempDir private Path folder;

  private static Experiment read(String name) {
    return ExperimentReader.read(Schema.PIPELINES.resolve(name + ".yaml"));
  }

  private static List<Map<String, String>> rows(String file) throws IOException {
    List<String> lines;
    try (InputStream in = AuthorsFilesTest.class.getResourceAsStream("authors/" + file)) {
      lines = new String(in.readAllBytes(), UTF_8).lines().toList();
    }
    String[] head = lines.get(0).split(",", -1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, String> row = new TreeMap<>();
      for (int i = 0; i < head.length; i++) {
        row.put(head[i], cells[i]);
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void rounds_ofCarparelli_areAllRecords() throws IOException {
    AuthorsRecords records = read("carparelli2019-as-run").records().orElseThrow();
    List<Map<String, String>> rows = rows("carparelli2019_rounds.csv");
    Map<String, AuthorsRecords.RecordedModel> byName = new HashMap<>();
    records.models().forEach(m -> byName.put(m.model(), m));

    assertThat(rows).hasSize(160);
    assertThat(records.models().stream().mapToInt(m -> m.accuracies().size()).sum()).isEqualTo(160);
    for (Map<String, String> row : rows) {
      assertThat(byName.get(row.get("model")).accuracies().get(number(row, "round").intValue() - 1))
          .as(row.toString())
          .isEqualTo(number(row, "accuracy"));
    }
    assertThat(records.models())
        .allSatisfy(m -> assertThat(m.standing().conditions()).isEqualTo(Conditions.AS_RUN));
    assertThat(records.shared()).isEqualTo(AuthorsRecords.ModelsShare.PAIRS);
  }

  @Test
  void search_ofCarparelli_isTheAuthorsChoiceOfEverySweep() throws IOException {
    Experiment search = read("carparelli2019-search");
    List<Map<String, String>> rows = rows("carparelli2019_search.csv");

    assertThat(rows).hasSameSizeAs(search.sweeps());
    for (Map<String, String> row : rows) {
      SweepSpec sweep =
          search.sweeps().stream()
              .filter(s -> s.model().equals(row.get("model")))
              .findFirst()
              .orElseThrow();
      AuthorsChoice choice = sweep.authors().orElseThrow();
      Map<String, Double> expected = new HashMap<>();
      expected.put("training.adam.learning-rate", number(row, "eta"));
      expected.put("with.h", number(row, "hidden"));
      if (!row.get("lambda").isEmpty()) {
        expected.put("loss.digit", 2 * number(row, "lambda"));
      }
      Map<String, Double> found = new HashMap<>();
      choice.settings().forEach((path, value) -> found.put(path, Double.parseDouble(value)));
      assertThat(found).as(row.toString()).isEqualTo(expected);
      assertThat(choice.accuracy())
          .isCloseTo(100 * number(row, "validation_accuracy"), within(1e-9));
      assertThat(choice.pairs()).isEqualTo(AuthorsChoice.ChoicePairs.VALIDATION);
      assertThat(sweep.tried(List.of())).as(row.toString()).anyMatch(sweep::isOfAuthors);
      assertThat(sweep.published()).isPresent();
    }
  }

  @Test
  void notebook_ofSalimbeni_isClaimsOfModelsWithItsSettings() throws IOException {
    Experiment experiment = read("salimbeni-fig5-as-run");
    List<Map<String, String>> rows = rows("salimbeni_notebook.csv");

    assertThat(rows).hasSize(23);
    for (Map<String, String> row : rows) {
      ModelSpec model = model(experiment, row);
      assertThat(model.training().optimizer().learningRate())
          .as(row.toString())
          .isEqualTo(number(row, "learning_rate"));
      assertThat(model.training().epochs()).isEqualTo(number(row, "epochs").intValue());
      if (!row.get("n").isEmpty()) {
        assertThat(model.network().body().text() + model.network().tail().text())
            .contains("-> " + row.get("n") + ",");
      }
      String widths = row.get("model").replaceAll("^[^ ]* ?", "");
      if (!widths.isEmpty()) {
        assertThat(model.network().tail().text().replaceAll("[^0-9]+", "-"))
            .startsWith("-392-")
            .endsWith("-1-");
        for (String width : widths.split("-")) {
          assertThat(model.network().tail().text()).contains("-> " + width);
        }
      }
      assertThat(model.published())
          .as(row.toString())
          .filteredOn(claim -> claim.where().equals("authors' notebook, plot " + row.get("plot")))
          .singleElement()
          .satisfies(
              claim -> {
                assertThat(claim.accuracy())
                    .isCloseTo(100 * number(row, "mean_accuracy"), within(1e-9));
                assertThat(claim.std().orElseThrow())
                    .isCloseTo(100 * number(row, "std_ddof1"), within(1e-9));
                assertThat(claim.rounds()).isEqualTo(number(row, "runs").intValue());
                assertThat(claim.deviation()).isEqualTo(ProtocolSpec.Deviation.SAMPLE);
                assertThat(claim.shared()).isEqualTo(ProtocolSpec.SharedAcrossRounds.DRAW);
                assertThat(claim.standing().conditions()).isEqualTo(Conditions.AS_RUN);
              });
    }
  }

  private static ModelSpec model(Experiment experiment, Map<String, String> row) {
    String name = row.get("model");
    String withWidth = name + " " + row.get("n");
    String found =
        NAMES.getOrDefault(
            withWidth + " " + row.get("learning_rate"), NAMES.getOrDefault(withWidth, name));
    return experiment.models().stream()
        .filter(m -> m.name().equals(found))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no model " + found));
  }

  private static Double number(Map<String, String> row, String column) {
    return Double.valueOf(Optional.ofNullable(row.get(column)).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "model,round,accuracy | 1 | expected 'round,model,accuracy', found 'model,round,accuracy'",
        "HEAD/1,Digits | 2 | expected a round, a model and an accuracy, found '1,Digits'",
        "HEAD/0,Digits,0.5 | 2 | round: expected a whole number from 1 to 10000, found '0'",
        "HEAD/1,Digit,0.5 | 2 | unknown model 'Digit'; did you mean 'Digits'?",
        "HEAD/1,Digits,50 | 2 | accuracy: expected a number from 0 to 1, found '50'",
        "HEAD/1,Digits,0.5f | 2 | accuracy: expected a number from 0 to 1, found '0.5f'",
        "HEAD/1,Digits,1d | 2 | accuracy: expected a number from 0 to 1, found '1d'",
        "HEAD/1,Digits,0x1p-1 | 2 | accuracy: expected a number from 0 to 1, found '0x1p-1'",
        "HEAD/1,Digits, 0.5 | 2 | accuracy: expected a number from 0 to 1, found ' 0.5'",
        "HEAD/0x+1,Digits,0.5 | 2 | round: expected a whole number from 1 to 10000, found '0x+1'",
        "HEAD/1,Digits,NaN | 2 | accuracy: expected a number from 0 to 1, found 'NaN'",
        "HEAD/1,Digits,0.5/1,Digits,0.6 | 3 | round 1 of Digits is there twice",
        "HEAD/1,Digits,0.5/1,Tail,0.5/2,Tail,0.5 | 4 | round 2 of Digits is missing",
        "HEAD/1,Digits,0.5/2,Digits,0.5/1,Tail,0.5 | 4 | round 2 of Tail is missing",
        "HEAD/1,Digits,0.5// | 3 | expected a round, a model and an accuracy, found nothing",
        "HEAD | 1 | there are no rounds",
      })
  void records_malformed_areToldInOneLineWithFileAndLine(String text, int line, String message)
      throws IOException {
    Path spec = spec();
    Path file = folder.resolve("rounds.csv");
    Files.writeString(file, text.replace("HEAD", "round,model,accuracy").replace('/', '\n') + "\n");

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOf(SpecException.class)
        .hasMessage(file + ":" + line + ": " + message);
  }

  @Test
  void records_ofNoFile_areToldWhereTheyAreNamed() throws IOException {
    Path spec = spec();

    assertThatThrownBy(() -> ExperimentReader.read(spec))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(spec + ":")
        .hasMessageEndingWith("rounds.csv: No such file or folder");
  }

  @Test
  void records_onAnotherMachine_areThoseOfTheText() throws IOException {
    Path spec = spec();
    Path file = folder.resolve("rounds.csv");
    Files.writeString(file, "round,model,accuracy\r\n2,Digits,0.5\r\n1,Digits,0.25\r\n");

    ExperimentReader.ExperimentSource source = ExperimentReader.readWithText(spec);
    Files.delete(file);

    AuthorsRecords records = ExperimentReader.read(source.text()).records().orElseThrow();
    assertThat(records).isEqualTo(source.experiment().records().orElseThrow());
    assertThat(records.models().get(0).accuracies()).containsExactly(0.25, 0.5);
    assertThat(records.contents()).doesNotContain("\r");
    assertThat(AuthorsRecords.ROUNDS).isEqualTo(new WholeRange(1, 10_000));
  }

  private Path spec() throws IOException {
    for (String name : List.of("tiny.yaml", "digits.yaml")) {
      try (InputStream in = AuthorsFilesTest.class.getResourceAsStream(name)) {
        Files.write(folder.resolve(name), in.readAllBytes());
      }
    }
    Path spec = folder.resolve("recorded.yaml");
    Files.writeString(
        spec,
        """
        extends: tiny.yaml
        name: recorded
        records: {file: rounds.csv, where: "their log"}
        """);
    return spec;
  }
}
