package dev.twintail.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.network.DigitRelation;
import dev.twintail.network.Loss;
import dev.twintail.network.Loss.DigitLosses;
import dev.twintail.spec.ProtocolSpec.Accuracy;
import dev.twintail.spec.ProtocolSpec.Deviation;
import dev.twintail.spec.ProtocolSpec.Draw;
import dev.twintail.spec.ProtocolSpec.RoundStart;
import dev.twintail.spec.ProtocolSpec.SharedAcrossRounds;
import dev.twintail.spec.Published.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pipelines against the reports: sizes, published numbers and quirks, copied here from the
 * reports and not from the pipelines. Nothing is trained.
 */
class ReportsTest {
  private static final List<String> REPORTS =
      List.of("vieli2021", "salimbeni", "carparelli2019", "fu", "chahed");

  @TempDir private Path folder;

  private static Experiment read(String name) {
    return ExperimentReader.read(Schema.PIPELINES.resolve(name + ".yaml"));
  }

  private static ModelSpec model(String report, String name) {
    return read(report).only(Set.of(name)).models().get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "vieli2021, FCBaseline, 70722",
    "vieli2021, FCAux, 72112",
    "vieli2021, ConvNet, 72268",
    "vieli2021, ConvAux, 72268",
    "vieli2021, Digits, 72226",
    "vieli2021, ConvTail, 83300",
    "vieli2021, ConvSoftMax, 83300",
    "vieli2021, ConvArgMax, 83300",
    "vieli2021, PreTrain, 83300",
    "vieli2021, PreTrainRandom, 83300",
    "salimbeni, FCNN1, 197001",
    "salimbeni, FCNN2, 170651",
    "salimbeni, FCNN2Figure, 334351",
    "salimbeni, FCNN3, 414351",
    "salimbeni, WS1, 325587",
    "salimbeni, WS2, 207341",
    "salimbeni, WS3, 162959",
    "salimbeni, AL1, 414351",
    "salimbeni, AL2, 325587",
    "salimbeni, AL3, 207341",
    "salimbeni, AL4, 162959",
    "carparelli2019, Shallow_NOsharing_NOaux, 79602",
    "carparelli2019, Shallow_sharing_NOaux, 60302",
    "carparelli2019, Shallow_NOsharing_aux, 125422",
    "carparelli2019, Shallow_sharing_aux, 66322",
    "carparelli2019, MLP_NOsharing_NOaux, 300002",
    "carparelli2019, MLP_sharing_NOaux, 30202",
    "carparelli2019, MLP_NOsharing_aux, 306022",
    "carparelli2019, MLP_sharing_aux, 32222",
    "carparelli2019, Conv1_NOsharing_NOaux, 89134",
    "carparelli2019, Conv1_sharing_NOaux, 121818",
    "carparelli2019, Conv1_NOsharing_aux, 94274",
    "carparelli2019, Conv1_sharing_aux, 126958",
    "carparelli2019, Conv2_NOsharing_NOaux, 215598",
    "carparelli2019, Conv2_sharing_NOaux, 159150",
    "carparelli2019, Conv2_NOsharing_aux, 328558",
    "carparelli2019, Conv2_sharing_aux, 169410",
    "fu, MLP, 89712",
    "fu, SimpleCNN, 76386",
    "fu, WeightSharing, 75202",
    "fu, SharingAux, 88268",
    "fu, OneByOne, 43274",
    "chahed, BasicNet, 201729",
    "chahed, BasicNetLeaky, 201729",
    "chahed, FCNNone, 27925",
    "chahed, FCNAux, 27925",
    "chahed, FCNSharing, 14667",
    "chahed, FCNBoth, 14667",
    "chahed, CNNNone, 19893",
    "chahed, CNNAux, 19893",
    "chahed, CNNSharing, 10651",
    "chahed, CNNBoth, 10651",
    "chahed, FCNTuned, 114443",
    "chahed, CNNTuned, 946091",
  })
  void parameters_ofBothProtocols_areThoseOfTheReport(String report, String name, int parameters) {
    assertThat(model(report, name).network().parameters()).isEqualTo(parameters);
    assertThat(model(report + "-as-run", name).network().parameters()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "vieli2021, FCBaseline, TEST, 79.71, 1.36, 10",
    "vieli2021, FCAux, TEST, 86.23, 1.87, 10",
    "vieli2021, ConvNet, TEST, 86.73, 0.74, 10",
    "vieli2021, ConvAux, TEST, 88.04, 1.97, 10",
    "vieli2021, Digits, TEST, 98.26, 0.34, 10",
    "vieli2021, Digits, TEST, 98.29, 0.55, 10",
    "vieli2021, ConvTail, TEST, 91.02, 0.51, 10",
    "vieli2021, ConvSoftMax, TEST, 94.64, 3.12, 10",
    "vieli2021, ConvArgMax, TEST, 97.23, 0.67, 10",
    "vieli2021, PreTrain, TEST, 97.45, 0.53, 10",
    "vieli2021, PreTrainRandom, TEST, 97.27, 0.77, 10",
    "salimbeni, FCNN1, TEST, 80.2, 1.1, 10",
    "salimbeni, FCNN2, TEST, 82.7, 0.7, 10",
    "salimbeni, FCNN2Figure, TEST, 82.7, 0.7, 10",
    "salimbeni, FCNN3, TEST, 83.1, 0.8, 10",
    "salimbeni, WS1, TEST, 82.7, 1.4, 10",
    "salimbeni, WS2, TEST, 84.5, 1.4, 10",
    "salimbeni, WS3, TEST, 85.25, 1.1, 10",
    "salimbeni, AL1, TEST, 88.1, 3.2, 10",
    "salimbeni, AL2, TEST, 88.4, 0.7, 10",
    "salimbeni, AL3, TEST, 90.2, 1.2, 10",
    "salimbeni, AL4, TEST, 91.4, 1.5, 10",
    "carparelli2019, Shallow_NOsharing_NOaux, TEST, 71.88, 5.84, 30",
    "carparelli2019, Shallow_sharing_NOaux, TEST, 77.55, 1.14, 30",
    "carparelli2019, Shallow_NOsharing_aux, TEST, 76.04, 4.03, 30",
    "carparelli2019, Shallow_sharing_aux, TEST, 77.51, 0.96, 30",
    "carparelli2019, MLP_NOsharing_NOaux, TEST, 80.28, 1.30, 30",
    "carparelli2019, MLP_sharing_NOaux, TEST, 79.63, 1.90, 30",
    "carparelli2019, MLP_NOsharing_aux, TEST, 80.50, 0.94, 30",
    "carparelli2019, MLP_sharing_aux, TEST, 81.22, 1.68, 30",
    "carparelli2019, Conv1_NOsharing_NOaux, TEST, 79.78, 1.36, 30",
    "carparelli2019, Conv1_sharing_NOaux, TEST, 80.43, 1.74, 30",
    "carparelli2019, Conv1_NOsharing_aux, TEST, 80.43, 1.17, 30",
    "carparelli2019, Conv1_sharing_aux, TEST, 81.54, 1.43, 30",
    "carparelli2019, Conv2_NOsharing_NOaux, TEST, 81.48, 1.47, 30",
    "carparelli2019, Conv2_sharing_NOaux, TEST, 83.00, 1.20, 30",
    "carparelli2019, Conv2_NOsharing_aux, TEST, 82.05, 1.27, 30",
    "carparelli2019, Conv2_sharing_aux, TEST, 83.19, 1.11, 30",
    "fu, MLP, TEST, 80.5, 1.0, 10",
    "fu, MLP, TRAIN, 99.84, , 10",
    "fu, SimpleCNN, TEST, 81.0, 3.25, 10",
    "fu, SimpleCNN, TRAIN, 98.7, , 10",
    "fu, WeightSharing, TEST, 82.0, 1.4, 10",
    "fu, WeightSharing, TRAIN, 98.5, , 10",
    "fu, SharingAux, TEST, 91.5, 0.93, 10",
    "fu, SharingAux, TRAIN, 99.8, , 10",
    "fu, OneByOne, TEST, 87.46, 0.95, 10",
    "fu, OneByOne, TRAIN, 87.0, , 10",
    "chahed, BasicNet, TEST, 71.4, 1.4, 10",
    "chahed, BasicNetLeaky, TEST, 71.4, 1.4, 10",
    "chahed, FCNNone, TEST, 82.8, 0.6, 10",
    "chahed, FCNAux, TEST, 87.0, 0.7, 10",
    "chahed, FCNSharing, TEST, 85.1, 0.8, 10",
    "chahed, FCNBoth, TEST, 89.2, 0.6, 10",
    "chahed, CNNNone, TEST, 83.3, 15.8, 10",
    "chahed, CNNAux, TEST, 88.2, 1.1, 10",
    "chahed, CNNSharing, TEST, 86.4, 0.6, 10",
    "chahed, CNNBoth, TEST, 90.2, 1.3, 10",
    "chahed, FCNStep1, TEST, 91.05, , 10",
    "chahed, FCNStep2, TEST, 92.05, , 10",
    "chahed, FCNTuned, TEST, 92.82, , 10",
    "chahed, CNNStep1, TEST, 92.98, , 10",
    "chahed, CNNStep2, TEST, 96.38, , 10",
    "chahed, CNNStep3, TEST, 96.76, , 10",
    "chahed, CNNTuned, TEST, 97.21, , 10",
  })
  void published_numbers_haveTheirRowInBothProtocols(
      String report, String name, Published.Split split, double accuracy, Double std, int rounds) {
    for (String spec : List.of(report, report + "-as-run")) {
      assertThat(model(spec, name).published())
          .as(spec)
          .anySatisfy(
              claim -> {
                assertThat(claim.split()).isEqualTo(split);
                assertThat(claim.accuracy()).isEqualTo(accuracy);
                assertThat(claim.std()).isEqualTo(Optional.ofNullable(std));
                assertThat(claim.rounds()).isEqualTo(rounds);
              });
    }
  }

  @Test
  void published_numbers_areNoOthersThanTheReports() {
    int claims =
        REPORTS.stream()
            .flatMap(r -> read(r).models().stream())
            .mapToInt(m -> m.published().size())
            .sum();

    assertThat(claims).as("rows of the table above").isEqualTo(65);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vieli2021", "salimbeni", "carparelli2019", "fu", "chahed", "beyond"})
  void corrected_protocol_isCommonAndOnTheSamePairs(String name) {
    Experiment vieli = read("vieli2021");
    Experiment experiment = read(name);

    assertThat(experiment.seed()).isEqualTo(vieli.seed());
    assertThat(experiment.data()).isEqualTo(vieli.data());
    assertThat(experiment.models())
        .allSatisfy(
            model -> {
              assertThat(model.protocol()).isEqualTo(ProtocolSpec.CORRECTED);
              assertThat(model.training().shuffle()).isTrue();
              assertThat(model.training().standardize()).isTrue();
            });
  }

  @Test
  void all_holdsEveryCorrectedModel() {
    int models = REPORTS.stream().mapToInt(r -> read(r).models().size()).sum();

    assertThat(read("all").models()).hasSize(models + read("beyond").models().size());
  }

  @ParameterizedTest
  @CsvSource({
    // spec, shuffled, standardized, validation pairs, which; protocol in the order of its fields
    "vieli2021, true, true, 200, RANDOM, EVERY_ROUND, EVERY_ROUND, FRESH, CROSS_ENTROPY, BATCHES,"
        + " POPULATION, 1",
    "salimbeni, false, false, 0, RANDOM, FIRST_ROUND, FIRST_ROUND, FRESH, CROSS_ENTROPY, PAIRS,"
        + " SAMPLE, 20",
    "carparelli2019, false, false, 300, LAST, EVERY_ROUND, EVERY_ROUND, FRESH, DOUBLE_SOFTMAX,"
        + " PAIRS, SAMPLE, 1",
    "fu, false, false, 0, RANDOM, EVERY_ROUND, EVERY_ROUND, FRESH, CROSS_ENTROPY, PAIRS,"
        + " POPULATION, 1",
    "chahed, true, true, 0, RANDOM, FIRST_ROUND, FIRST_ROUND, PREVIOUS_ROUND, CROSS_ENTROPY,"
        + " PAIRS, SAMPLE, 10",
  })
  void asRun_quirks_areThoseOfTheReportsCode(
      String report,
      boolean shuffle,
      boolean standardize,
      int validation,
      DataSpec.Validation which,
      Draw trainingPairs,
      Draw testPairs,
      RoundStart start,
      DigitLosses digitLosses,
      Accuracy accuracy,
      Deviation deviation,
      int tables) {
    Experiment experiment = read(report + "-as-run");

    assertThat(experiment.data().validationPairs()).isEqualTo(validation);
    assertThat(experiment.data().validation()).isEqualTo(which);
    assertThat(experiment.models())
        .filteredOn(model -> !model.name().equals("OneByOne")) // Its code had quirks of its own.
        .allSatisfy(
            model -> {
              assertThat(model.training().shuffle()).isEqualTo(shuffle);
              assertThat(model.training().standardize()).isEqualTo(standardize);
              assertThat(model.protocol())
                  .isEqualTo(
                      new ProtocolSpec(
                          trainingPairs,
                          testPairs,
                          start,
                          digitLosses,
                          DigitRelation.AT_MOST,
                          accuracy,
                          deviation,
                          tables));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"vieli2021", "salimbeni", "carparelli2019", "fu", "chahed"})
  void asRun_claims_areJudgedByTheProcedureThatMadeThem(String report) {
    assertThat(standings(report + "-as-run"))
        .allSatisfy(
            (claim, standing) ->
                assertThat(standing.conditions())
                    .isEqualTo(
                        standing.why().startsWith("printed by another model")
                            ? Conditions.OTHER
                            : Conditions.AS_RUN));
    assertThat(standings(report))
        .isNotEmpty()
        .allSatisfy(
            (claim, standing) ->
                assertThat(standing.conditions())
                    .isEqualTo(
                        standing.why().startsWith("printed by another model")
                            ? Conditions.OTHER
                            : Conditions.COMMON));
  }

  @Test
  void asRun_claimsOfOneDraw_haveTablesThatShareAsMuch() {
    for (String report : REPORTS) {
      for (ModelSpec model : read(report + "-as-run").models()) {
        for (Published claim : model.published()) {
          assertThat(claim.shared()).as(model.name()).isEqualTo(model.protocol().shared());
          assertThat(model.protocol().tables() > 1)
              .as(model.name())
              .isEqualTo(claim.shared() != SharedAcrossRounds.NOTHING);
        }
      }
    }
  }

  @Test
  void preTrain_inTheCommonProtocol_isNotWhatPrintedItsRow() {
    assertThat(standings("vieli2021").get("PreTrain Table 1").why())
        .contains("un-pretrained ConvArgMax with digit weight 0.5");
    assertThat(standings("vieli2021").get("PreTrainRandom Table 1").why())
        .contains("PreTrain as coded");
    assertThat(standings("vieli2021-as-run").get("PreTrain Table 1").conditions())
        .isEqualTo(Conditions.AS_RUN);
  }

  private static Map<String, Published.ClaimStanding> standings(String spec) {
    Map<String, Published.ClaimStanding> standings = new LinkedHashMap<>();
    for (ModelSpec model : read(spec).models()) {
      for (Published claim : model.published()) {
        standings.put(model.name() + " " + claim.where(), claim.standing());
      }
    }
    return standings;
  }

  @Test
  void asRun_oneByOne_comparesStrictlyAndLearnsOneDraw() {
    ModelSpec model = model("fu-as-run", "OneByOne");

    assertThat(model.protocol())
        .isEqualTo(
            new ProtocolSpec(
                Draw.FIRST_ROUND,
                Draw.EVERY_ROUND,
                RoundStart.FRESH,
                DigitLosses.CROSS_ENTROPY,
                DigitRelation.LESS,
                Accuracy.PAIRS,
                Deviation.POPULATION,
                20));
  }

  @Test
  void asRun_preTrain_isWhatPrintedItsRow() {
    ModelSpec preTrain = model("vieli2021-as-run", "PreTrain");
    ModelSpec random = model("vieli2021-as-run", "PreTrainRandom");

    assertThat(preTrain.pretrainTail()).isEmpty();
    assertThat(preTrain.pretrainBody()).isEmpty();
    assertThat(preTrain.loss()).isEqualTo(Loss.sum(1.0, 0.5));
    assertThat(random.pretrainTail()).isPresent();
    assertThat(random.pretrainTail().get().frozen()).isFalse();
    assertThat(random.pretrainBody()).isEmpty();
    assertThat(random.training().epochs()).isEqualTo(20);
    assertThat(random.loss()).isEqualTo(Loss.sum(1.0, 0.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Conv2_NOsharing_NOaux", "Conv2_NOsharing_aux"})
  void asRun_conv2_sharesItsThirdConvolutionByAccident(String name) {
    ModelSpec asRun = model("carparelli2019-as-run", name);

    assertThat(asRun.network().body().text()).contains("shared-by-accident: [conv 32 -> 64 3x3]");
    assertThat(asRun.remark().orElseThrow()).contains("18,496");
    assertThat(model("carparelli2019", name).network().body().text()).doesNotContain("shared");
  }

  @Test
  void spec_tenLinesForAModelThatNoReportHas_readsIt() throws IOException {
    Path base = Schema.PIPELINES.toAbsolutePath().resolve("fu.yaml");
    Path own = folder.resolve("own.yaml");
    Files.writeString(
        own,
        """
        extends: %s
        name: own
        tails:
          thin: [linear 20 -> 6, tanh, linear -> 1]
        models:
          Thin:
            body: features-digits
            head: softmax
            tail: thin
            loss: {alpha: 0.3}
        """
            .formatted(base));

    assertThat(Files.readAllLines(own)).hasSize(10);
    assertThat(Schema.ofExperiments().validate(own)).isEmpty();
    ModelSpec model = ExperimentReader.read(own).only(Set.of("Thin")).models().get(0);
    int firstConvolution = 32 * (25 + 1) + 2 * 32;
    int secondConvolution = 64 * (32 * 4 + 1) + 2 * 64;
    int linear = 128 * (256 + 1) + 10 * (128 + 1);
    int tail = 6 * (20 + 1) + 7;
    assertThat(model.network().parameters())
        .isEqualTo(firstConvolution + secondConvolution + linear + tail);
    assertThat(model.loss()).isEqualTo(Loss.sum(0.3, 0.7));
  }
}
