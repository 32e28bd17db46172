package dev.twintail.model.dl4j;

import dev.twintail.model.NativeEnvironment;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM that trains for this one, used by one thread at a time. */
final class Child {
  /** The most of its memory, in MiB: of Java's objects, and of all together. */
  static final int HEAP = 512;

  static final int MEMORY = 2048;

  /** The property that limits all memory of a process, in MiB. */
  static final String LIMIT = "twintail.dl4j.memory";

  /** Names more options of its command, separated by blanks; they win over those given here. */
  static final String OPTIONS = "TWINTAIL_DL4J_JAVA_OPTS";

  private final Process process;
  private final DataInputStream answers;
  private final Path crashes;
  private volatile String lastWords = "";

  private Child(Process process, Path crashes) {
    this.process = process;
    this.crashes = crashes;
    this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    Thread listener = new Thread(this::listen, "dl4j-" + process.pid());
    listener.setDaemon(true);
    listener.start();
  }

  /** A process that ended before it answered; says how. */
  static final class DiedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    private DiedException(int exitCode, String message) {
      super(message);
      this.exitCode = exitCode;
    }

    /** Returns whether it had only grown tired of waiting. */
    boolean isLeave() {
      return exitCode == 0;
    }
  }

  /**
   * Starts one.
   *
   * @param main its main class
   * @param crashes the folder for the error file, should it crash
   * @throws IOException if no process can be started
   */
  static Child start(String main, Path crashes) throws IOException {
    Files.createDirectories(crashes);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + HEAP + "m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + errorFile(crashes, "%p"));
    command.add("-D" + LIMIT + "=" + MEMORY);
    // JavaCPP would look at each allocation how much memory the process has, a sixth of all time.
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    // Where the launcher lets native libraries be unpacked.
    for (String name :
        List.of("org.bytedeco.javacpp.cachedir", "jna.tmpdir", "java.io.tmpdir", "user.home")) {
      String value = System.getProperty(name);
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    }
    Optional.ofNullable(System.getenv(OPTIONS)).stream()
        .flatMap(options -> Stream.of(options.trim().split("\\s+")))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.add(main);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", classPath());
    // Before anything loads: what ND4J brings reads them in its own time.
    NativeEnvironment.pin(builder.environment());
    return new Child(builder.start(), crashes);
  }

  private static Path errorFile(Path crashes, String pid) {
    return crashes.resolve("dl4j-hs_err_pid" + pid + ".log");
  }

  /** Returns where this program's classes are: a cluster's worker has loaded them by itself. */
  private static String classPath() {
    Set<String> entries = new LinkedHashSet<>();
    for (ClassLoader loader = Child.class.getClassLoader();
        loader != null;
        loader = loader.getParent()) {
      if (loader instanceof URLClassLoader loaded) {
        for (URL url : loaded.getURLs()) {
          try {
            entries.add(Path.of(url.toURI()).toString());
          } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalStateException(
                "Cannot start a JVM for Deeplearning4j: it could not load classes from " + url, e);
          }
        }
      }
    }
    entries.add(System.getProperty("java.class.path"));
    return String.join(System.getProperty("path.separator"), entries);
  }

  /** Keeps the last line that it printed, and the pipe empty. */
  private void listen() {
    try (BufferedReader errors =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), Charset.defaultCharset()))) {
      for (String line = errors.readLine(); line != null; line = errors.readLine()) {
        lastWords = line.isBlank() ? lastWords : line;
      }
    } catch (IOException e) {
      lastWords = String.valueOf(e.getMessage());
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws DiedException if it ends first
   * @throws CancellationException if this thread is interrupted; it is ended then
   */
  Exchange.Reply ask(Exchange.Request request) throws DiedException {
    FutureTask<Exchange.Reply> answer = new FutureTask<>(() -> exchange(request));
    Thread messenger = new Thread(answer, "dl4j-" + process.pid() + "-answer");
    messenger.setDaemon(true);
    messenger.start();
    try {
      return answer.get();
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted while Deeplearning4j trained");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) {
        throw died();
      }
      end();
      throw new IllegalStateException("Cannot ask a JVM for Deeplearning4j", e.getCause());
    }
  }

  private Exchange.Reply exchange(Exchange.Request request) throws IOException {
    Exchange.send((Record) request, process.getOutputStream());
    if (Exchange.receive(answers) instanceof Exchange.Reply answer) {
      return answer;
    }
    throw new IOException("No answer");
  }

  private DiedException died() {
    try {
      // Long enough to write the error file.
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        end();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted while Deeplearning4j trained");
    }
    Path file = errorFile(crashes, Long.toString(process.pid()));
    int code = process.exitValue();
    return new DiedException(
        code,
        "exit code "
            + code
            + (Files.exists(file)
                ? "; error file: " + file
                : "; no error file" + (lastWords.isEmpty() ? "" : "; it said: " + lastWords)));
  }

  /** Ends it, whatever it is at. */
  void end() {
    process.destroyForcibly();
  }
}
