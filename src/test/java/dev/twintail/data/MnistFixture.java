package dev.twintail.data;

import dev.twintail.blob.Blob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The real digits kept with the tests: 300 for training and 200 for testing. */
public final class MnistFixture {
  public static final int TRAIN = 300;
  public static final int TEST = 200;

  private MnistFixture() {}

  /** Returns the folder with the four gzipped files. */
  public static Path folder() {
    try {
      return Path.of(MnistFixture.class.getResource("/mnist-fixture").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the fixture as a data set of its own, which only {@link #folder} holds. */
  public static DigitSource source() {
    return source(List.of(), Optional.empty());
  }

  public static DigitSource source(List<String> mirrors, Optional<DigitSource.NpmPackage> npm) {
    return new DigitSource(
        "mnist-fixture",
        List.of(
            DigitFile.of(
                "train-images",
                "train-images-idx3-ubyte",
                "f04278f7eeed20dddd03166a02df7b54f590a2edd1fce84ec19546d736971d2c",
                235216),
            DigitFile.of(
                "train-labels",
                "train-labels-idx1-ubyte",
                "e3a52ff91522f3a4f74e3a413a2dda110cc30f335950da02f1ef99b23e3cf0e6",
                308),
            DigitFile.of(
                "test-images",
                "t10k-images-idx3-ubyte",
                "cefe86a05637f831a20aef251bd9db19004a2c986ec848d345c40ffd09264afc",
                156816),
            DigitFile.of(
                "test-labels",
                "t10k-labels-idx1-ubyte",
                "181dda88fbf8032cf747bf0766ad9d035b6bb747997214d834eb8d2f33a72210",
                208)),
        mirrors,
        npm);
  }

  static DigitFile file(DigitFile.Role role) {
    return source().files().stream().filter(f -> f.role() == role).findFirst().orElseThrow();
  }

  /** Returns the raw bytes of one file. */
  public static Blob blob(DigitFile.Role role) {
    try {
      return new DigitFinder(folder()).folder(folder()).find(source()).files().get(role);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DigitsUnavailableException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static IdxImages images(DigitFile.Role role) {
    return IdxImages.parse(file(role).name(), bytes(role));
  }

  public static IdxLabels labels(DigitFile.Role role) {
    return IdxLabels.parse(file(role).name(), bytes(role), 10);
  }

  static byte[] bytes(DigitFile.Role role) {
    try {
      return blob(role).bytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
