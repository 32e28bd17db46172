package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.model.Trainer;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.stats.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Compares the candidates of one step of a sweep by their accuracy on the validation pairs after
 * the last epoch, mean over the rounds. The best wins, the first of equals; no test pair is seen.
 *
 * @param step from 0
 */
public record SelectSetting(String sweep, int step, List<Trial> trials) implements Stage {
  /**
   * One row a candidate: {@code sweep, step} (from 1), {@code candidate} (from 0), {@code setting,
   * n, validation_accuracy, std, chosen} (1 for the winner).
   */
  public static final String TRIALS = "trials.arrow";

  private static final String SCHEMA = "trials";
  private static final int VERSION = 1;

  /**
   * A candidate.
   *
   * @param setting what is tried, such as {@code loss.digit=0.5}
   * @param trainings one a round, round 1 first
   */
  public record Trial(String setting, List<TrainSiamese> trainings) {
    public Trial {
      trainings = List.copyOf(trainings);
    }
  }

  public SelectSetting {
    trials = List.copyOf(trials);
  }

  @Override
  public StageName name() {
    return StageName.SELECT;
  }

  @Override
  public Scope scope() {
    return new Scope.SweepStep(sweep, step + 1);
  }

  @Override
  public SortedMap<String, Input> inputs() {
    SortedMap<String, Input> inputs = new TreeMap<>();
    for (int i = 0; i < trials.size(); i++) {
      for (TrainSiamese training : trials.get(i).trainings()) {
        inputs.put(role(i, training), new Input.OutputOf(training, LearningColumns.CURVES));
      }
    }
    return inputs;
  }

  private static String role(int candidate, TrainSiamese training) {
    return String.format(Locale.ROOT, "curves/%05d/%05d", candidate, training.round());
  }

  @Override
  public Set<String> outputs() {
    return Set.of(TRIALS);
  }

  @Override
  public void describe(Description description) {
    description.parameter("sweep", sweep);
    description.parameter("step", step);
    for (int i = 0; i < trials.size(); i++) {
      String path = String.format(Locale.ROOT, "candidate.%05d", i);
      description.parameter(path + ".setting", trials.get(i).setting());
      description.parameter(path + ".rounds", trials.get(i).trainings().size());
    }
  }

  @Override
  public Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < trials.size(); i++) {
      List<Double> accuracies = new ArrayList<>();
      for (TrainSiamese training : trials.get(i).trainings()) {
        accuracies.add(lastValidation(inputs.bytes(role(i, training))));
      }
      samples.add(Sample.of(accuracies));
    }
    return Map.of(TRIALS, Blob.of(ArrowFiles.encode(table(samples))));
  }

  private double lastValidation(byte[] curves) {
    Table table =
        ArrowFiles.decode(curves)
            .require(LearningColumns.CURVES_SCHEMA, LearningColumns.CURVES_VERSION);
    List<String> splits = table.strings("split");
    List<String> metrics = table.strings("metric");
    for (int i = table.rows() - 1; i >= 0; i--) {
      if (splits.get(i).equals("validation") && metrics.get(i).equals("accuracy")) {
        return table.doubles("value")[i];
      }
    }
    throw new IllegalArgumentException(
        "Cannot choose a setting in sweep " + sweep + ": there are no validation pairs");
  }

  private Table table(List<Sample> samples) {
    int last = 0;
    for (int i = 1; i < samples.size(); i++) {
      last = samples.get(i).mean() > samples.get(last).mean() ? i : last;
    }
    int best = last;
    List<Integer> candidates = IntStream.range(0, samples.size()).boxed().toList();
    return new RowTable<>(Table.builder(SCHEMA, VERSION), candidates)
        .strings("sweep", i -> sweep)
        .ints("step", i -> step + 1)
        .ints("candidate", i -> i)
        .strings("setting", i -> trials.get(i).setting())
        .ints("n", i -> samples.get(i).n())
        .doubles("validation_accuracy", i -> samples.get(i).mean())
        .optionalDoubles("std", i -> samples.get(i).std())
        .ints("chosen", i -> i == best ? 1 : 0)
        .build();
  }

  static Table read(byte[] file) {
    return ArrowFiles.decode(file).require(SCHEMA, VERSION);
  }

  /** Returns which candidate won, from the bytes of {@link #TRIALS}. */
  public static int winner(byte[] file) {
    int[] chosen = read(file).ints("chosen");
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] == 1) {
        return i;
      }
    }
    throw new IllegalArgumentException("Cannot find the chosen candidate: no row is marked");
  }
}
