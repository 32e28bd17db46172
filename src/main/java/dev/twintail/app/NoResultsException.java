package dev.twintail.app;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The store does not hold what was asked for. The message is one line for the user. */
public final class NoResultsException extends RuntimeException implements Remedy.KnownRemedy {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Remedy remedy;

  public NoResultsException(String message) {
    super(message);
    remedy = null;
  }

  NoResultsException(String message, Remedy remedy) {
    super(message);
    this.remedy = remedy;
  }

  @Override
  public Optional<Remedy> remedy() {
    return Optional.ofNullable(remedy);
  }
}
