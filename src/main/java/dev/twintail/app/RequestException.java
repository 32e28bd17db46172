package dev.twintail.app;

/**
 * What was asked for cannot be: a store, an experiment, a key or a name that there is none of. The
 * message is one line for the user.
 */
public class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RequestException(String message) {
    super(message);
  }
}
