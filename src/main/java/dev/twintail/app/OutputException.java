package dev.twintail.app;

import java.io.IOException;
import java.util.Optional;

/** A file of the user's is not written, since something is in its place that may not be lost. */
public final class OutputException extends IOException implements Remedy.KnownRemedy {
  private static final long serialVersionUID = 1L;

  private final transient Remedy remedy;

  OutputException(String message, Remedy remedy) {
    super(message);
    this.remedy = remedy;
  }

  @Override
  public Optional<Remedy> remedy() {
    return Optional.of(remedy);
  }
}
