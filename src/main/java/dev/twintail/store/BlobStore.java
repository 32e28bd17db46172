package dev.twintail.store;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Content-addressed blobs over an {@link ObjectStore}, as {@code cas/<first two digits>/<sha256>}.
 *
 * <p>No bytes are served that do not hash to the digest asked for. A blob whose bytes are wrong
 * counts as absent: it is reported to the {@link StoreEvents}, moved to the {@link Quarantine}, and
 * whoever needs it makes it again. Bytes that were damaged on their way only are read again: a blob
 * is put aside when two reads find the same wrong bytes, and as many as the store says there are:
 * what answers in a server's place, such as a proxy's page of an error, says the same each time.
 *
 * <p>{@link #get} hashes whatever it returns. {@link #verify} and {@link #put} hash a blob once in
 * the life of this object and from then on look at its presence and size only. So bytes that rot
 * while a run is under way may be vouched for until the run ends; they are never served.
 */
public final class BlobStore {
  /** What the names of blobs start with. */
  public static final String FOLDER = "cas/";

  /** The order in which parallel work on blobs ends soonest. */
  public static final Comparator<Digest> LARGEST_FIRST =
      Comparator.comparingLong(Digest::size).reversed().thenComparing(Digest::sha256);

  /** How often bytes are read before they are believed to be wrong in the store. */
  public static final int READS = 5;

  private final ObjectStore objects;
  private final Quarantine quarantine;
  private final Set<Digest> verified = ConcurrentHashMap.newKeySet();

  public BlobStore(ObjectStore objects, StoreEvents events) {
    this.objects = objects;
    this.quarantine = new Quarantine(objects, events);
  }

  /** Returns whether there is an object of this name and size; its bytes are not looked at. */
  public boolean contains(Digest digest) throws IOException {
    return stat(digest).filter(entry -> entry.size() == digest.size()).isPresent();
  }

  /** Returns the digest of the stored blob with this SHA-256, of which only the size is new. */
  public Optional<Digest> find(String sha256) throws IOException {
    return objects
        .stat(nameOf(new Digest(sha256, 0)))
        .map(entry -> new Digest(sha256, entry.size()));
  }

  /**
   * Returns the blob, its bytes read into memory and verified; empty if it is missing or damaged.
   *
   * @throws StoreException if the bytes do not fit into an array, or the store cannot be read
   */
  public Optional<Blob> get(Digest digest) throws IOException {
    if (digest.size() > Integer.MAX_VALUE - 8) {
      throw new StoreException(
          "Cannot hold blob %s… in memory: it has %s bytes"
              .formatted(digest.abbreviated(), digest.size()));
    }
    Optional<StoredObject> entry = stat(digest);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    if (entry.get().size() == digest.size()) {
      for (int i = 0; i < READS; i++) {
        Optional<InputStream> opened = objects.open(nameOf(digest));
        if (opened.isEmpty()) {
          return Optional.empty();
        }
        try (InputStream in = opened.get()) {
          Blob blob = Blob.of(in.readNBytes((int) digest.size()));
          if (blob.digest().equals(digest) && in.read() < 0) {
            verified.add(digest);
            return Optional.of(blob);
          }
        }
      }
    }
    verified.remove(digest);
    verify(digest);
    return Optional.empty();
  }

  /**
   * Returns whether the store holds the blob intact. Streams; keeps no bytes.
   *
   * @throws StoreException if the store cannot be read
   */
  public boolean verify(Digest digest) throws IOException {
    Optional<StoredObject> entry = stat(digest);
    if (entry.isPresent() && entry.get().size() == digest.size() && verified.contains(digest)) {
      return true;
    }
    verified.remove(digest);
    if (entry.isEmpty()) {
      return false;
    }
    Optional<Digest> before = Optional.empty();
    for (int i = 0; i < READS; i++) {
      Optional<InputStream> opened = objects.open(nameOf(digest));
      if (opened.isEmpty()) {
        return false;
      }
      Digest found;
      try (InputStream in = opened.get()) {
        found = Digest.of(in);
      }
      if (found.equals(digest)) {
        verified.add(digest);
        return true;
      }
      if (found.sha256().equals(digest.sha256())) {
        return false; // These bytes are good: who asks is wrong about their size.
      }
      if (found.size() == entry.get().size() && before.equals(Optional.of(found))) {
        quarantine.isolate(entry.get(), found, finding(digest, found));
        return false;
      }
      before = Optional.of(found);
    }
    throw unsettled(digest);
  }

  /** Tells that reads of a blob tell nothing about what is stored. */
  public StoreException unsettled(Digest digest) {
    return new StoreException(
        ("Cannot read blob %s…: what is read is not what the store says it has, or others each time,"
                + " so the connection or the disk is at fault (%s); nothing was changed")
            .formatted(digest.abbreviated(), objects.location()));
  }

  /**
   * Returns the stored blob of this digest to stream from. Nothing is looked at now, and its bytes
   * are not verified here: {@link #put} of another store does so before it takes them.
   */
  public Blob stream(Digest digest) {
    return Blob.of(
        digest,
        () ->
            objects
                .open(nameOf(digest))
                .orElseThrow(
                    () ->
                        new StoreException(
                            "Cannot read blob %s…: it is gone (%s)"
                                .formatted(digest.abbreviated(), objects.location()))));
  }

  /** Passes the digest of every object that is named as a blob; nothing is verified. */
  public void list(Consumer<Digest> consumer) throws IOException {
    objects.list(
        FOLDER,
        entry -> {
          String sha256 = entry.name().substring(entry.name().lastIndexOf('/') + 1);
          if (Digest.isSha256(sha256)) {
            Digest digest = new Digest(sha256, entry.size());
            if (nameOf(digest).equals(entry.name())) {
              consumer.accept(digest);
            }
          }
        });
  }

  /**
   * Stores the blob unless it is there. An object of the name that is already there is verified,
   * and replaced when damaged: when this returns, the store holds the right bytes.
   *
   * @throws StoreException if the blob's bytes are not those of its digest, or the store cannot be
   *     written
   */
  public void put(Blob blob) throws IOException {
    Digest digest = blob.digest();
    // The second round is for a damaged object that another process created in between.
    for (int round = 0; round < 2; round++) {
      if (verify(digest)) {
        return;
      }
      if (objects.create(nameOf(digest), new VerifyingBlob(blob))) {
        verified.add(digest);
        return;
      }
    }
    if (!verify(digest)) {
      throw new StoreException(
          ("Cannot store blob %s…: a damaged object has its name and cannot be moved;"
                  + " delete %s in %s")
              .formatted(digest.abbreviated(), nameOf(digest), objects.location()));
    }
  }

  /**
   * Stores a blob that another store holds too, most likely for the first time. Its bytes are
   * verified as by {@link #put}; a failure of the machine soon afterwards may lose them again,
   * which makes the blob absent or damaged here.
   */
  public void putCopy(Blob blob) throws IOException {
    if (objects.createCopy(nameOf(blob.digest()), new VerifyingBlob(blob))) {
      verified.add(blob.digest());
    } else {
      put(blob);
    }
  }

  private Optional<StoredObject> stat(Digest digest) throws IOException {
    return objects.stat(nameOf(digest));
  }

  /** Returns the name of the object that holds the blob. */
  public static String nameOf(Digest digest) {
    return FOLDER + digest.sha256().substring(0, 2) + "/" + digest.sha256();
  }

  private static String finding(Digest expected, Digest found) {
    String problem =
        found.size() < expected.size()
            ? "truncated: " + found.size() + " of " + expected.size() + " bytes"
            : found.size() > expected.size()
                ? "too long: " + found.size() + " instead of " + expected.size() + " bytes"
                : "its bytes hash to " + found.abbreviated() + "…";
    return "Blob " + expected.abbreviated() + "… is damaged (" + problem + ")";
  }
}
