package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class S3RehearsalTest {
  @Test
  void run_getsAnswers_andLeavesTheConfigurationAsItWas() throws Exception {
    Properties before = (Properties) System.getProperties().clone();

    S3Rehearsal.run();

    assertThat(System.getProperties()).isEqualTo(before);
  }
}
