package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.DigitsFiles;
import dev.twintail.spec.DigitsSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsCommandTest {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    data = Files.createDirectory(folder.resolve("own data"));
  }

  /** Puts a file of the fixture there, raw. */
  private byte[] raw(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(MnistFixture.folder().resolve(name + ".gz")))) {
      byte[] bytes = in.readAllBytes();
      Files.write(data.resolve(name), bytes);
      return bytes;
    }
  }

  @Test
  void digits_rawAndPackedFiles_writesThePinsThatTheReaderReads() throws IOException {
    Path file = folder.resolve("own.yaml");
    raw(FILES.get(0));
    raw(FILES.get(1));
    for (String packed : FILES) { // Of two forms of one file, one counts.
      Files.copy(MnistFixture.folder().resolve(packed + ".gz"), data.resolve(packed + ".gz"));
    }

    Cli.Result result = Cli.run("digits", data, "-o", file);

    assertThat(result.exitCode()).as(result.err()).isZero();
    DigitsSpec made = DigitsFiles.read(file);
    DigitsSpec known = DigitsFiles.read(TinyExperiment.spec().resolveSibling("digits.yaml"));
    assertThat(made.name()).isEqualTo("own-data");
    assertThat(made).usingRecursiveComparison().ignoringFields("name").isEqualTo(known);
    assertThat(Cli.run("digits", data).out()).isEqualTo(Files.readString(file));
  }

  @Test
  void digits_ofOwnData_areRunByAnExperimentThatExtendsAnother() throws IOException {
    for (String name : FILES) {
      raw(name);
    }
    byte[] labels = Files.readAllBytes(data.resolve(FILES.get(1)));
    labels[labels.length - 1] ^= 1;
    Files.write(data.resolve(FILES.get(1)), labels);
    Path base = TinyExperiment.write(folder, "tiny.yaml", TinyExperiment.text());
    assertThat(Cli.run("digits", data, "-o", folder.resolve("mine.yaml")).exitCode()).isZero();
    Path own = folder.resolve("own.yaml");
    Files.writeString(
        own,
        "extends: " + base.getFileName() + "\nname: own\ndata: {digits: mine.yaml}\nrounds: 1\n");

    Cli.Result run =
        Cli.run(
            "run",
            own,
            "--only",
            "Pixels",
            "--data",
            data,
            "--create",
            "--store",
            folder.resolve("store"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("other conditions");
  }

  @Test
  void digits_whatIsNoDataSet_isToldInOneLine() throws IOException {
    assertThat(refused("nowhere")).contains("nowhere: there is no such folder");
    assertThat(refused(data)).contains("Cannot find the images for training in " + data);
    for (String name : FILES) {
      raw(name);
    }
    Files.copy(data.resolve(FILES.get(0)), data.resolve("train2-images"));
    assertThat(refused(data)).contains("there are train-images-idx3-ubyte, train2-images");
    Files.delete(data.resolve("train2-images"));
    byte[] labels = raw(FILES.get(1));
    byte[] fewer = ByteBuffer.allocate(labels.length - 1).put(labels, 0, labels.length - 1).array();
    ByteBuffer.wrap(fewer).putInt(4, labels.length - 9);
    Files.write(data.resolve(FILES.get(1)), fewer);
    assertThat(refused(data)).contains("300 images, 299 labels");
    Files.write(data.resolve(FILES.get(1) + ".gz"), new byte[] {1, 2, 3});
    Files.delete(data.resolve(FILES.get(1)));
    assertThat(refused(data)).contains("it is no whole .gz file");
    assertThat(Cli.run("digits", data, "--name", "1st").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  private static String refused(Object folder) {
    Cli.Result result = Cli.run("digits", folder);
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errLines()).hasSize(1);
    return result.err();
  }
}
