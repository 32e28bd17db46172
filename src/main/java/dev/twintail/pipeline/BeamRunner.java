package dev.twintail.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who executes the pipeline.
 *
 * @param engine which of Beam's runners
 * @param options Beam's own, such as {@code --flinkMaster=host:8081}
 */
public record BeamRunner(RunnerName engine, List<String> options) {
  private static final String MASTER = "--flinkMaster=";

  /** The cluster is the one that {@code flink run} was told. */
  private static final String NAMED_ELSEWHERE = "[auto]";

  /** Runners that are known to give the same bytes. */
  public enum RunnerName {
    /** Threads of this process. */
    DIRECT,
    /** Apache Flink: a cluster, or one inside this process. */
    FLINK
  }

  public BeamRunner {
    options = List.copyOf(options);
  }

  /** Returns the runner inside this process. */
  public static BeamRunner direct() {
    return new BeamRunner(RunnerName.DIRECT, List.of());
  }

  /**
   * Returns the cluster's address, or {@value #NAMED_ELSEWHERE}; empty if all runs inside this
   * process.
   */
  public Optional<String> cluster() {
    return master().filter(m -> !m.startsWith("[") || m.equals(NAMED_ELSEWHERE));
  }

  /** Returns the address where a cluster answers; empty if there is none, or others know it. */
  Optional<String> address() {
    return cluster().filter(c -> !c.equals(NAMED_ELSEWHERE));
  }

  private Optional<String> master() {
    return options.stream()
        .filter(o -> engine == RunnerName.FLINK && o.startsWith(MASTER))
        .map(o -> o.substring(MASTER.length()))
        .findFirst();
  }

  /**
   * Returns all options for Beam.
   *
   * @param workers how many actions are executed at once where the options do not say
   */
  String[] arguments(int workers) {
    List<String> all = new ArrayList<>();
    if (engine == RunnerName.DIRECT) {
      all.add("--runner=DirectRunner");
      // The worker of this process has threads of its own, and the runner's scheduler spins in each
      // thread that has nothing else to do.
      addUnlessGiven(all, "--targetParallelism=1");
      // Checks for those who write functions: at each bundle the runner would walk over the whole
      // graph. Ours hand on numbers and text, which nobody can change.
      addUnlessGiven(all, "--enforceImmutability=false");
      addUnlessGiven(all, "--enforceEncodability=false");
    } else {
      all.add("--runner=FlinkRunner");
      // What a stage puts out is kept until the next begins, so that a lost worker takes down fewer
      // stages than with exchanges that stream.
      addUnlessGiven(all, "--executionModeForBatch=BATCH_FORCED");
      if (cluster().isEmpty()) {
        addUnlessGiven(all, MASTER + "[local]");
        addUnlessGiven(all, "--parallelism=" + workers);
      }
    }
    all.addAll(options);
    return all.toArray(String[]::new);
  }

  private void addUnlessGiven(List<String> all, String option) {
    String name = option.substring(0, option.indexOf('=') + 1);
    if (options.stream().noneMatch(o -> o.startsWith(name))) {
      all.add(option);
    }
  }
}
