package dev.twintail.random;

import dev.twintail.blob.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * 256 bits that start a random stream. A seed is a hash of what it is for, so that no use of
 * randomness shifts another: adding a model, a round or a stage leaves all other streams alone.
 *
 * @param w0 the most significant word; {@code w1}, {@code w2} and {@code w3} follow
 */
public record Seed(long w0, long w1, long w2, long w3) {
  private static final String DOMAIN = "twintail-seed-1";

  /**
   * Returns SHA-256(domain, root, stage, stream, round), every field framed by its length.
   *
   * @param root the experiment's seed
   * @param stage the stage that draws, such as {@code data-gen}
   * @param stream what is drawn, such as {@code shuffle}
   * @param round from 1
   */
  public static Seed derive(long root, String stage, String stream, int round) {
    MessageDigest sha256 = Digest.newSha256();
    frame(sha256, DOMAIN);
    frame(sha256, Long.toString(root));
    frame(sha256, stage);
    frame(sha256, stream);
    frame(sha256, Integer.toString(round));
    ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
    return new Seed(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  private static void frame(MessageDigest sha256, String field) {
    byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    sha256.update(bytes);
  }

  /** Returns the 64 hexadecimal digits of the seed, as keys and provenance hold it. */
  public String hex() {
    ByteBuffer words = ByteBuffer.allocate(4 * Long.BYTES);
    words.putLong(w0).putLong(w1).putLong(w2).putLong(w3);
    return HexFormat.of().formatHex(words.array());
  }
}
