package dev.twintail.model.dl4j;

import dev.twintail.model.NativeEnvironment;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J, loaded once per process after its environment is set. */
final class Library {
  /** What ND4J reads to know who executes operations. */
  private static final String EXECUTIONER = "opexec";

  static {
    NativeEnvironment.prepare();
    System.setProperty("org.nd4j.log.initialization", "false");
    System.setProperty(EXECUTIONER, HoldingExecutioner.class.getName());
    Nd4j.getEnvironment().setMaxThreads(1);
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    System.clearProperty(EXECUTIONER);
    openblas.blas_set_num_threads(1); // ND4J asked for one a processor.
    if (!(Nd4j.getExecutioner() instanceof HoldingExecutioner)) {
      throw new IllegalStateException(
          "Cannot train with Deeplearning4j: something loaded ND4J before, with an executioner of its"
              + " own");
    }
  }

  private Library() {}

  /**
   * Loads ND4J, if nobody has.
   *
   * @throws IllegalStateException if this machine cannot give the pinned environment
   */
  static void prepare() {
    // The class's initialisation did it.
  }
}
