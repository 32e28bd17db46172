package dev.twintail.app;

import java.io.IOException;
import java.util.Optional;

/** There is no store where one was named. The message is one line for the user. */
public final class NoStoreException extends IOException implements Remedy.KnownRemedy {
  private static final long serialVersionUID = 1L;

  NoStoreException(String location, String reason) {
    super("Cannot find a store in " + location + ": " + reason);
  }

  @Override
  public Optional<Remedy> remedy() {
    return Optional.of(new Remedy.MakeStore());
  }
}
