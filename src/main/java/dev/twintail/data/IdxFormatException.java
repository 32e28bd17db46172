package dev.twintail.data;

/** Bytes that are no IDX file of the kind asked for. */
public final class IdxFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IdxFormatException(String name, String reason) {
    super("Cannot read IDX file " + name + ": " + reason);
  }
}
