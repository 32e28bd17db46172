package dev.twintail.trust;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Endorsement;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose manifests and verifications count for this process, and in whose name it vouches for its
 * own. Signatures are {@code signatures/<first two digits>/<key>/<digest of the statement>/<key
 * id>}, where the statement is what was signed: its kind, the action's key and the bytes of the
 * record. So no signature can be moved to another action or another kind of record.
 *
 * <p>A process vouches only for what it has computed itself, and believes that in any case.
 */
public final class Trust implements Endorsement {
  private static final String FOLDER = "signatures";
  private static final String FORMAT = "twintail-signed 1";
  private static final String SIGNATURE = "ed25519 ";

  /** What a signature by Ed25519 has. */
  private static final int BYTES = 64;

  private enum SignedThing {
    MANIFEST("manifest"),
    VERIFICATION("verification");

    private final String text;

    SignedThing(String text) {
      this.text = text;
    }
  }

  private final @Nullable ObjectStore objects;
  private final List<TrustedKey> believed;
  private final Optional<SigningKey> signer;
  private final Map<ActionKey, Manifest> own = new ConcurrentHashMap<>();
  private final Set<ActionKey> refused = ConcurrentHashMap.newKeySet();

  private Trust(
      @Nullable ObjectStore objects, List<TrustedKey> believed, Optional<SigningKey> signer) {
    this.objects = objects;
    this.believed = List.copyOf(believed);
    this.signer = signer;
  }

  /** Returns the trust of someone who believes all that is in the store, and signs nothing. */
  public static Trust everybody() {
    return new Trust(null, List.of(), Optional.empty());
  }

  /**
   * Returns the trust of someone who believes these keys, or everybody if there are none.
   *
   * @param objects the store with the signatures
   * @param signer in whose name the process vouches for what it computes
   */
  public static Trust of(
      ObjectStore objects, List<TrustedKey> believed, Optional<SigningKey> signer) {
    return new Trust(objects, believed, signer);
  }

  /**
   * Returns whether this manifest of this action counts. An action counts as refused until another
   * manifest of it does, such as the recorded one after an old copy.
   */
  @Override
  public boolean accepts(ActionKey key, Manifest manifest) throws IOException {
    if (believed.isEmpty() || Objects.equals(own.get(key), manifest) || isSigned(key, manifest)) {
      refused.remove(key);
      return true;
    }
    refused.add(key);
    return false;
  }

  private boolean isSigned(ActionKey key, Manifest manifest) throws IOException {
    return isSigned(key, statement(SignedThing.MANIFEST, key, manifest.bytes()));
  }

  /** Returns whether a record of a verification of this action counts. */
  public boolean acceptsVerification(ActionKey key, byte[] record) throws IOException {
    return believed.isEmpty() || isSigned(key, statement(SignedThing.VERIFICATION, key, record));
  }

  /** Returns how many recorded actions did not count. */
  public int refused() {
    return refused.size();
  }

  /** Believes from now on what this process has computed, and signs it if it has a key. */
  @Override
  public void vouch(ActionKey key, Manifest manifest) throws IOException {
    own.put(key, manifest);
    if (signer.isPresent()) {
      sign(key, statement(SignedThing.MANIFEST, key, manifest.bytes()), signer.get());
    }
  }

  /** Signs a record of a verification if this process has a key. */
  public void vouchVerification(ActionKey key, byte[] record) throws IOException {
    if (signer.isPresent()) {
      sign(key, statement(SignedThing.VERIFICATION, key, record), signer.get());
    }
  }

  private static byte[] statement(SignedThing kind, ActionKey key, byte[] record) {
    ByteArrayOutputStream statement = new ByteArrayOutputStream();
    String head = FORMAT + "\n" + kind.text + "\n" + key + "\n";
    statement.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    statement.writeBytes(record);
    return statement.toByteArray();
  }

  private static String nameOf(ActionKey key, byte[] statement, String signer) {
    return key.nameIn(FOLDER) + "/" + Digest.of(statement) + "/" + signer;
  }

  private void sign(ActionKey key, byte[] statement, SigningKey by) throws IOException {
    ObjectStore store = store();
    String name = nameOf(key, statement, by.publicKey().id());
    String text = SIGNATURE + Base64.getEncoder().encodeToString(by.sign(statement)) + "\n";
    Blob signature = Blob.of(text.getBytes(StandardCharsets.US_ASCII));
    if (!store.create(name, signature) && !isSigned(name, statement, by.publicKey())) {
      // Garbage has the name of this signature: it must not keep the real one out.
      store.delete(name);
      store.create(name, signature);
    }
  }

  private boolean isSigned(ActionKey key, byte[] statement) throws IOException {
    for (TrustedKey each : believed) {
      if (isSigned(nameOf(key, statement, each.id()), statement, each)) {
        return true;
      }
    }
    return false;
  }

  /** More characters than a signature has: what is longer is none. */
  private static final int LONGEST = 1024;

  private boolean isSigned(String name, byte[] statement, TrustedKey by) throws IOException {
    Optional<InputStream> opened = store().open(name);
    if (opened.isEmpty()) {
      return false;
    }
    String text;
    try (InputStream in = opened.get()) {
      text = new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1).strip();
    }
    if (!text.startsWith(SIGNATURE)) {
      return false;
    }
    try {
      byte[] signature = Base64.getDecoder().decode(text.substring(SIGNATURE.length()));
      return by.hasSigned(statement, signature);
    } catch (IllegalArgumentException e) {
      return false; // Garbled.
    }
  }

  /**
   * Makes sure that these bytes have the form of a signature; whose it is, and of what, is another
   * question.
   *
   * @throws MalformedException if they have not
   */
  public static void requireSignature(byte[] bytes) throws MalformedException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    try {
      if (text.startsWith(SIGNATURE)
          && Base64.getDecoder().decode(text.substring(SIGNATURE.length())).length == BYTES) {
        return;
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException("Cannot read signature: " + e.getMessage(), e);
    }
    throw new MalformedException("Cannot read signature: it is cut or garbled");
  }

  private ObjectStore store() {
    if (objects == null) {
      throw new IllegalStateException("Cannot sign or check signatures: there is no store");
    }
    return objects;
  }
}
