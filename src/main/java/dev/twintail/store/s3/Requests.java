package dev.twintail.store.s3;

import dev.twintail.store.StoreException;
import dev.twintail.store.s3.Failures.Operation;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends requests again that failed for a passing reason, and tells what is final. */
final class Requests {
  /** How often a request is repeated because of the clocks. */
  private static final int MAX_SKEWED = 3;

  private final Failures failures;
  private final S3Settings settings;
  private volatile boolean answered;

  Requests(Failures failures, S3Settings settings) {
    this.failures = failures;
    this.settings = settings;
  }

  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /** A failure that another attempt does not mend. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final SdkException failure;
    private final StoreException told;

    private Refused(SdkException failure, StoreException told) {
      super(told);
      this.failure = failure;
      this.told = told;
    }

    int status() {
      return Failures.status(failure);
    }

    String code() {
      return Failures.code(failure);
    }

    StoreException told() {
      return told;
    }
  }

  <T> T retried(Operation operation, String attempt, Call<T> call) throws IOException, Refused {
    Patience patience = patience();
    while (true) {
      try {
        T result = call.run();
        answered = true;
        return result;
      } catch (SdkException e) {
        if (!pause(patience, e)) {
          throw refused(operation, attempt, e, patience);
        }
      }
    }
  }

  Refused refused(Operation operation, String attempt, SdkException e, Patience patience) {
    return new Refused(e, failures.told(operation, attempt, e, patience.spent()));
  }

  /** Returns patience for one operation whose requests the caller sends. */
  Patience patience() {
    return new Patience(settings.firstPause());
  }

  /** Takes notice that the server answers. */
  void succeeded() {
    answered = true;
  }

  /** Waits before another attempt, or returns {@code false} if there is no point in one. */
  boolean pause(Patience patience, SdkException e) throws IOException {
    return pause(patience, e, settings.budget());
  }

  /** Waits as {@link #pause(Patience, SdkException)} does, within another budget. */
  boolean pause(Patience patience, SdkException e, Duration budget) throws IOException {
    if (Failures.status(e) > 0) {
      answered = true;
    }
    if (!failures.isPassing(e) || Thread.currentThread().isInterrupted() || failures.needsTls(e)) {
      return false;
    }
    if (Failures.isSkewed(e) && patience.retries() >= MAX_SKEWED) {
      return false;
    }
    // A server that never answered is more likely misnamed than restarting.
    boolean misnamed = !answered && Failures.isUnreachable(e);
    return patience.pause(misnamed ? settings.budget().dividedBy(40) : budget);
  }
}
