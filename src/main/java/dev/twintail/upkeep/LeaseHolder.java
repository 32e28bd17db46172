package dev.twintail.upkeep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process that holds a lease, told so exactly that another process of the same machine can say
 * whether it still runs: the machine since it was booted, the namespace of process numbers (a
 * container has its own), the number, and when the process started, since numbers are used again.
 */
record LeaseHolder(String boot, String namespace, long pid, String started) {
  /** More characters than any holder's text has. */
  static final int LONGEST = 512;

  private static final Path PROC = Path.of("/proc");
  private static final String UNKNOWN = "unknown";

  /** Field 22 of /proc/PID/stat counted from behind the name, which may hold anything. */
  private static final int START_TIME = 19;

  /** Returns the caller's process; where there is no /proc, one that nobody can judge. */
  static LeaseHolder current() {
    long pid = ProcessHandle.current().pid();
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).trim();
      String namespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
      return new LeaseHolder(boot, namespace, pid, started(pid).orElse(UNKNOWN));
    } catch (IOException e) {
      return new LeaseHolder(UNKNOWN, UNKNOWN, pid, UNKNOWN);
    }
  }

  private static Optional<String> started(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[START_TIME]);
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  String text() {
    return String.join(" ", boot, namespace, Long.toString(pid), started) + "\n";
  }

  /** Returns whether {@code text} tells of a process of this machine that has ended. */
  static boolean isKnownDead(String text) {
    LeaseHolder self = current();
    String[] fields = text.strip().split(" ", -1);
    if (fields.length != 4
        || self.boot.equals(UNKNOWN)
        || !fields[0].equals(self.boot)
        || !fields[1].equals(self.namespace)
        || !fields[2].matches("[0-9]{1,18}")) {
      return false;
    }
    return !started(Long.parseLong(fields[2])).equals(Optional.of(fields[3]));
  }
}
