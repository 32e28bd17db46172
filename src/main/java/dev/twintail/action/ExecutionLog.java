package dev.twintail.action;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Hears of each action that was executed, after its result is recorded. */
@FunctionalInterface
public interface ExecutionLog {
  void append(ActionKey key, Instant started, Duration elapsed) throws IOException;
}
