package dev.twintail.trust;

import dev.twintail.blob.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/** An Ed25519 public key, whose holder is believed. */
public final class TrustedKey {
  static final String ALGORITHM = "Ed25519";
  static final String PEM = "PUBLIC KEY";

  private final PublicKey key;
  private final String id;

  TrustedKey(PublicKey key) {
    this.key = key;
    this.id = Digest.of(key.getEncoded()).sha256();
  }

  /**
   * Reads a key.
   *
   * @throws KeyFileException if the file is no SubjectPublicKeyInfo of an Ed25519 key in PEM
   */
  public static TrustedKey read(Path file) throws IOException {
    byte[] encoded = PemFile.read(file, PEM);
    try {
      return new TrustedKey(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      throw new KeyFileException(
          "Cannot read the key " + file + ": it is no Ed25519 public key; keygen makes one", e);
    }
  }

  /** Returns the SHA-256 of the encoded key. */
  public String id() {
    return id;
  }

  /** Returns whether the holder of the key has signed these bytes. */
  boolean hasSigned(byte[] statement, byte[] signature) {
    try {
      Signature engine = Signature.getInstance(ALGORITHM);
      engine.initVerify(key);
      engine.update(statement);
      return engine.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // Not even shaped like a signature.
    }
  }
}
