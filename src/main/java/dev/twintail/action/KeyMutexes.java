package dev.twintail.action;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** One mutex for each key in use; the mutexes of keys out of use are forgotten. */
final class KeyMutexes {
  private static final class Counted {
    private final ReentrantLock mutex = new ReentrantLock();
    private int users;
  }

  private final ConcurrentHashMap<ActionKey, Counted> mutexes = new ConcurrentHashMap<>();

  /** Waits until no other thread holds the key, then holds it until {@link #release}. */
  void acquire(ActionKey key) throws InterruptedException {
    Counted counted =
        mutexes.compute(
            key,
            (k, present) -> {
              Counted used = present == null ? new Counted() : present;
              used.users++;
              return used;
            });
    boolean held = false;
    try {
      counted.mutex.lockInterruptibly();
      held = true;
    } finally {
      if (!held) {
        forget(key);
      }
    }
  }

  /** Gives up the key, which the calling thread must hold. */
  void release(ActionKey key) {
    Counted counted = mutexes.get(key);
    if (counted == null) {
      throw new IllegalMonitorStateException("Cannot release action " + key + ": nobody holds it");
    }
    counted.mutex.unlock();
    forget(key);
  }

  private void forget(ActionKey key) {
    mutexes.computeIfPresent(key, (k, counted) -> --counted.users == 0 ? null : counted);
  }
}
