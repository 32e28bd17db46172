package dev.twintail.record;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.SmallObjects;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreEvents;
import dev.twintail.trust.Trust;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@linkplain VerificationRecord verifications} of a store, as {@code verifications/<first two
 * digits>/<key>/<verification>.json}, and what came out otherwise, as {@code disputed/<first two
 * digits>/<key>/<digest>}. Nothing is replaced, and what is disputed is never served.
 */
public final class VerificationLog {
  private static final String FOLDER = "verifications";
  private static final String DISPUTED = "disputed";

  private final ObjectStore objects;
  private final Trust trust;
  private final StoreEvents events;

  /**
   * @param trust whose records count
   * @param events hears of records that are damaged
   */
  public VerificationLog(ObjectStore objects, Trust trust, StoreEvents events) {
    this.objects = objects;
    this.trust = trust;
    this.events = events;
  }

  /**
   * Adds a record, and vouches for it.
   *
   * @throws IllegalStateException if the verification has recorded this action before
   */
  public void append(VerificationRecord record) throws IOException {
    String name = record.key().nameIn(FOLDER) + "/" + record.verification() + ".json";
    Blob json = record.toJson();
    // A request that was sent twice on its way finds its own record.
    if (!objects.create(name, json)
        && !SmallObjects.read(objects, name, SmallObjects.RECORD)
            .filter(there -> Digest.of(there).equals(json.digest()))
            .isPresent()) {
      throw new IllegalStateException("Cannot record " + name + ": it is recorded");
    }
    trust.vouchVerification(record.key(), json.bytes());
  }

  /**
   * Keeps bytes that came out instead of the recorded ones.
   *
   * @return the name of the object that holds them
   */
  public String keep(ActionKey key, Blob blob) throws IOException {
    String name = key.nameIn(DISPUTED) + "/" + blob.digest();
    objects.create(name, blob);
    return name;
  }

  /**
   * Returns the records of actions, those of an action in the order of their names. A record that
   * is damaged, which is told, that is of another action than its name says, or that nobody trusted
   * has signed counts as absent.
   */
  public Map<ActionKey, List<VerificationRecord>> find(Collection<ActionKey> keys)
      throws IOException, InterruptedException {
    Set<ActionKey> wanted = new HashSet<>(keys);
    Map<String, ActionKey> names = new HashMap<>();
    objects.list(
        FOLDER + "/",
        entry ->
            keyIn(entry.name())
                .filter(wanted::contains)
                .ifPresent(k -> names.put(entry.name(), k)));
    Map<ActionKey, List<VerificationRecord>> found = new HashMap<>();
    List<String> sorted = new ArrayList<>(names.keySet());
    Collections.sort(sorted);
    Map<String, VerificationRecord> records = Collections.synchronizedMap(new HashMap<>());
    Parallel.forEach(
        sorted, objects.parallelism(), name -> read(name).ifPresent(r -> records.put(name, r)));
    for (String name : sorted) {
      VerificationRecord record = records.get(name);
      ActionKey key = names.get(name);
      if (record != null && key != null && record.key().equals(key)) {
        found.computeIfAbsent(key, k -> new ArrayList<>()).add(record);
      }
    }
    return found;
  }

  private static Optional<ActionKey> keyIn(String name) {
    String[] segments = name.split("/", -1);
    return segments.length == 4 && Digest.isSha256(segments[2])
        ? Optional.of(new ActionKey(segments[2]))
        : Optional.empty();
  }

  /** A record with the bytes that a signature is over. */
  @SuppressWarnings("ArrayRecordComponent") // Private and never compared.
  private record SignedBytes(VerificationRecord record, byte[] bytes) {
    static SignedBytes parse(byte[] bytes) throws MalformedException {
      return new SignedBytes(VerificationRecord.parse(bytes), bytes);
    }
  }

  private Optional<VerificationRecord> read(String name) throws IOException {
    try {
      Optional<SignedBytes> read =
          SmallObjects.parse(objects, name, SmallObjects.RECORD, SignedBytes::parse);
      return read.isPresent()
              && trust.acceptsVerification(read.get().record().key(), read.get().bytes())
          ? Optional.of(read.get().record())
          : Optional.empty();
    } catch (MalformedException e) {
      // It may have told that other bytes came out.
      events.damaged(
          "Verification %s is damaged and does not count (%s); fsck tells more"
              .formatted(name, e.getMessage()));
      return Optional.empty();
    }
  }
}
