package dev.twintail.result;

/** Bytes are not a table that Twintail writes, or not of the schema asked for. */
public final class TableFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TableFormatException(String message) {
    super(message);
  }

  public TableFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
