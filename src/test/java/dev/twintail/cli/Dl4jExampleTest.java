package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of {@code docs/deeplearning4j.md}, as they stand there. */
class Dl4jExampleTest {
  private static final String ROUND = "round-01";

  @TempDir private static Path folder;
  private static Path graphs;
  private static Path got;
  private static Path classes;
  private static Path spec;

  @BeforeAll
  static void export() throws Exception {
    Path store = folder.resolve("store");
    graphs = folder.resolve("graphs");
    got = folder.resolve("got");
    spec = TinyExperiment.write(folder, "lenet.yaml", withLeNet());
    assertThat(Cli.runOn(spec, store, "--rounds", "1").exitCode()).isZero();
    assertThat(exportTo(graphs, store).exitCode()).isZero();
    assertThat(
            Cli.run(
                    "get",
                    spec,
                    "weights",
                    "predictions",
                    "--rounds",
                    "1",
                    "--store",
                    store,
                    "-o",
                    got)
                .exitCode())
        .isZero();
    Path again = folder.resolve("again");
    assertThat(exportTo(again, store).exitCode()).isZero();
    for (String file : List.of("Logits/round-01.zip", "round-01/first.npy")) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(graphs.resolve(file));
    }
    classes = Files.createDirectory(folder.resolve("classes"));
    compile(block("java"));
  }

  private static Cli.Result exportTo(Path output, Path store) {
    return Cli.run(
        "export", spec, "--rounds", "1", "--format", "dl4j", "-o", output, "--store", store);
  }

  /** Returns the tiny experiment with the network of the example in Python as its model Logits. */
  private static String withLeNet() {
    return TinyExperiment.edited(
            "    - conv 1 -> 4 3x3\n    - max-pool 2\n    - relu\n    - flatten\n    - linear 144 -> 10\n",
            """
                - conv 1 -> 32 3x3
                - max-pool 2
                - relu
                - conv 32 -> 64 3x3
                - max-pool 2
                - relu
                - flatten
                - linear 256 -> 200
                - relu
                - linear 200 -> 10
            """)
        .replace("  deep:\n", "  single:\n    - linear 20 -> 2\n  deep:\n")
        .replaceFirst(
            "  Logits:\n    body: conv\n    head: logits\n    tail: deep",
            "  Logits:\n    body: conv\n    head: logits\n    tail: single");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pixels", "Logits", "SoftMax", "ArgMax", "Arithmetic"})
  void java_withDeeplearning4jAlone_predictsWhatIsStored(String model) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", classes + File.pathSeparator + libraries()));
    command.addAll(List.of("Answers", graphs.resolve(model).resolve(ROUND + ".zip").toString()));
    command.addAll(images());
    assertPredictsWhatIsStored(model, command);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "TWINTAIL_BENCH_PYTHON",
      matches = ".+",
      disabledReason = "no Python with PyTorch is named")
  void python_predictsWhatIsStored() throws Exception {
    Path script = folder.resolve("answers.py");
    Files.writeString(script, block("python"));
    List<String> command = new ArrayList<>();
    command.add(System.getenv("TWINTAIL_BENCH_PYTHON"));
    command.add(script.toString());
    command.add(
        got.resolve("weights/Logits").resolve(ROUND).resolve("weights.safetensors").toString());
    command.addAll(images());
    assertPredictsWhatIsStored("Logits", command);
  }

  private static List<String> images() {
    return List.of(
        graphs.resolve(ROUND).resolve("first.npy").toString(),
        graphs.resolve(ROUND).resolve("second.npy").toString());
  }

  private static void assertPredictsWhatIsStored(String model, List<String> command)
      throws Exception {
    Path printed = folder.resolve(model + ".out");
    Path errors = folder.resolve(model + ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(printed.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    List<Float> answers =
        Files.readAllLines(printed).stream()
            .filter(line -> line.matches("[-0-9.eE]+"))
            .map(Float::valueOf)
            .toList();
    Table stored =
        ArrowFiles.decode(
            Files.readAllBytes(
                got.resolve("predictions")
                    .resolve(model)
                    .resolve(ROUND)
                    .resolve("predictions.arrow")));
    assertThat(answers).hasSize(stored.rows());
    int[] predicted = stored.ints("predicted");
    Double[] probabilities = stored.optionalDoubles("probability");
    for (int i = 0; i < predicted.length; i++) {
      assertThat(answers.get(i) > 0.5f ? 1 : 0).as("pair %d", i).isEqualTo(predicted[i]);
      if (probabilities[i] != null) {
        assertThat((double) answers.get(i)).isCloseTo(probabilities[i], within(1e-5));
      }
    }
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs", "deeplearning4j.md")));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  /** Returns the class path without this program. */
  private static String libraries() throws IOException {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> libraries = new ArrayList<>();
    for (String entry : Arrays.asList(all.split(File.pathSeparator))) {
      if (entry.endsWith(".jar") && Files.exists(Path.of(entry))) {
        try (JarFile jar = new JarFile(entry)) {
          if (jar.getEntry("dev/twintail/") == null) {
            libraries.add(entry);
          }
        }
      }
    }
    assertThat(libraries).anyMatch(l -> l.contains("deeplearning4j-nn"));
    return String.join(File.pathSeparator, libraries);
  }

  private static void compile(String source) throws IOException {
    Path file = folder.resolve("Answers.java");
    Files.writeString(file, source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", libraries());
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(problems, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertThat(compiled).as(problems.toString()).isTrue();
    }
  }
}
