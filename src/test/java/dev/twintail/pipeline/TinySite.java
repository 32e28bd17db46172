package dev.twintail.pipeline;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.Trainer;
import dev.twintail.network.Head;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What workers of the tiny experiment find on any machine.
 *
 * @param store a folder
 * @param failure what the training of networks with argmax ends with; nothing if empty
 */
record TinySite(String store, String failure) implements WorkSite {
  private static final long serialVersionUID = 1L;

  /** Counts the failures, of workers in this process. */
  static final AtomicInteger FAILED = new AtomicInteger();

  @Override
  public Equipment open(String run) throws IOException {
    Workspace workspace = Workspace.of(LocalObjectStore.open(Path.of(store)), m -> {}, "test", run);
    return new Equipment(
        TinyExperiment.read(),
        Runs.preimages(new BlasTrainer()),
        workspace,
        trainer(),
        Optional.empty());
  }

  Trainer trainer() {
    return failure.isEmpty()
        ? new BlasTrainer()
        : new FailingTrainer(
            Head.ARGMAX,
            () -> {
              FAILED.incrementAndGet();
              throw new IllegalStateException(failure);
            });
  }
}
