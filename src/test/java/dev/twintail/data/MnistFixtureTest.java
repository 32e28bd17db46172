package dev.twintail.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the fixture with whole MNIST files, where the environment names a folder of them. */
@Tag("network")
@EnabledIfEnvironmentVariable(
    named = "TWINTAIL_MNIST",
    matches = ".+",
    disabledReason = "no folder with the whole of MNIST is named")
class MnistFixtureTest {
  @ParameterizedTest
  @EnumSource(DigitFile.Role.class)
  void fixture_cutAnew_isTheSame(DigitFile.Role role) throws IOException {
    String name = MnistFixture.file(role).name();
    byte[] whole = Files.readAllBytes(Path.of(System.getenv("TWINTAIL_MNIST"), name));
    boolean images = role.toString().endsWith("images");
    int rows = role.toString().startsWith("train") ? MnistFixture.TRAIN : MnistFixture.TEST;
    byte[] cut = Arrays.copyOf(whole, images ? 16 + rows * 28 * 28 : 8 + rows);
    ByteBuffer.wrap(cut).putInt(Integer.BYTES, rows);
    Path folder = Files.createDirectories(Path.of("target", "mnist-fixture"));
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(name + ".gz")))) {
      out.write(cut);
    }

    assertThat(MnistFixture.bytes(role)).isEqualTo(cut);
  }
}
