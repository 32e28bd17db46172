package dev.twintail.blob;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be used, in words for people: Java often has only the file's name. */
public final class FileFailure {
  private FileFailure() {}

  /** Returns the reason, without the file's name where that is known. */
  public static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "No such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "Something else is in the way";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "A folder with something in it is in the way";
    }
    if (failure instanceof NotDirectoryException) {
      return "Not a directory";
    }
    if (failure instanceof ClosedByInterruptException) {
      return "Interrupted";
    }
    if (failure instanceof FileSystemException file) {
      return file.getReason() == null ? "It failed" : file.getReason();
    }
    return failure.getMessage() == null ? "It failed" : failure.getMessage();
  }
}
