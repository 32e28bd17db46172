package dev.twintail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.twintail.model.BlasTrainer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a Java that only prints what it is started with. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is a shell script")
class LauncherTest {
  @TempDir private Path folder;
  private Path home;

  @BeforeEach
  void install() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    Files.copy(Path.of("twintail"), folder.resolve("twintail"));
    Files.createDirectories(folder.resolve("target/lib"));
    Files.createFile(folder.resolve("target/twintail.jar"));
    Path java = folder.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(
        java,
        "#!/bin/sh\necho LC_CTYPE=$LC_CTYPE\necho LC_ALL=$LC_ALL\necho LC_MESSAGES=$LC_MESSAGES\nprintf '%s\\n' \"$@\"\n");
    for (Path program : List.of(folder.resolve("twintail"), java)) {
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void launch_manyWorkers_areCollectedBySeveralThreads() throws Exception {
    assertThat(launch(Map.of(), "run", "x", "--workers", "2")).contains("-XX:+UseSerialGC");
    assertThat(launch(Map.of(), "run", "x", "--workers=16")).contains("-XX:+UseParallelGC");
  }

  @Test
  void launch_heap_mayTakeHalfOfTheMemoryAndTheUserSaysOtherwise() throws Exception {
    List<String> options = launch(Map.of("TWINTAIL_JAVA_OPTS", "-Xmx77m"), "run");

    List<String> heaps = options.stream().filter(o -> o.startsWith("-Xmx")).toList();
    assertThat(heaps).hasSize(2).last().isEqualTo("-Xmx77m");
    OperatingSystemMXBean machine =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long memory = machine.getTotalMemorySize() >> 20;
    long heap = Long.parseLong(heaps.get(0).replaceAll("[^0-9]", ""));
    assertThat(heap).isBetween(Math.min(1024, memory / 2), Math.min(30_720, memory));
  }

  /** Where it has none, Java would print a warning among what a command prints. */
  @Test
  void launch_hugePages_areAskedForWhereTheSystemGivesThem() throws Exception {
    Path pages = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    boolean given = Files.isReadable(pages) && !Files.readString(pages).contains("[never]");

    assertThat(launch(Map.of(), "run").contains("-XX:+UseTransparentHugePages")).isEqualTo(given);
    assertThat(launch(Map.of(), "plan")).doesNotContain("-XX:+UseTransparentHugePages");
  }

  @Test
  void launch_picocli_isLoadedByJavaItself() throws Exception {
    Path picocli = Files.createFile(folder.resolve("target/lib/picocli-4.7.7.jar"));

    for (String command : List.of("run", "plan")) {
      assertThat(launch(Map.of(), command)).contains("-Xbootclasspath/a:" + picocli.toRealPath());
    }
  }

  @Test
  void launch_shortCommand_startsWithTheQuickCompiler() throws Exception {
    for (String command : List.of("help", "version", "plan", "results", "lineage", "log", "ls")) {
      assertThat(launch(Map.of(), command)).contains("-XX:TieredStopAtLevel=1");
    }
    assertThat(launch(Map.of(), "run")).doesNotContain("-XX:TieredStopAtLevel=1");
  }

  /** The JVM would tell at each start of an option that it does not know or cannot read. */
  @Test
  void launch_longCommand_thisJavaTakesTheOptionsInSilence() throws Exception {
    List<String> options =
        launch(Map.of(), "run").stream().filter(o -> o.startsWith("-XX:")).toList();
    assertThat(options)
        .anyMatch(
            o -> o.endsWith(BlasTrainer.class.getPackageName().replace('.', '/') + "/*.*,1.0"));
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
    command.addAll(options);
    command.add("--version");

    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();

    String printed = new String(java.getInputStream().readAllBytes(), UTF_8);
    assertThat(java.waitFor()).as(printed).isZero();
    assertThat(printed).doesNotContainIgnoringCase("warning").doesNotContain("CompileCommand");
  }

  @Test
  void launch_withoutATerminal_asksNothingAndPrintsWhole() throws Exception {
    assertThat(launch(Map.of("COLUMNS", "40"), "run"))
        .contains("-Dtwintail.ask=false")
        .noneMatch(option -> option.contains("columns"));
  }

  @Test
  void launch_localeWithoutUtf8_isReplaced() throws Exception {
    assertThat(launch(Map.of("LC_ALL", "C"), "version")).contains("LC_CTYPE=C.UTF-8");
    assertThat(launch(Map.of("LC_ALL", "C.UTF-8"), "version")).contains("LC_CTYPE=C.UTF-8");
  }

  @Test
  void launch_anyLanguage_hasMessagesThatAreUnderstood() throws Exception {
    assertThat(launch(Map.of("LC_ALL", "C.UTF-8", "LC_MESSAGES", "de_DE.UTF-8"), "version"))
        .contains("LC_ALL=", "LC_MESSAGES=C");
  }

  @Test
  void launch_nativeLibraries_goToOneFolderThatCanExecute() throws Exception {
    String cache = home.resolve(".cache/twintail").toString();

    assertThat(launch(Map.of(), "run"))
        .contains(
            "-Djna.tmpdir=" + cache,
            "-Dorg.bytedeco.javacpp.cachedir=" + cache + "/javacpp",
            "-Dorg.xerial.snappy.tempdir=" + cache,
            "-Duser.home=" + home);
    assertThat(launch(Map.of("HOME", ""), "run"))
        .contains("-Djna.tmpdir=" + folder.toRealPath().resolve("target/twintail"));
  }

  /** Another user, or another HOME: nothing is built again, and what is kept is kept there. */
  @Test
  void launch_emptySecondHome_hasACacheOfItsOwn() throws Exception {
    launch(Map.of(), "run");
    Path second = Files.createDirectory(folder.resolve("second"));

    assertThat(launch(Map.of("HOME", second.toString()), "run"))
        .contains("-Duser.home=" + second, "-Djna.tmpdir=" + second + "/.cache/twintail")
        .noneMatch(line -> line.contains("Building"));
  }

  @Test
  void launch_buildFailsInAHomeWithoutLibraries_saysThatMavenLooksThere() throws Exception {
    Files.createFile(folder.resolve("pom.xml"));
    Files.delete(folder.resolve("target/twintail.jar"));
    Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\necho '[ERROR] no libraries'\nexit 1\n");
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));

    List<String> lines =
        launch(Map.of("PATH", maven.getParent() + ":" + System.getenv("PATH")), "run");

    assertThat(lines)
        .contains("[ERROR] no libraries")
        .last()
        .asString()
        .startsWith("twintail: Cannot build; the whole log is ")
        .endsWith(
            "; Maven found no libraries in "
                + home
                + "/.m2 and has to download them: set HOME to"
                + " where it has, or let it");
  }

  @Test
  void launch_cacheThatCannotHoldPrograms_isRefusedInOneLine() throws Exception {
    assertThat(launch(Map.of("TWINTAIL_CACHE", "/proc/nothing"), "run"))
        .singleElement()
        .asString()
        .startsWith("twintail: Cannot keep native libraries in /proc/nothing: ")
        .endsWith("name another folder by TWINTAIL_CACHE");
  }

  /** Returns the lines of both outputs. */
  private List<String> launch(Map<String, String> environment, String... arguments)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(folder.resolve("twintail").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().keySet().removeIf(v -> v.startsWith("XDG_") || v.startsWith("LC_"));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    List<String> lines = process.inputReader(UTF_8).lines().toList();
    process.waitFor();
    return lines;
  }
}
