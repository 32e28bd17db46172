package dev.twintail.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a process runs. The user is left out on purpose.
 *
 * @param host the machine's name, or {@code unknown}
 * @param pid the process
 * @param os operating system and version
 * @param arch the processor's architecture
 * @param java vendor and version of the Java platform
 */
public record Machine(String host, long pid, String os, String arch, String java) {
  /** Returns the machine and process of the caller. Asks no name server. */
  public static Machine current() {
    return new Machine(
        hostName(),
        ProcessHandle.current().pid(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("os.arch"),
        System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"));
  }

  /** Reads the fields of a record. */
  static Machine of(JsonFields fields) {
    return new Machine(
        fields.text("host"),
        fields.number("pid"),
        fields.text("os"),
        fields.text("arch"),
        fields.text("java"));
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
