package dev.twintail.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The one step that gives a finished file its name, unless the name is taken. */
@FunctionalInterface
interface Publication {
  /**
   * Returns whether {@code finished} now has the name {@code target}; {@code false} if something
   * had it. Afterwards {@code finished} may or may not still exist under its old name.
   */
  boolean publish(Path finished, Path target) throws IOException;

  /** Gives the name by a hard link, which never replaces; where there are none, by the other. */
  static Publication byLink(Publication other) {
    return (finished, target) -> {
      try {
        Files.createLink(target, finished);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (NoSuchFileException e) {
        // The store was closed meanwhile, which removes what is unfinished.
        throw e;
      } catch (UnsupportedOperationException | FileSystemException e) {
        // A file system without hard links answers with any of several codes. If the cause is
        // another, the other way meets it too.
        return other.publish(finished, target);
      }
    };
  }

  /**
   * Gives the name by a rename, which would replace, and therefore under a lock that all processes
   * of the store take in turn.
   */
  static Publication byLockedRename(Path lockFile) {
    return (finished, target) -> {
      // Closing any channel of a file drops all locks that this process has on it: one at a time.
      synchronized (Publication.class) {
        try (FileChannel channel =
                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          if (!lock.isValid() || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
          }
          Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
          return true;
        } catch (IOException e) {
          if (FileLocks.areMissing(e)) {
            throw new StoreException(
                "Cannot write to the store: its file system has neither hard links nor file locks"
                    + " ("
                    + target
                    + "); choose a store on another",
                e);
          }
          throw e;
        }
      }
    };
  }
}
