package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.store.StoreException.StoreFault;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder {@code tmp/<id>} for unfinished files, alive as long as its owner holds the lock on
 * {@code tmp/<id>.lock}. The kernel drops the lock when the owner dies, however it dies, and then
 * {@link #sweep} may remove the folder.
 */
final class TempFolder implements Closeable {
  private static final String LOCK_SUFFIX = ".lock";
  private static final String PUBLISH = "publish";
  private static final int REMOVE_ATTEMPTS = 1000;
  private static final int PARTS = 8;

  /** How long unfinished files stay where no lock can tell whether their owner lives. */
  private static final Duration LIFE = Duration.ofDays(7);

  /**
   * The ids of this process. Needed beside the locks, since a process that opens and closes a file
   * it has locked loses the lock: a sweep must not touch its own.
   */
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private final String id;
  private final Path folder;
  private final Path lockFile;
  private final FileChannel lock;
  private final AtomicLong count = new AtomicLong();

  private TempFolder(String id, Path folder, Path lockFile, FileChannel lock) {
    this.id = id;
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /** Makes a new folder below {@code tmp}, which is made when needed. */
  static TempFolder create(Path tmp) throws IOException {
    Files.createDirectories(tmp);
    byte[] random = new byte[8];
    while (true) {
      new SecureRandom().nextBytes(random);
      String id = ProcessHandle.current().pid() + "-" + HexFormat.of().formatHex(random);
      OWN.add(id);
      TempFolder made = null;
      try {
        made = tryCreate(tmp, id);
      } finally {
        if (made == null) {
          OWN.remove(id);
        }
      }
      if (made != null) {
        return made;
      }
    }
  }

  /** Returns null if a sweep took the lock file between its creation and its locking. */
  private static @Nullable TempFolder tryCreate(Path tmp, String id) throws IOException {
    Path lockFile = tmp.resolve(id + LOCK_SUFFIX);
    FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    TempFolder made = null;
    try {
      boolean mine = tryLock(channel);
      // Ids are never used twice: if a file has the name, it is the one just made.
      if (mine && Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS)) {
        made = new TempFolder(id, newFolder(tmp.resolve(id)), lockFile, channel);
      }
      return made;
    } catch (OverlappingFileLockException e) {
      return null;
    } finally {
      if (made == null) {
        Files.deleteIfExists(lockFile);
        channel.close();
      }
    }
  }

  /** Returns whether nobody else has the file, which nobody can know where there are no locks. */
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException e) {
      if (FileLocks.areMissing(e)) {
        return true;
      }
      throw e;
    }
  }

  private static Path newFolder(Path folder) throws IOException {
    Files.createDirectory(folder);
    for (int i = 0; i < PARTS; i++) {
      Files.createDirectory(partOf(folder, i));
    }
    return folder;
  }

  /** Writes the content to a new file and to the disk below it; on failure leaves no file. */
  Path write(Blob content) throws IOException {
    return write(content, TempFolder::force);
  }

  /** Writes the content to a new file, which the disk may see later; on failure leaves no file. */
  Path writeUnflushed(Blob content) throws IOException {
    return write(content, (out, file) -> {});
  }

  /** What is to be done when all is written. */
  @FunctionalInterface
  private interface Finish {
    void run(FileChannel out, Path file) throws StoreException;
  }

  private Path write(Blob content, Finish finish) throws IOException {
    Path file = newName();
    boolean written = false;
    try (InputStream in = content.open();
        FileChannel out = newFile(file)) {
      in.transferTo(new Sink(out, file));
      finish.run(out, file);
      written = true;
      return file;
    } finally {
      if (!written) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Threads that make files in one folder wait for each other, so few of them share one. */
  private Path newName() {
    return partOf(folder, Thread.currentThread().getId() % PARTS)
        .resolve(Long.toString(count.getAndIncrement()));
  }

  private static Path partOf(Path folder, long number) {
    return folder.resolve(Long.toString(number));
  }

  /** Writes to the file, and tells of it when that fails. */
  private static final class Sink extends OutputStream {
    private final FileChannel out;
    private final Path file;

    private Sink(FileChannel out, Path file) {
      this.out = out;
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writeFully(out, ByteBuffer.wrap(bytes, offset, length), file);
    }
  }

  private static FileChannel newFile(Path file) throws StoreException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw StoreException.cannot("write to the store", StoreFault.WRITE_DENIED, file, e);
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes, Path file)
      throws StoreException {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw StoreException.cannot("write to the store", StoreFault.WRITE_DENIED, file, e);
    }
  }

  private static void force(FileChannel out, Path file) throws StoreException {
    try {
      out.force(true);
    } catch (IOException e) {
      // Some file systems cannot flush one file and say so: then they flush when they do.
      if (!String.valueOf(e.getMessage()).contains("Invalid argument")) {
        throw StoreException.cannot("write to the store", StoreFault.WRITE_DENIED, file, e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      remove(folder);
      Files.deleteIfExists(lockFile);
    } finally {
      lock.close();
      OWN.remove(id);
    }
  }

  /**
   * Removes the folders below {@code tmp} whose owners are dead. What another user made and this
   * one may not remove stays for its maker, and so does what has the name of a lock file and is
   * none: to open a pipe may wait for ever.
   */
  static void sweep(Path tmp) throws IOException {
    for (String name : namesIn(tmp)) {
      String id =
          name.endsWith(LOCK_SUFFIX)
              ? name.substring(0, name.length() - LOCK_SUFFIX.length())
              : name;
      // The lock on publish.lock is taken per use and belongs to no one.
      Path lockFile = tmp.resolve(id + LOCK_SUFFIX);
      if (!id.equals(PUBLISH) && !OWN.contains(id) && isFileOrAbsent(lockFile)) {
        removeIfDead(tmp.resolve(id), lockFile);
      }
    }
  }

  private static boolean isFileOrAbsent(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns the file whose lock orders {@linkplain Publication#byLockedRename renames}. */
  static Path publishLock(Path tmp) {
    return tmp.resolve(PUBLISH + LOCK_SUFFIX);
  }

  private static List<String> namesIn(Path tmp) throws IOException {
    try (Stream<Path> children = Files.list(tmp)) {
      return children.map(child -> String.valueOf(child.getFileName())).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void removeIfDead(Path folder, Path lockFile) throws IOException {
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
      if (isDead(channel, lockFile)) {
        remove(folder);
        Files.deleteIfExists(lockFile);
      }
    } catch (NoSuchFileException e) {
      // Folders come after their lock file and go before it: no one owns a folder without.
      remove(folder);
    } catch (OverlappingFileLockException | AccessDeniedException e) {
      // Alive in this process under another class loader, or another user's: not ours to remove.
    }
  }

  private static boolean isDead(FileChannel channel, Path lockFile) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException e) {
      if (!FileLocks.areMissing(e)) {
        throw e;
      }
      // Nothing but its age tells, where there are no locks.
      return Files.getLastModifiedTime(lockFile).toInstant().plus(LIFE).isBefore(Instant.now());
    }
  }

  /** Removes a file, a link, or a folder with all that is in it. */
  private static void remove(Path path) throws IOException {
    for (int attempt = 1; ; attempt++) {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        removeChildren(path);
      }
      try {
        Files.deleteIfExists(path);
        return;
      } catch (DirectoryNotEmptyException e) {
        // A thread that was about to write when the store was closed has made one more file.
        if (attempt == REMOVE_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void removeChildren(Path folder) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        remove(child);
      }
    } catch (NoSuchFileException e) {
      // Another sweep was faster.
    }
  }
}
