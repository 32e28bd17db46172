package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.store.StoreException.StoreFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a folder, named as they are. Any number of processes may use the folder at
 * once, without a server.
 *
 * <p>An object is written to a temporary file inside the store, flushed to the disk and then hard
 * linked to its name: it is there whole or not at all, and the link fails when the name is taken.
 * On file systems without hard links a rename under a lock file does the same. A process that is
 * killed leaves its temporary files; the first write of any later process {@linkplain #sweep
 * sweeps} them. Copies of what is elsewhere too are not flushed.
 *
 * <p>The folder may be reached by a symbolic link; below it, links are no part of the store: what
 * they lead to is neither read nor listed, and nothing is written or removed there.
 *
 * <p>Nothing is written before the first object is: reading works on a read-only folder, and on one
 * that does not exist, which is an empty store.
 */
public final class LocalObjectStore implements ObjectStore {
  private final Path root;
  private final Path tmp;
  private final Publication publication;

  /** Folders that are no links; what is read must not cost a look at each again. */
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();

  private @Nullable TempFolder temp;
  private boolean closed;

  private LocalObjectStore(Path root, Publication publication) {
    this.root = root;
    this.tmp = root.resolve("tmp");
    this.publication = publication;
  }

  /**
   * Returns the store in the folder {@code root}, which the first write creates when needed.
   *
   * @throws StoreException if {@code root} is something else than a folder
   */
  public static LocalObjectStore open(Path root) throws IOException {
    Path absolute = requireFolder(root);
    return new LocalObjectStore(absolute, Publication.byLink(lockedRename(absolute)));
  }

  /** Returns a store that behaves as on a file system without hard links. */
  static LocalObjectStore openWithoutHardLinks(Path root) throws IOException {
    Path absolute = requireFolder(root);
    return new LocalObjectStore(absolute, lockedRename(absolute));
  }

  private static Publication lockedRename(Path root) {
    return Publication.byLockedRename(TempFolder.publishLock(root.resolve("tmp")));
  }

  private static Path requireFolder(Path root) throws StoreException {
    Path absolute = root.toAbsolutePath().normalize();
    if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
      throw StoreException.cannot(
          "open the store",
          absolute,
          new FileSystemException(absolute.toString(), null, "Not a directory"));
    }
    return absolute;
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public Optional<StoredObject> stat(String name) throws IOException {
    return attributes(pathOf(name)).map(attributes -> entry(name, attributes));
  }

  @Override
  public Optional<InputStream> open(String name) throws IOException {
    Path path = pathOf(name);
    if (attributes(path).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.newInputStream(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreException.cannot("read from the store", StoreFault.READ_DENIED, path, e);
    }
  }

  @Override
  public boolean create(String name, Blob content) throws IOException {
    Path target = pathOf(name);
    return attributes(target).isEmpty() && create(target, content, TempFolder::write);
  }

  @Override
  public boolean createCopy(String name, Blob content) throws IOException {
    // Not looked for first: what is copied is missing, as a rule, and the publication looks, too.
    return create(pathOf(name), content, TempFolder::writeUnflushed);
  }

  /** Makes a finished file of a blob. */
  @FunctionalInterface
  private interface Writing {
    Path write(TempFolder temp, Blob content) throws IOException;
  }

  /** Returns whether there was nothing of the name. */
  private boolean create(Path target, Blob content, Writing writing) throws IOException {
    Optional<Path> link = link(target);
    if (link.isPresent()) {
      throw cannotWriteThrough(link.get());
    }
    Path finished = writing.write(temp(), content);
    try {
      Path parent = parentOf(target);
      if (!Files.isDirectory(parent)) {
        // Costs an exception where the folder is there, as it nearly always is.
        Files.createDirectories(parent);
      }
      return publication.publish(finished, target);
    } catch (IOException e) {
      throw StoreException.cannot("write to the store", StoreFault.WRITE_DENIED, target, e);
    } finally {
      Files.deleteIfExists(finished);
    }
  }

  @Override
  public boolean delete(String name) throws IOException {
    Path path = pathOf(name);
    if (attributes(path).isEmpty() || link(path).isPresent()) {
      return false;
    }
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StoreException.cannot("delete from the store", StoreFault.DELETE_DENIED, path, e);
    }
  }

  @Override
  public void list(String prefix, Consumer<StoredObject> consumer) throws IOException {
    int slash = prefix.lastIndexOf('/');
    String folder = prefix.substring(0, slash + 1);
    if (folder.isEmpty()) {
      list(root, "", prefix, consumer);
    } else if (ObjectNames.isPrefix(prefix) && link(pathOf(folder + "x")).isEmpty()) {
      list(root.resolve(folder), folder, prefix, consumer);
    }
  }

