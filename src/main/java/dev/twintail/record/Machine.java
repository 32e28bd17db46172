package dev.twintail.record;

import dev.twintail.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a process runs. The user is left out on purpose.
 *
 * @param host the machine's name, or {@code unknown}
 * @param pid the process
 * @param os operating system and version
 * @param arch the processor's architecture
 * @param java vendor and version of the Java platform
 * @param processor its maker and model as the system tells them, such as {@code AuthenticAMD, AMD
 *     EPYC 9B14}; empty where it does not, and in records of earlier programs
 */
public record Machine(
    String host, long pid, String os, String arch, String java, String processor) {
  /** Returns the machine and process of the caller. Asks no name server. */
  public static Machine current() {
    return new Machine(
        hostName(),
        ProcessHandle.current().pid(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("os.arch"),
        System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"),
        processorName());
  }

  /** Returns who made the processor, such as {@code AuthenticAMD}; empty if it is not known. */
  public String processorMaker() {
    int comma = processor.indexOf(',');
    return comma < 0 ? processor : processor.substring(0, comma);
  }

  /** Returns the fields that tell what kind of machine it is; the processor, if it is known. */
  JsonObject kind() {
    return new JsonObject()
        .put("os", os)
        .put("arch", arch)
        .put("java", java)
        .putIfPresent("processor", Optional.of(processor).filter(p -> !p.isEmpty()));
  }

  /** Reads the fields of a record. */
  static Machine of(JsonFields fields) {
    return new Machine(
        fields.text("host"),
        fields.number("pid"),
        fields.text("os"),
        fields.text("arch"),
        fields.text("java"),
        fields.texts().getOrDefault("processor", ""));
  }

  private static String processorName() {
    String maker = "";
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        String value = line.substring(line.indexOf(':') + 1).strip();
        if (line.startsWith("vendor_id")) {
          maker = value;
        } else if (line.startsWith("model name")) {
          return maker.isEmpty() ? value : maker + ", " + value;
        }
      }
      return maker;
    } catch (IOException e) {
      // Not Linux: Windows tells, with the maker last.
      String windows = System.getenv("PROCESSOR_IDENTIFIER");
      return windows == null
          ? ""
          : windows.substring(windows.lastIndexOf(' ') + 1) + ", " + windows.replace(',', ';');
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
    } catch (IOException e) {
      // Not Linux: shells and Windows tell.
      String unix = System.getenv("HOSTNAME");
      String windows = System.getenv("COMPUTERNAME");
      return unix != null ? unix : windows != null ? windows : "unknown";
    }
  }
}
