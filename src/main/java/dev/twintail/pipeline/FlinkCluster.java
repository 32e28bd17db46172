package dev.twintail.pipeline;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a Flink cluster what it is, before a job is made for it. */
final class FlinkCluster {
  /** Flink's version but for the last part, which the runner is made for. */
  private static final String LINE = "1.19";

  private static final Pattern VERSION = Pattern.compile("\"flink-version\"\\s*:\\s*\"([^\"]*)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int PORT = 8081;

  /** Told by name, since nothing here is compiled against Flink. */
  private static final String GIVE_UP =
      "org.apache.flink.runtime.execution.SuppressRestartsException";

  private static final String SETTINGS = "flink-conf.yaml";

  /** Lost workers are borne, but not forever what fails whenever it is tried. */
  private static final String RESTARTS =
      """
      restart-strategy.type: failure-rate
      restart-strategy.failure-rate.max-failures-per-interval: 10
      restart-strategy.failure-rate.failure-rate-interval: 10 min
      restart-strategy.failure-rate.delay: 1 s
      """;

  private FlinkCluster() {}

  /**
   * Makes sure that jobs can be sent.
   *
   * @throws RunnerException if there are no libraries for it, no cluster, or one of another version
   */
  static void require(BeamRunner runner) throws InterruptedException {
    try {
      Class.forName(
          "org.apache.beam.runners.flink.FlinkRunner", false, FlinkCluster.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new RunnerException(
          "Cannot run on Flink: its libraries are not on the class path; start the program by"
              + " ./twintail, which fetches them");
    }
    if (runner.address().isPresent()) {
      requireVersion(runner.address().get());
    }
  }

  /**
   * Returns a new folder with the settings of a job that goes on when workers are lost; empty where
   * the user's own settings count.
   */
  static Optional<Path> settings(BeamRunner runner) throws IOException {
    if (runner.address().isEmpty()
        || runner.isGiven("--flinkConfDir=")
        || System.getenv("FLINK_CONF_DIR") != null) {
      return Optional.empty();
    }
    Path folder = Files.createTempDirectory("twintail-flink");
    Files.writeString(folder.resolve(SETTINGS), RESTARTS);
    return Optional.of(folder);
  }

  /** Removes what {@link #settings} made. */
  static void remove(Path settings) throws IOException {
    Files.delete(settings.resolve(SETTINGS));
    Files.delete(settings);
  }

  /**
   * Returns an exception that makes Flink give up, where Flink executes the caller; a failure that
   * another try would only repeat.
   */
  static Exception lasting(Exception failure) {
    try {
      return Class.forName(GIVE_UP)
          .asSubclass(Exception.class)
          .getConstructor(Throwable.class)
          .newInstance(failure);
    } catch (ReflectiveOperationException e) {
      return failure; // Another engine, which has no restarts.
    }
  }

  /** Returns what {@link #lasting} was given. */
  static Throwable withoutGivingUp(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null && failure.getClass().getName().equals(GIVE_UP) ? cause : failure;
  }

  private static void requireVersion(String address) throws InterruptedException {
    String body;
    try {
      String base = address.contains("://") ? address : "http://" + address;
      URI named = URI.create(base);
      URI config = URI.create(base + (named.getPort() < 0 ? ":" + PORT : "") + "/v1/config");
      HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
      HttpRequest request = HttpRequest.newBuilder(config).timeout(PATIENCE).build();
      body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException | IllegalArgumentException e) {
      throw new RunnerException(
          "Cannot find a Flink cluster at "
              + address
              + "; --flinkMaster needs host and port of its REST interface, such as"
              + " jobmanager:8081");
    }
    Matcher version = VERSION.matcher(body);
    if (!version.find()) {
      throw new RunnerException(
          "Cannot use "
              + address
              + " as a Flink cluster: what answers there is none; --flinkMaster needs host and port"
              + " of its REST interface");
    }
    if (!version.group(1).startsWith(LINE + ".")) {
      throw new RunnerException(
          "Cannot use the Flink cluster at "
              + address
              + ", which has version "
              + version.group(1)
              + ": the runner needs "
              + LINE);
    }
  }
}