  /** Lists what starts with {@code prefix} below {@code path}, whose objects' names start so. */
  private void list(Path path, String folder, String prefix, Consumer<StoredObject> consumer)
      throws IOException {
    // Folders sort with their slash, as the names of the objects inside do.
    TreeMap<String, BasicFileAttributes> children = new TreeMap<>();
    for (Path child : childrenOf(path)) {
      Optional<BasicFileAttributes> attributes = anyAttributes(child);
      if (attributes.isEmpty()) {
        continue;
      }
      String name = folder + child.getFileName();
      if (attributes.get().isDirectory()) {
        name += "/";
      }
      boolean wanted = name.startsWith(prefix) || prefix.startsWith(name);
      if (wanted && ObjectNames.isValid(attributes.get().isDirectory() ? name + "x" : name)) {
        children.put(name, attributes.get());
      }
    }
    for (var child : children.entrySet()) {
      String name = child.getKey();
      if (child.getValue().isDirectory()) {
        list(root.resolve(name), name, prefix, consumer);
      } else if (child.getValue().isRegularFile() && name.startsWith(prefix)) {
        consumer.accept(entry(name, child.getValue()));
      }
    }
  }

  @Override
  public void listForeign(String folder, Consumer<String> consumer) throws IOException {
    String name = folder.substring(0, folder.length() - 1);
    Path path = pathOf(name);
    Optional<Path> link = link(path);
    if (link.isPresent()) {
      consumer.accept(ObjectStore.printable(root.relativize(link.get()).toString()));
      return;
    }
    Optional<BasicFileAttributes> attributes = anyAttributes(path);
    if (attributes.isPresent() && !attributes.get().isDirectory()) {
      consumer.accept(ObjectStore.printable(name));
    } else if (attributes.isPresent()) {
      listForeign(path, folder, consumer);
    }
  }

  /** Returns whether there is nothing at all in the folder. */
  private boolean listForeign(Path path, String folder, Consumer<String> consumer)
      throws IOException {
    List<Path> children = childrenOf(path);
    for (Path child : children) {
      Optional<BasicFileAttributes> attributes = anyAttributes(child);
      if (attributes.isEmpty()) {
        continue;
      }
      String name = folder + child.getFileName();
      boolean valid = ObjectNames.isValid(name);
      boolean foreign =
          attributes.get().isDirectory()
              ? !valid || listForeign(child, name + "/", consumer)
              : !valid || !attributes.get().isRegularFile();
      if (foreign) {
        consumer.accept(ObjectStore.printable(name));
      }
    }
    return children.isEmpty();
  }

  private static List<Path> childrenOf(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw StoreException.cannot(
          "list the store", StoreFault.LIST_DENIED, folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw StoreException.cannot("list the store", StoreFault.LIST_DENIED, folder, e);
    }
  }

  /**
   * Removes the temporary files that killed processes left; never those of live ones. The first
   * write does so by itself.
   */
  public void sweep() throws IOException {
    if (Files.isSymbolicLink(tmp)) {
      return;
    }
    try {
      TempFolder.sweep(tmp);
    } catch (IOException e) {
      throw StoreException.cannot("remove old temporary files", tmp, e);
    }
  }

  /** Removes the temporary folder of this store object; creating more is an error from then on. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (temp != null) {
      TempFolder old = temp;
      temp = null;
      try {
        old.close();
      } catch (IOException e) {
        throw StoreException.cannot("remove temporary files", tmp, e);
      }
    }
  }

  private synchronized TempFolder temp() throws IOException {
    if (closed) {
      throw new IllegalStateException("Cannot write to the store: it is closed (" + root + ")");
    }
    if (temp == null) {
      if (Files.isSymbolicLink(tmp)) {
        throw cannotWriteThrough(tmp);
      }
      sweep();
      try {
        temp = TempFolder.create(tmp);
      } catch (IOException e) {
        throw StoreException.cannot("write to the store", StoreFault.WRITE_DENIED, tmp, e);
      }
    }
    return temp;
  }

  private Path pathOf(String name) {
    return root.resolve(ObjectStore.requireName(name));
  }

  private Path parentOf(Path target) {
    Path parent = target.getParent();
    return parent == null ? root : parent;
  }

  private Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    Optional<BasicFileAttributes> file =
        anyAttributes(path).filter(BasicFileAttributes::isRegularFile);
    return file.isPresent() && isReached(path) ? file : Optional.empty();
  }

  /** Whether no link is on the way to a file that is there; looks at each folder once. */
  private boolean isReached(Path path) {
    Path folder = parentOf(path);
    if (folder.equals(root) || folders.contains(folder)) {
      return true;
    }
    if (Files.isSymbolicLink(folder) || !isReached(folder)) {
      return false;
    }
    folders.add(folder);
    return true;
  }

  /** Returns the symbolic link, if any, in place of one of the folders that the path goes by. */
  private Optional<Path> link(Path path) {
    for (Path folder = path.getParent();
        folder != null && !folder.equals(root);
        folder = folder.getParent()) {
      if (Files.isSymbolicLink(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  private static StoreException cannotWriteThrough(Path link) {
    return new StoreException(
        "Cannot write to the store: "
            + link
            + " is a symbolic link; make it a folder, or link the store as a whole");
  }

  private static Optional<BasicFileAttributes> anyAttributes(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      if ("Not a directory".equals(e.getReason())) {
        return Optional.empty();
      }
      throw StoreException.cannot("read from the store", StoreFault.READ_DENIED, path, e);
    }
  }

  private static StoredObject entry(String name, BasicFileAttributes attributes) {
    return new StoredObject(name, attributes.size(), attributes.lastModifiedTime().toInstant());
  }
}
