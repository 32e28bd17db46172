package dev.twintail.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The standard output, which remembers that it failed: writers on top of it swallow failures, and a
 * command whose output is lost must not end well.
 */
final class StandardOutput extends OutputStream {
  private final OutputStream out;
  private @Nullable IOException failure;

  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      }
      throw e;
    }
  }

  /** Returns the first failure, if there was one. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Returns whether the reader went away, as {@code head} does when it has enough. Java has no type
   * for it; these are the words of Linux and macOS, and of Windows.
   */
  static boolean isBrokenPipe(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.startsWith("Broken pipe") || message.startsWith("The pipe ");
  }
}
