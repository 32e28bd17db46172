package dev.twintail.pipeline;

/** A run cannot be executed where it was asked for. */
public final class RunnerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunnerException(String message) {
    super(message);
  }
}
