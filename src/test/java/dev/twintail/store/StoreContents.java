package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a store holds, for comparisons. */
public final class StoreContents {
  private StoreContents() {}

  /** Returns the objects below {@code prefix} with the digests of their bytes. */
  public static SortedMap<String, Digest> of(ObjectStore objects, String prefix)
      throws IOException {
    TreeMap<String, Digest> contents = new TreeMap<>();
    objects.list(
        prefix,
        entry -> {
          try (InputStream in = objects.open(entry.name()).orElseThrow()) {
            contents.put(entry.name(), Digest.of(in));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return contents;
  }

  /** Returns blobs and manifests: all that must not depend on when and where they were made. */
  public static SortedMap<String, Digest> results(ObjectStore objects) throws IOException {
    SortedMap<String, Digest> contents = of(objects, "cas/");
    contents.putAll(of(objects, "ac/"));
    return contents;
  }

  public static SortedMap<String, Digest> results(Path root) throws IOException {
    try (LocalObjectStore objects = LocalObjectStore.open(root)) {
      return results(objects);
    }
  }

  /** Returns a copy in memory. */
  public static ObjectStore copy(ObjectStore objects) throws IOException {
    return copy(objects, new MemoryObjectStore());
  }

  /** Copies every object and returns the target. */
  public static ObjectStore copy(ObjectStore from, ObjectStore to) throws IOException {
    from.list(
        "",
        entry -> {
          try (InputStream in = from.open(entry.name()).orElseThrow()) {
            to.create(entry.name(), Blob.of(in.readAllBytes()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return to;
  }

  /** Returns the files that a killed or a finished process left in the store's tmp/. */
  public static long temporaryFiles(Path root) throws IOException {
    long count = 0;
    for (String folder : List.of("tmp", "downloads", "leases", "collections")) {
      Path top = root.resolve(folder);
      if (Files.exists(top)) {
        try (Stream<Path> files = Files.walk(top)) {
          count += files.filter(file -> !file.equals(top)).count();
        }
      }
    }
    return count;
  }

  /** Copies a store's folder. */
  public static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }
}
