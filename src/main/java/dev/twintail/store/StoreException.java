package dev.twintail.store;

import dev.twintail.blob.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A place that could not be read or written. The message is one line for the user: "Cannot …:
 * reason (where); remedy".
 */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What callers tell apart; the message is for people. */
  public enum StoreFault {
    OTHER,
    /** This user may not read that object. Others, or other objects, may be readable. */
    READ_DENIED,
    LIST_DENIED,
    WRITE_DENIED,
    DELETE_DENIED,
    /** The disk is full, or this user's share of it. */
    FULL,
    /** The object is there and must be restored from an archive before it can be read. */
    ARCHIVED
  }

  private final StoreFault kind;

  public StoreException(String message) {
    super(message);
    this.kind = StoreFault.OTHER;
  }

  public StoreException(String message, Throwable cause) {
    this(StoreFault.OTHER, message, cause);
  }

  public StoreException(StoreFault kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public StoreFault kind() {
    return kind;
  }

  /**
   * Tells what failed on a file. A failure that already is told stays as it is.
   *
   * @param attempt the attempt, to stand after "Cannot"
   */
  static StoreException cannot(String attempt, Path path, IOException cause) {
    return cannot(attempt, StoreFault.OTHER, path, cause);
  }

  /**
   * Tells what failed on a file, as {@link #cannot(String, Path, IOException)} does.
   *
   * @param ifDenied the kind of a failure for want of rights
   */
  static StoreException cannot(String attempt, StoreFault ifDenied, Path path, IOException cause) {
    if (cause instanceof StoreException told) {
      return told;
    }
    String reason = FileFailure.reason(cause);
    return new StoreException(
        fault(reason, ifDenied),
        "Cannot " + attempt + ": " + reason + " (" + path + ")" + remedy(reason),
        cause);
  }

  private static StoreFault fault(String reason, StoreFault ifDenied) {
    return switch (reason) {
      case "Permission denied", "Read-only file system" -> ifDenied;
      case "No space left on device", "Disk quota exceeded" -> StoreFault.FULL;
      default -> StoreFault.OTHER;
    };
  }

  private static String remedy(String reason) {
    return switch (reason) {
      case "No space left on device", "Disk quota exceeded" ->
          "; free some space or choose another store, then run again: what is finished is kept";
      case "Permission denied" ->
          "; choose a store in a folder that you may write to, or, where it is a group's, let its"
              + " members work with umask 002 and give what is there to the group: chmod -R g+w";
      case "Read-only file system", "Not a directory" ->
          "; choose a store in a folder that you may write to";
      default -> "";
    };
  }
}
