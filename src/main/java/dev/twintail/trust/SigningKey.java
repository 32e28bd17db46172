package dev.twintail.trust;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 private key in a file that its owner alone may read, with the public key beside it in
 * {@code <file>.pub}. It is never written anywhere else.
 */
public final class SigningKey {
  private static final String PEM = "PRIVATE KEY";
  private static final String PUBLIC_SUFFIX = ".pub";
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private final PrivateKey key;
  private final TrustedKey publicKey;

  private SigningKey(PrivateKey key, TrustedKey publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /** Returns where the public key is. */
  public static Path publicFile(Path file) {
    return file.resolveSibling(file.getFileName() + PUBLIC_SUFFIX);
  }

  /**
   * Makes a new key: {@code file} and {@code file.pub}.
   *
   * @throws KeyFileException if one of the files exists or cannot be written; nothing is replaced,
   *     and no key is left behind without the other
   */
  public static TrustedKey generate(Path file) throws IOException {
    for (Path each : List.of(file, publicFile(file))) {
      if (Files.exists(each)) {
        throw exists(each, null);
      }
    }
    KeyPair pair;
    try {
      pair = KeyPairGenerator.getInstance(TrustedKey.ALGORITHM).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make keys: this Java platform lacks Ed25519", e);
    }
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    create(
        file,
        PemFile.text(pair.getPrivate().getEncoded(), PEM),
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
            : new FileAttribute<?>[0]);
    try {
      create(publicFile(file), PemFile.text(pair.getPublic().getEncoded(), TrustedKey.PEM));
    } catch (KeyFileException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return new TrustedKey(pair.getPublic());
  }

  /** Its permissions are those of {@code attributes} from the first moment. */
  private static void create(Path file, String text, FileAttribute<?>... attributes)
      throws KeyFileException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      write(channel, text, file);
    } catch (FileAlreadyExistsException e) {
      throw exists(file, e);
    } catch (NoSuchFileException e) {
      throw new KeyFileException(
          "Cannot make the key " + file + ": its folder is not there; make it first", e);
    } catch (IOException e) {
      throw KeyFileException.of("make", file, e);
    }
  }

  /** Leaves no half of a key behind, as on a full disk. */
  private static void write(SeekableByteChannel channel, String text, Path file)
      throws IOException {
    boolean whole = false;
    try {
      Channels.newOutputStream(channel).write(text.getBytes(StandardCharsets.US_ASCII));
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static KeyFileException exists(Path file, @Nullable Exception cause) {
    String message = "Cannot make the key " + file + ": the file exists; choose another name";
    return cause == null ? new KeyFileException(message) : new KeyFileException(message, cause);
  }

  /**
   * Reads a key, and the public key beside it.
   *
   * @throws KeyFileException if others may read the file, it is no PKCS#8 Ed25519 key in PEM, or
   *     the public key is missing or that of another
   */
  public static SigningKey read(Path file) throws IOException {
    requirePrivate(file);
    byte[] encoded = PemFile.read(file, PEM);
    TrustedKey publicKey = TrustedKey.read(publicFile(file));
    try {
      SigningKey key =
          new SigningKey(
              KeyFactory.getInstance(TrustedKey.ALGORITHM)
                  .generatePrivate(new PKCS8EncodedKeySpec(encoded)),
              publicKey);
      byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
      if (!publicKey.hasSigned(probe, key.sign(probe))) {
        throw new KeyFileException(
            "Cannot sign with " + file + ": " + publicFile(file) + " is not its public key");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new KeyFileException(
          "Cannot read the key " + file + ": it is no Ed25519 private key; keygen makes one", e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    if (!Files.exists(file)
        || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    List<PosixFilePermission> more = new ArrayList<>(Files.getPosixFilePermissions(file));
    more.removeIf(permission -> permission.name().startsWith("OWNER"));
    if (!more.isEmpty()) {
      throw new KeyFileException(
          "Cannot sign with " + file + ": others may use it; close it with: chmod 600 " + file);
    }
  }

  /** Returns the public key. */
  public TrustedKey publicKey() {
    return publicKey;
  }

  /** Returns 64 bytes. */
  byte[] sign(byte[] statement) {
    try {
      Signature engine = Signature.getInstance(TrustedKey.ALGORITHM);
      engine.initSign(key);
      engine.update(statement);
      return engine.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot sign with the key " + publicKey.id(), e);
    }
  }
}
