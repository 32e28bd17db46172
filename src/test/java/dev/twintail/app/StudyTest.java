package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
}
