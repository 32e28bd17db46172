package dev.twintail.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guards the versions of the stages: whoever changes the bytes that a stage puts out has to raise
 * its version, or the store would serve results of another program as this one's.
 *
 * <p>{@code pinned-outputs.txt} has a line for each output of each action of {@link
 * TinyExperiment}, and of a choice between three of its models, since it has no sweep: stage,
 * version, action, output, SHA-256.
 */
class PinnedOutputsTest {
  private static final String FILE = "src/test/resources/dev/twintail/stage/pinned-outputs.txt";
  private static List<String> pinned;
  private static List<String> actual;

  @BeforeAll
  static void runAllStages() throws IOException {
    try (InputStream in = PinnedOutputsTest.class.getResourceAsStream("pinned-outputs.txt")) {
      pinned = new String(in.readAllBytes(), UTF_8).lines().toList();
    }
    actual = new ArrayList<>();
    StageOutputs outputs = new StageOutputs();
    List<Graph.Node> nodes = Graph.of(TinyExperiment.read(), Choices.NONE).nodes();
    nodes.forEach(node -> run(node.stage(), label(node.models()), outputs));
    List<SelectSetting.Trial> trials =
        Stream.of("Arithmetic", "Logits", "SoftMax") // The last two are equal and the best.
            .map(model -> new SelectSetting.Trial(model, trainings(nodes, model)))
            .toList();
    run(new SelectSetting("search", 0, trials), "search", outputs);
  }

  private static List<TrainSiamese> trainings(List<Graph.Node> nodes, String model) {
    return nodes.stream()
        .filter(node -> node.stage() instanceof TrainSiamese && node.models().equals(Set.of(model)))
        .map(node -> (TrainSiamese) node.stage())
        .toList();
  }

  private static String label(Set<String> models) {
    return models.size() == 1 ? models.iterator().next() : models.size() + "-models";
  }

  private static void run(Stage stage, String label, StageOutputs outputs) {
    new TreeMap<>(outputs.of(stage))
        .forEach(
            (name, blob) ->
                actual.add(
                    String.join(
                        " ",
                        stage.name().label(),
                        Integer.toString(stage.name().version()),
                        label + "/" + stage.scope().round().orElse(0),
                        name,
                        blob.digest().sha256())));
  }

  @ParameterizedTest
  @EnumSource(StageName.class)
  void run_onRealDigits_putsOutThePinnedBytesOfItsVersion(StageName stage) {
    assumeTrue(
        stage == StageName.DATA_GEN
            || List.of("amd64", "x86_64").contains(System.getProperty("os.arch")),
        "pinned on x86-64; in another numeric environment the bits and keys are others");

    assertThat(of(stage, actual))
        .withFailMessage(() -> remedy(stage))
        .isNotEmpty()
        .isEqualTo(of(stage, pinned));
  }

  private static List<String> of(StageName stage, List<String> lines) {
    return lines.stream().filter(line -> line.startsWith(stage.label() + " ")).toList();
  }

  private static String remedy(StageName stage) {
    int version = stage.version();
    boolean raised =
        of(stage, pinned).stream()
            .noneMatch(line -> line.split(" ")[1].equals(Integer.toString(version)));
    return (raised
            ? "The pinned bytes are not those of " + stage + " version " + version + ":"
            : "The bytes of stage "
                + stage
                + " changed: raise its version in StageName to "
                + (version + 1)
                + " (unless only an earlier stage put out other bytes),")
        + " and pin in "
        + FILE
        + ":\n"
        + String.join("\n", of(stage, actual))
        + "\ninstead of:\n"
        + String.join("\n", of(stage, pinned));
  }

  /** Prints the lines to pin. */
  public static void main(String[] arguments) throws IOException {
    pinned = Arrays.asList(arguments);
    runAllStages();
    actual.forEach(System.out::println);
  }
}
