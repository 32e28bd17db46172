package dev.twintail.store.s3;

import dev.twintail.store.StoreException;
import dev.twintail.store.s3.ServiceFailures.Operation;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends requests again that failed for a passing reason, and tells what is final. */
final class Requests {
  /** How often a request is repeated because of the clocks. */
  private static final int MAX_SKEWED = 3;

  private final ServiceFailures failures;
  private final S3Settings settings;
  private volatile boolean answered;

  Requests(ServiceFailures failures, S3Settings settings) {
    this.failures = failures;
    this.settings = settings;
  }

  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /** A failure that another attempt does not mend. */
  static final class RefusedRequest extends Exception {
    private static final long serialVersionUID = 1L;

    private final SdkException failure;
    private final StoreException told;

    private RefusedRequest(SdkException failure, StoreException told) {
      super(told);
      this.failure = failure;
      this.told = told;
    }

    int status() {
      return ServiceFailures.status(failure);
    }

    String code() {
      return ServiceFailures.code(failure);
    }

    StoreException told() {
      return told;
    }
  }

  <T> T retried(Operation operation, String attempt, Call<T> call)
      throws IOException, RefusedRequest {
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

  RefusedRequest refused(Operation operation, String attempt, SdkException e, Patience patience) {
    return new RefusedRequest(e, failures.told(operation, attempt, e, patience.spent()));
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
    if (ServiceFailures.status(e) > 0) {
      answered = true;
    }
    if (!failures.isPassing(e) || Thread.currentThread().isInterrupted() || failures.needsTls(e)) {
      return false;
    }
    if (ServiceFailures.isSkewed(e) && patience.retries() >= MAX_SKEWED) {
      return false;
    }
    // A server that never answered is more likely misnamed than restarting.
    boolean misnamed = !answered && ServiceFailures.isUnreachable(e);
    return patience.pause(misnamed ? settings.budget().dividedBy(40) : budget);
  }
}
