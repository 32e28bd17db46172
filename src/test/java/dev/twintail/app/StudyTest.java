package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyTest {
  @ParameterizedTest
  @CsvSource({
    "vieli2021, vieli2021-as-run",
    "pipelines/vieli2021.yaml, pipelines/vieli2021-as-run.yaml",
    "pipelines/vieli2021, pipelines/vieli2021-as-run"
  })
  void like_protocolAsRun_isNamedAsTheUserNamedTheOther(Path named, String expected) {
    Study study = Study.read(named);

    Study asRun = study.like(study.asRunFile()).orElseThrow();

    assertThat(asRun.asNamed()).isEqualTo(expected);
    assertThat(Study.read(Path.of(asRun.name())).experiment().name()).isEqualTo("vieli2021-as-run");
  }

  /** Rounds are numbered through the tables, so that "10 rounds" alone would say too little. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          vieli2021        |   | vieli2021, 10 rounds
          vieli2021        | 1 | vieli2021, 1 round
          salimbeni-as-run |   | salimbeni-as-run, 10 rounds in each of 20 tables
          salimbeni-as-run | 3 | salimbeni-as-run, 3 rounds in each of 20 tables
          """)
  void title_tellsRoundsAndTables(String spec, @Nullable Integer rounds, String expected) {
    Study study = Study.read(Path.of("pipelines", spec + ".yaml"));

    assertThat((rounds == null ? study : study.rounds(rounds)).title()).isEqualTo(expected);
  }
}
