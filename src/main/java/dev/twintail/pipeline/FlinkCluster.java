package dev.twintail.pipeline;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.util.UserCodeException;

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

  /** Returns what {@link #lasting} was given, if it is among the causes of what a job threw. */
  static Optional<Throwable> lastingIn(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (nameOf(each).equals(GIVE_UP)) {
        return Optional.ofNullable(each.getCause());
      }
    }
    return Optional.empty();
  }

  /** Flink's classes are known by their names alone, since they may not be there. */
  private static String nameOf(Throwable thrown) {
    Class<?> type = thrown.getClass();
    return type.getName();
  }

  /**
   * Returns why a job ended, if it was not by a function of ours: because a machine was lost, for
   * instance.
   */
  static Optional<IOException> ending(Throwable thrown) {
    String why = "";
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      String name = nameOf(each);
      if (each instanceof UserCodeException || name.equals(GIVE_UP)) {
        return Optional.empty();
      }
      if (name.startsWith("org.apache.flink.")) {
        why = String.valueOf(each.getMessage()).lines().findFirst().orElse("");
      }
    }
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new IOException(
                "Cannot finish on Flink: "
                    + why
                    + "; what is finished is kept: run again to go on, and set a restart-strategy"
                    + " for the cluster, so that it goes on by itself",
                thrown));
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
          "Cannot use the Flink cluster at %s, which has version %s: the runner needs %s"
              .formatted(address, version.group(1), LINE));
    }
  }
}
