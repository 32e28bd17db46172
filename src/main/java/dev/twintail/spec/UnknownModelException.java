package dev.twintail.spec;

/** A model was asked for that the experiment does not have; the message helps to find its name. */
public final class UnknownModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownModelException(String message) {
    super(message);
  }
}
