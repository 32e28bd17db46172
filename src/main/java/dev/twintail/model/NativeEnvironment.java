package dev.twintail.model;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The numeric environment of the profile {@link #profile() portable}, pinned so that native
 * arithmetic gives the same bits on every x86-64 machine with AVX2: one native thread, and the
 * kernels that OpenBLAS has for Haswell. The natives read these variables once, while they load, so
 * {@link #prepare()} must come first.
 */
public final class NativeEnvironment {
  private static final String KERNELS = "Haswell";
  private static final Map<String, String> VARIABLES =
      new TreeMap<>(
          Map.of(
              "OMP_NUM_THREADS", "1",
              "OPENBLAS_NUM_THREADS", "1",
              "OPENBLAS_CORETYPE", KERNELS));

  /** As JavaCPP unpacks it on Linux, macOS and Windows; the link by which it loads it first. */
  private static final List<String> BLAS_FILES =
      List.of(
          "libopenblas_nolapack.so.0",
          "libopenblas_nolapack.0.dylib",
          "libopenblas_nolapack.dll",
          "libopenblas.so.0",
          "libopenblas.0.dylib",
          "libopenblas.dll");

  private static boolean prepared;

  private NativeEnvironment() {}

  /**
   * Pins the environment of this process, whatever the user's says, loads BLAS, and checks that it
   * took what was pinned; idempotent.
   *
   * @throws IllegalStateException if this machine cannot give the pinned environment
   */
  public static synchronized void prepare() {
    if (!prepared) {
      load();
      prepared = true;
    }
    // Every time: another library in this process, ND4J for one, may have raised it since.
    openblas_nolapack.blas_set_num_threads(1);
  }

  /** Pins the environment of a process that is not started yet. */
  public static void pin(Map<String, String> environment) {
    environment.putAll(VARIABLES);
  }

  private static void load() {
    if (isX86() && !hasAvx2()) {
      throw new IllegalStateException(
          "Cannot train on this machine: its processor lacks AVX2, which the pinned kernels need");
    }
    try {
      VARIABLES.forEach(NativeEnvironment::set);
      Path folder = Path.of(Loader.load(openblas_nolapack.class)).resolveSibling("");
      if (isX86()) { // Other architectures have other kernels and so other keys: see fields().
        checkKernels(blasIn(folder));
      }
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "Cannot load the native BLAS on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": "
              + e.getMessage()
              + "; where the folder for it is mounted noexec, name another by TWINTAIL_CACHE",
          e);
    }
  }

  /** Sets it where the C library looks, which {@link System#getenv} cannot change. */
  private static void set(String name, String value) {
    int failed =
        Platform.isWindows()
            ? Function.getFunction("msvcrt", "_putenv_s").invokeInt(new Object[] {name, value})
            : Function.getFunction("c", "setenv").invokeInt(new Object[] {name, value, 1});
    if (failed != 0) {
      throw new IllegalStateException("Cannot set the environment variable " + name);
    }
  }

  /** Returns the library itself, which has other names on other systems. */
  static Path blasIn(Path folder) {
    for (String name : BLAS_FILES) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new IllegalStateException(
        "Cannot train reproducibly: OpenBLAS is in none of "
            + String.join(", ", BLAS_FILES)
            + " in "
            + folder
            + ", so that which kernels it took cannot be asked");
  }

  /** Asks the library itself which kernels it took. */
  private static void checkKernels(Path library) {
    String kernels =
        NativeLibrary.getInstance(library.toString())
            .getFunction("openblas_get_corename")
            .invokeString(new Object[0], false);
    if (!kernels.equals(KERNELS)) {
      throw new IllegalStateException(
          "Cannot train reproducibly: OpenBLAS took its kernels for "
              + kernels
              + " instead of those for "
              + KERNELS
              + "; something loaded it before Twintail could pin them");
    }
  }

  /** Returns the kernels that are pinned; there is but one build for 64-bit ARM. */
  private static String kernels() {
    if (isX86()) {
      return KERNELS;
    }
    return System.getProperty("os.arch", "").equals("aarch64") ? "ARMV8" : "native";
  }

  private static boolean isX86() {
    return List.of("amd64", "x86_64").contains(System.getProperty("os.arch", ""));
  }

  private static boolean hasAvx2() {
    Path cpuInfo = Path.of("/proc/cpuinfo");
    try {
      return !Files.isReadable(cpuInfo)
          || Files.readAllLines(cpuInfo).stream()
              .filter(line -> line.startsWith("flags"))
              .allMatch(line -> (line + " ").contains(" avx2 "));
    } catch (IOException e) {
      return true; // Unknown; the kernels themselves will tell.
    }
  }

  /**
   * Returns what people call the environment that {@link #fields} spells out: {@code portable}, or
   * {@code native} where the kernels are not pinned. Keys hold the fields and not the name.
   */
  public static String profile() {
    return isX86() ? "portable" : "native";
  }

  /** Returns the facts that {@link #prepare()} pins, for action keys; loads nothing. */
  public static List<Trainer.EnvironmentField> fields() {
    return List.of(
        new Trainer.EnvironmentField(
            "arch", isX86() ? "x86-64" : System.getProperty("os.arch", "unknown")),
        new Trainer.EnvironmentField("blas", "openblas " + built().getProperty("openblas")),
        new Trainer.EnvironmentField("blas.kernels", kernels()),
        new Trainer.EnvironmentField("native.threads", "1"));
  }

  /** Returns what this program was built with. */
  private static Properties built() {
    Properties built = new Properties();
    try (InputStream in = NativeEnvironment.class.getResourceAsStream("engine.properties")) {
      built.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read engine.properties", e);
    }
    return built;
  }
}
