package dev.twintail.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Digest;
import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ExperimentReader;
import dev.twintail.spec.SweepSpec;
import dev.twintail.stage.StageName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guards the words in keys: whoever renames a constant, rewords a message or moves a class must
 * leave every preimage as it was, or stores full of results would be computed again.
 *
 * <p>{@code pinned-preimages.txt} has a line for each stage of each file in {@code pipelines/} that
 * is an experiment: file, stage, number of actions, SHA-256 of all preimages in the order of the
 * graph. Inputs are digests of their roles, so that each stage stands for itself; of a sweep, the
 * first candidate of each step is taken to win.
 */
class PinnedPreimagesTest {
  static Stream<Path> pipelines() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("pipelines"))) {
      return files
          .filter(f -> f.toString().endsWith(".yaml") && !f.endsWith("mnist.yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void preimages_ofAllActions_areThePinnedOnes(Path pipeline) throws IOException {
    List<String> pinned;
    try (InputStream in = PinnedPreimagesTest.class.getResourceAsStream("pinned-preimages.txt")) {
      String prefix = pipeline.getFileName() + " ";
      pinned =
          new String(in.readAllBytes(), UTF_8).lines().filter(l -> l.startsWith(prefix)).toList();
    }

    assertThat(lines(pipeline)).isNotEmpty().isEqualTo(pinned);
  }

  private static List<String> lines(Path pipeline) {
    Experiment experiment = ExperimentReader.read(pipeline);
    Choices choices = Choices.NONE;
    for (SweepSpec sweep : experiment.sweeps()) {
      for (int step = 0; step < sweep.steps().size(); step++) {
        choices = choices.with(sweep.name(), 0);
      }
    }
    Preimages preimages = Preimages.of(new NoTrainer());
    Map<StageName, MessageDigest> digests = new EnumMap<>(StageName.class);
    Map<StageName, Integer> actions = new EnumMap<>(StageName.class);
    for (Graph.Node node : Graph.of(experiment, choices).nodes()) {
      Map<String, Digest> inputs = new TreeMap<>();
      node.stage().inputs().keySet().forEach(r -> inputs.put(r, Digest.of(r.getBytes(UTF_8))));
      StageName stage = node.stage().name();
      digests
          .computeIfAbsent(stage, s -> Digest.newSha256())
          .update(preimages.of(node.stage(), inputs).bytes());
      actions.merge(stage, 1, Integer::sum);
    }
    List<String> lines = new ArrayList<>();
    digests.forEach(
        (stage, digest) ->
            lines.add(
                String.join(
                    " ",
                    pipeline.getFileName().toString(),
                    stage.label(),
                    actions.get(stage).toString(),
                    HexFormat.of().formatHex(digest.digest()))));
    return lines;
  }

  /** Has an environment, which stands in every key. */
  private static final class NoTrainer implements Trainer {
    @Override
    public Trained train(Task task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<EnvironmentField> environment() {
      return List.of(new EnvironmentField("engine", "none"));
    }
  }

  /** Prints the lines to pin. */
  public static void main(String[] arguments) throws IOException {
    pipelines().flatMap(pipeline -> lines(pipeline).stream()).forEach(System.out::println);
  }
}
