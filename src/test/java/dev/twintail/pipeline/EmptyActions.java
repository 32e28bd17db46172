package dev.twintail.pipeline;

import com.sun.management.OperatingSystemMXBean;
import dev.twintail.action.Claims;
import dev.twintail.model.BlasTrainer;
import dev.twintail.plan.Choices;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.plan.Preimages;
import dev.twintail.record.RunRecord;
import dev.twintail.spec.Experiment;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures what a runner adds to each action, and what it does to the driver's memory: actions that
 * find their results, so that nothing is left but to look.
 */
public final class EmptyActions {
  private EmptyActions() {}

  /** A store that holds everything, on a machine that all workers share. */
  private record FullSite(String store, int rounds) implements WorkSite {
    private static final long serialVersionUID = 1L;

    @Override
    public Equipment open(String run) throws IOException {
      ObjectStore objects = LocalObjectStore.open(Path.of(store));
      return new Equipment(
          experiment(rounds),
          preimages(),
          Workspace.of(objects, m -> {}, "test", run),
          new BlasTrainer(),
          Optional.of(new Claims(objects, "test")));
    }
  }

  private static Experiment experiment(int rounds) {
    return TinyExperiment.read().withRounds(rounds);
  }

  private static Preimages preimages() {
    return Preimages.of(new BlasTrainer());
  }

  /**
   * Runs few actions, to load what is loaded once, then few and many; their difference is what an
   * action costs.
   *
   * @param arguments an empty folder, the number of rounds, {@code direct} or {@code flink}, then
   *     options of Beam's runner
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    BeamRunner runner =
        new BeamRunner(
            BeamRunner.RunnerName.valueOf(arguments[2].toUpperCase(Locale.ROOT)),
            Arrays.asList(arguments).subList(3, arguments.length));
    run(folder.resolve("first"), 2, runner);
    Cost few = run(folder.resolve("few"), 2, runner);
    Cost many = run(folder.resolve("many"), rounds, runner);
    int more = many.actions() - few.actions();
    System.out.printf(
        Locale.ROOT,
        "%d actions more: %.2f ms each, %.2f ms of this process's processor time%n",
        more,
        1e3 * (many.seconds() - few.seconds()) / more,
        1e3 * (many.processor() - few.processor()) / more);
  }

  private record Cost(int actions, double seconds, double processor) {}

  private static Cost run(Path store, int rounds, BeamRunner runner) throws Exception {
    SyntheticStore.fill(
        experiment(rounds),
        (name, content) -> {
          Path file = store.resolve(name);
          Files.createDirectories(file.getParent());
          Files.write(file, content.bytes());
        });
    Plan plan = Plan.of(Graph.of(experiment(rounds), Choices.NONE), preimages(), Map.of());
    Job job =
        new Job(
            RunRecord.newId(Instant.now()),
            1,
            new FullSite(store.toString(), rounds),
            Choices.NONE,
            0,
            OnFailure.STOP);
    System.gc();
    long before = used();
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    long start = System.nanoTime();
    long processor = processor();
    ExperimentPipeline.run(plan, plan.pending(), job, runner, 2);
    double seconds = (System.nanoTime() - start) / 1e9;
    double worked = (processor() - processor) / 1e9;
    long peak = heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    Worker.end(job);
    System.gc();
    System.out.printf(
        Locale.ROOT,
        "%d actions: %.1f s, %.1f s of processor time; heap %d MB before, %d MB at most (garbage included), %d MB after%n",
        plan.pending().size(),
        seconds,
        worked,
        before >> 20,
        peak >> 20,
        used() >> 20);
    return new Cost(plan.pending().size(), seconds, worked);
  }

  /** In nanoseconds, of this process. */
  private static long processor() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static long used() {
    return heap().stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
