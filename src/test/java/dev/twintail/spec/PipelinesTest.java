package dev.twintail.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twintail.network.Head;
import dev.twintail.network.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The specs that ship, and the JSON Schemas beside them. */
class PipelinesTest {
  private static final Experiment VIELI =
      ExperimentReader.read(Schema.PIPELINES.resolve("vieli2021.yaml"));
  private static final Experiment READINGS =
      ExperimentReader.read(Schema.PIPELINES.resolve("vieli2021-readings.yaml"));

  static Stream<Path> specs() throws IOException {
    try (Stream<Path> files = Files.list(Schema.PIPELINES)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void schema_acceptsEverySpecThatNamesIt(Path spec) throws IOException {
    boolean digits = Files.readString(spec).startsWith("# yaml-language-server: $schema=./digits.");

    assertThat((digits ? Schema.ofDigits() : Schema.ofExperiments()).validate(spec)).isEmpty();
    if (digits) {
      assertThat(DigitsFiles.read(spec).mirrors()).isNotEmpty();
    } else {
      assertThat(ExperimentReader.read(spec).models()).isNotEmpty();
    }
  }

  @Test
  void schema_fieldsOfExperiments_areThoseOfTheReader() throws IOException {
    assertSameFields(Schema.ofExperiments().tree(), Section.OF_EXPERIMENT);
  }

  @Test
  void schema_fieldsOfDigits_areThoseOfTheReader() throws IOException {
    assertSameFields(Schema.ofDigits().tree(), Section.OF_DIGITS);
  }

  /** The first section is the root; the others are definitions under their titles. */
  private static void assertSameFields(JsonNode schema, List<Section> sections) {
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      JsonNode object = i == 0 ? schema : schema.at("/$defs/" + section.title());
      List<String> fields = new ArrayList<>();
      object.get("properties").fieldNames().forEachRemaining(fields::add);
      assertThat(fields).as(section.title()).isEqualTo(section.fields());
      assertThat(object.get("additionalProperties").asBoolean()).as(section.title()).isFalse();
    }
  }

  @Test
  void schema_choices_areThoseOfTheReader() throws IOException {
    JsonNode defs = Schema.ofExperiments().tree().get("$defs");

    assertThat(texts(defs.at("/model/properties/head/enum"))).isEqualTo(words(Head.values()));
    assertThat(texts(defs.at("/loss/properties/mix/enum"))).isEqualTo(words(Loss.Mix.values()));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static List<String> words(Enum<?>[] values) {
    return Stream.of(values).map(v -> v.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0, FCBaseline, 70722, 79.71, 1.36",
    "1, FCAux, 72112, 86.23, 1.87",
    "2, ConvNet, 72268, 86.73, 0.74",
    "3, ConvAux, 72268, 88.04, 1.97",
    "4, Digits, 72226, 98.26, 0.34",
    "5, ConvTail, 83300, 91.02, 0.51",
    "6, ConvSoftMax, 83300, 94.64, 3.12",
    "7, ConvArgMax, 83300, 97.23, 0.67",
    "8, PreTrain, 83300, 97.45, 0.53",
    "9, PreTrainRandom, 83300, 97.27, 0.77",
  })
  void vieli_models_haveTheReportsParametersAndNumbers(
      int row, String name, int parameters, double accuracy, double std) {
    ModelSpec model = VIELI.models().get(row);

    assertThat(VIELI.models()).hasSize(10);
    assertThat(model.name()).isEqualTo(name);
    assertThat(model.network().parameters()).isEqualTo(parameters);
    assertThat(model.published())
        .anySatisfy(
            claim -> {
              assertThat(claim.accuracy()).isEqualTo(accuracy);
              assertThat(claim.std()).contains(std);
              assertThat(claim.rounds()).isEqualTo(10);
              assertThat(claim.where()).isEqualTo("Table 1");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "FCBaseline, 1.0, 0.0, SUM, 25",
    "FCAux, 1.0, 0.5, SUM, 25",
    "ConvNet, 1.0, 0.0, SUM, 25",
    "ConvAux, 1.0, 0.8, SUM, 25",
    "Digits, 0.0, 1.0, SUM, 25",
    "ConvTail, 1.0, 0.6, SUM, 25",
    "ConvSoftMax, 1.0, 0.6, SUM, 25",
    "ConvArgMax, 1.0, 0.6, SUM, 25",
    "PreTrain, 1.0, 0.5, SUM, 20",
    "PreTrainRandom, 1.0, 1.0, COIN, 20",
    "PreTrainAlgorithm1, 1.0, 0.5, SUM, 20",
    "PreTrainCode, 1.0, 0.5, SUM, 20",
    "PreTrainSoft, 1.0, 0.5, SUM, 20",
    "PreTrainSoftNoAux, 1.0, 0.0, SUM, 20",
  })
  void readings_models_haveTheReportsLossesAndEpochs(
      String name, double target, double digit, Loss.Mix mix, int epochs) {
    ModelSpec model = READINGS.only(Set.of(name)).models().get(0);

    assertThat(model.loss())
        .isEqualTo(new Loss(target, digit, mix, Loss.DigitLosses.CROSS_ENTROPY));
    assertThat(model.training().epochs()).isEqualTo(epochs);
  }

  @ParameterizedTest
  @CsvSource({
    "PreTrain, ARGMAX, true, true",
    "PreTrainRandom, ARGMAX, true, true",
    "PreTrainAlgorithm1, ARGMAX, true, false",
    "PreTrainCode, ARGMAX, false, false",
    "PreTrainSoft, SOFTMAX, true, false",
    "PreTrainSoftNoAux, SOFTMAX, true, false",
  })
  void readings_pretraining_isThatOfItsReading(
      String name, Head head, boolean frozen, boolean body) {
    ModelSpec model = READINGS.only(Set.of(name)).models().get(0);

    assertThat(model.network().head()).isEqualTo(head);
    assertThat(model.pretrainTail()).isPresent();
    assertThat(model.pretrainTail().get().frozen()).isEqualTo(frozen);
    assertThat(model.pretrainTail().get().training().epochs()).isEqualTo(5);
    assertThat(model.pretrainBody().map(b -> b.training().epochs()).orElse(0))
        .isEqualTo(body ? 5 : 0);
  }

  @Test
  void readings_shareTheReportsDataAndModels() {
    assertThat(READINGS.data()).isEqualTo(VIELI.data());
    assertThat(READINGS.seed()).isEqualTo(VIELI.seed());
    assertThat(READINGS.models()).startsWith(VIELI.models().toArray(ModelSpec[]::new)).hasSize(14);
  }
}
