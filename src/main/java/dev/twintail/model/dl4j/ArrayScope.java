package dev.twintail.model.dl4j;

import java.util.concurrent.atomic.AtomicLong;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of one network's passes: a workspace of its own, which holds all arrays of a pass and
 * is used again by the next, so that no array of a pass is left to the garbage collector. Used by
 * the thread that made it alone.
 */
final class ArrayScope implements AutoCloseable {
  private static final AtomicLong COUNT = new AtomicLong();
  private static final WorkspaceConfiguration CONFIGURATION =
      WorkspaceConfiguration.builder()
          .initialSize(0)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policySpill(SpillPolicy.REALLOCATE)
          .overallocationLimit(0.1)
          .build();

  private final String name = "twintail-" + COUNT.incrementAndGet();
  private final LayerWorkspaceMgr manager =
      LayerWorkspaceMgr.builder().defaultWorkspace(name, CONFIGURATION).build();
  private @Nullable MemoryWorkspace pass;

  /** Returns what tells layers where to put their arrays. */
  LayerWorkspaceMgr manager() {
    return manager;
  }

  /** Begins a pass: arrays of the last one are gone. */
  void begin() {
    end();
    pass = Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, name);
  }

  private void end() {
    if (pass != null) {
      pass.close();
      pass = null;
    }
  }

  @Override
  public void close() {
    end();
    Nd4j.getWorkspaceManager()
        .destroyWorkspace(
            Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(CONFIGURATION, name));
  }
}
