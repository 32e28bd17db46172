package dev.twintail.pipeline;

/** The trainer cannot train a model of the experiment. */
public final class UntrainableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UntrainableException(String message) {
    super(message);
  }
}
