package dev.twintail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.network.Branches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentTest {
  private static final Experiment VIELI =
      ExperimentReader.read(Schema.PIPELINES.resolve("vieli2021.yaml"));

  @Test
  void only_someModels_keepsTheOrderOfTheSpec() {
    assertThat(VIELI.only(List.of("PreTrain", "FCAux")).models())
        .extracting(ModelSpec::name)
        .containsExactly("FCAux", "PreTrain");
  }

  @Test
  void only_misspeltModel_suggestsTheNearest() {
    assertThatThrownBy(() -> VIELI.only(List.of("Digits", "PreTrian")))
        .isInstanceOf(UnknownModelException.class)
        .hasMessage("Cannot find model 'PreTrian' in vieli2021; did you mean 'PreTrain'?");
  }

  @Test
  void only_unknownModel_namesThoseThereAre() {
    assertThatThrownBy(() -> VIELI.only(List.of("Transformer")))
        .isInstanceOf(UnknownModelException.class)
        .hasMessageStartingWith(
            "Cannot find model 'Transformer' in vieli2021; known: FCBaseline, ");
  }

  @Test
  void withRounds_changesNothingElse() {
    assertThat(VIELI.withRounds(3).rounds()).isEqualTo(3);
    assertThat(VIELI.withRounds(3).withRounds(10)).isEqualTo(VIELI);
  }

  @Test
  void withRounds_zero_isRefused() {
    assertThatThrownBy(() -> VIELI.withRounds(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use rounds 0: expected a whole number from 1 to 10000");
  }

  @ParameterizedTest
  @CsvSource({"carparelli2019, 4", "chahed, 2", "salimbeni, 2", "all, 8", "vieli2021, 0"})
  void factorials_ofThePipelines_haveModelsOfWhatTheySay(String name, int designs) {
    Experiment experiment = ExperimentReader.read(Schema.PIPELINES.resolve(name + ".yaml"));

    assertThat(experiment.factorials()).hasSize(designs);
    for (FactorialSpec design : experiment.factorials()) {
      List<ModelSpec> models =
          design.models().stream().map(m -> experiment.only(List.of(m)).models().get(0)).toList();
      assertThat(models)
          .extracting(m -> m.network().branches() == Branches.SHARED)
          .containsExactly(false, true, false, true);
      assertThat(models)
          .extracting(m -> m.loss().digit() > 0)
          .containsExactly(false, false, true, true);
    }
  }

  @Test
  void only_partOfADesign_leavesTheDesignOut() {
    Experiment chahed = ExperimentReader.read(Schema.PIPELINES.resolve("chahed.yaml"));

    assertThat(chahed.only(List.of("FCNNone", "FCNSharing", "FCNAux")).factorials()).isEmpty();
    assertThat(chahed.only(List.of("CNNBoth", "CNNNone", "CNNSharing", "CNNAux")).factorials())
        .containsExactly(new FactorialSpec("CNN", "CNNNone", "CNNSharing", "CNNAux", "CNNBoth"));
  }

  @Test
  void read_include_prefixesDesignsAsItDoesModels() {
    Experiment all = ExperimentReader.read(Schema.PIPELINES.resolve("all.yaml"));

    assertThat(all.factorials())
        .contains(
            new FactorialSpec(
                "chahed-CNN",
                "chahed-CNNNone",
                "chahed-CNNSharing",
                "chahed-CNNAux",
                "chahed-CNNBoth"));
  }

  @Test
  void read_extendingFile_replacesADesignOfTheSameName(@TempDir Path folder) throws IOException {
    Path spec = folder.resolve("swapped.yaml");
    Files.writeString(
        spec,
        "extends: "
            + Schema.PIPELINES.resolve("chahed.yaml").toAbsolutePath()
            + "\nname: swapped\nfactorial:\n"
            + "  FCN: {neither: FCNNone, sharing: FCNAux, auxiliary: FCNSharing, both: FCNBoth}\n");

    assertThat(ExperimentReader.read(spec).factorials())
        .containsExactly(
            new FactorialSpec("FCN", "FCNNone", "FCNAux", "FCNSharing", "FCNBoth"),
            new FactorialSpec("CNN", "CNNNone", "CNNSharing", "CNNAux", "CNNBoth"));
  }
}
