package dev.twintail.model;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * Environment variables that decide the bits of OpenBLAS and OpenMP, set inside this process. They
 * are read when the native libraries load, and calls made later affect only the calling thread.
 */
public final class NativeEnvironment {
  private NativeEnvironment() {}

  /** Sets the variables, once per process; must be called before any class of ND4J is touched. */
  public static void prepare() {
    Once.done();
  }

  private static final class Once {
    static {
      set("OMP_NUM_THREADS", "1");
      set("OPENBLAS_NUM_THREADS", "1");
      if (Platform.isIntel()) {
        set("OPENBLAS_CORETYPE", "Haswell");
      }
    }

    private static void done() {}

    private static void set(String name, String value) {
      int failed =
          Platform.isWindows()
              ? Function.getFunction("msvcrt", "_putenv_s").invokeInt(new Object[] {name, value})
              : Function.getFunction("c", "setenv").invokeInt(new Object[] {name, value, 1});
      if (failed != 0) {
        throw new IllegalStateException("Cannot set the environment variable " + name);
      }
    }
  }
}
