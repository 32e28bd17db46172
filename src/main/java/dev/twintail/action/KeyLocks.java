package dev.twintail.action;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** One lock for each key in use; the locks of keys out of use are forgotten. */
final class KeyLocks {
  private static final class Counted {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }

  private final ConcurrentHashMap<ActionKey, Counted> locks = new ConcurrentHashMap<>();

  /** Waits until no other thread holds the key, then holds it until {@link #unlock}. */
  void lock(ActionKey key) throws InterruptedException {
    Counted counted =
        locks.compute(
            key,
            (k, present) -> {
              Counted used = present == null ? new Counted() : present;
              used.users++;
              return used;
            });
    boolean locked = false;
    try {
      counted.lock.lockInterruptibly();
      locked = true;
    } finally {
      if (!locked) {
        forget(key);
      }
    }
  }

  /** Gives up the key, which the calling thread must hold. */
  void unlock(ActionKey key) {
    Counted counted = locks.get(key);
    if (counted == null) {
      throw new IllegalMonitorStateException("Cannot unlock action " + key + ": it is not locked");
    }
    counted.lock.unlock();
    forget(key);
  }

  private void forget(ActionKey key) {
    locks.computeIfPresent(key, (k, counted) -> --counted.users == 0 ? null : counted);
  }
}
