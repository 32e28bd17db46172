package dev.twintail.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twintail.store.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeEnvironmentTest {
  @TempDir private Path folder;

  /** Prints the fields that keys hold, of a machine that the JVM's options describe. */
  static final class Fields {
    private Fields() {}

    public static void main(String[] arguments) {
      NativeEnvironment.fields().forEach(f -> System.out.println(f.name() + "=" + f.value()));
    }
  }

  /** There is one build of OpenBLAS for 64-bit ARM, whatever the processor. */
  @ParameterizedTest
  @CsvSource({"amd64, Haswell", "aarch64, ARMV8", "riscv64, native"})
  void fields_architecture_namesItsKernels(String architecture, String kernels) throws Exception {
    Process process =
        ChildJvm.builder(List.of("-Dos.arch=" + architecture), Fields.class)
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed.lines()).anyMatch(line -> line.endsWith("=" + kernels));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "libopenblas_nolapack.so.0",
        "libopenblas.so.0",
        "libopenblas.0.dylib",
        "libopenblas.dll"
      })
  void blas_nameOfAnySystem_isFound(String name) throws Exception {
    Files.createFile(folder.resolve(name));

    assertThat(NativeEnvironment.blasIn(folder)).isEqualTo(folder.resolve(name));
  }

  @Test
  void blas_underNoKnownName_isNotPassedOverInSilence() {
    assertThatThrownBy(() -> NativeEnvironment.blasIn(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("libopenblas.0.dylib")
        .hasMessageContaining(folder.toString());
  }
}
