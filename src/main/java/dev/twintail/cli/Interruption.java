package dev.twintail.cli;

import dev.twintail.app.Session;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Ctrl-C, and other signals that end the process in an orderly way: tells what is kept, and leaves
 * no temporary files. The exit code is the JVM's: 128 and the number of the signal.
 */
record Interruption(Thread hook) {
  /** Starts to watch a run; {@code session} is closed if it is interrupted. */
  static Interruption watch(RunProgress progress, Session session) {
    Thread hook = new Thread(() -> interrupted(progress, session), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  /**
   * Ends the watch. In a process that is being ended this never returns, so that failures which
   * only follow from its ending are not told.
   */
  void unwatch() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // The process is being ended.
      new Semaphore(0).acquireUninterruptibly();
    }
  }

  private static void interrupted(RunProgress progress, Session session) {
    progress.end("twintail: interrupted; what was finished is kept: run again to go on");
    try {
      session.close();
    } catch (IOException e) {
      progress.note("twintail: " + e.getMessage());
    }
  }
}
