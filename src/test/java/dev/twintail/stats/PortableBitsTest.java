package dev.twintail.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All numbers of all cases have the same bits on every JVM that is here, compiled or not. */
@Tag("slow")
class PortableBitsTest {
  private static final String NO_INTRINSICS =
      "-XX:DisableIntrinsic=_dsin,_dcos,_dtan,_dexp,_dlog,_dlog10,_dpow,_fmaD";

  @TempDir private Path folder;

  /** Prints every number; what a child JVM runs. */
  public static void main(String[] args) throws IOException {
    List<String> lines = StatisticsTest.everyNumber();
    for (int i = 1; i < Integer.parseInt(args[0]); i++) {
      // So often that hot methods are compiled, and with them what a compiler replaces.
      lines = StatisticsTest.everyNumber();
    }
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    lines.forEach(out::println);
    out.flush();
  }

  static Stream<List<String>> machines() throws IOException {
    String here = javaIn(Path.of(System.getProperty("java.home"))).toString();
    List<List<String>> machines = new ArrayList<>();
    machines.add(List.of(here, "-Xcomp", "-XX:TieredStopAtLevel=1"));
    machines.add(List.of(here, "-Xint"));
    machines.add(List.of(here, "-XX:+UnlockDiagnosticVMOptions", NO_INTRINSICS));
    machines.add(List.of(here, "-XX:+UnlockDiagnosticVMOptions", "-Xint", NO_INTRINSICS));
    for (Path java : others()) {
      machines.add(List.of(java.toString()));
      machines.add(List.of(java.toString(), "-XX:+UnlockDiagnosticVMOptions", NO_INTRINSICS));
    }
    return machines.stream();
  }

  /** Other JDKs of this machine, where Linux distributions put them; at least 17. */
  private static List<Path> others() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Path here = javaIn(Path.of(System.getProperty("java.home"))).toRealPath();
    List<Path> others = new ArrayList<>();
    try (Stream<Path> homes = Files.list(folder)) {
      for (Path home : homes.sorted().toList()) {
        if (Files.isExecutable(javaIn(home)) && !Files.isSymbolicLink(home)) {
          Path java = javaIn(home).toRealPath();
          if (!java.equals(here) && Runtime.Version.parse(version(home)).feature() >= 17) {
            others.add(java);
          }
        }
      }
    }
    return others;
  }

  private static String version(Path home) throws IOException {
    try (Stream<String> release = Files.lines(home.resolve("release"))) {
      return release
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("JAVA_VERSION=|\"", ""))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path javaIn(Path home) {
    return home.resolve("bin/java");
  }

  @ParameterizedTest
  @MethodSource("machines")
  void numbers_onAnotherMachine_haveTheSameBits(List<String> command) throws Exception {
    assertThat(run(command, command.contains("-Xint") ? 1 : 3)).isEqualTo(here());
  }

  private static String here() throws IOException {
    return String.join("\n", StatisticsTest.everyNumber());
  }

  @Test
  void numbers_areThousands() throws IOException {
    assertThat(StatisticsTest.everyNumber()).hasSizeGreaterThan(2_000);
  }

  private String run(List<String> command, int times) throws Exception {
    Path out = folder.resolve("numbers");
    List<String> words = new ArrayList<>(command);
    words.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            PortableBitsTest.class.getName(),
            Integer.toString(times)));
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
      return Files.readString(out).strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
