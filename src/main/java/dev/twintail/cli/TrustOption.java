package dev.twintail.cli;

import dev.twintail.store.ObjectStore;
import dev.twintail.trust.KeyFileException;
import dev.twintail.trust.SigningKey;
import dev.twintail.trust.Trust;
import dev.twintail.trust.TrustedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Whose results are believed. */
final class TrustOption {
  @Option(
      names = "--trust",
      paramLabel = "KEY",
      description = {
        "Believe only results signed with this public key (a .pub file of keygen); "
            + "others count as absent. May be repeated."
      })
  private List<Path> files = new ArrayList<>();

  TrustOption() {}

  /** The keys, read. */
  record Keys(List<TrustedKey> believed, Optional<SigningKey> signer) {
    Keys {
      believed = List.copyOf(believed);
    }

    /** Returns what they mean in a store. */
    Trust in(ObjectStore objects) {
      return Trust.of(objects, believed, signer);
    }
  }

  /** Reads the keys of a command that records nothing. */
  Keys read() throws IOException {
    return read(Optional.empty());
  }

  /**
   * Reads the keys.
   *
   * @param signing the file of the private key to sign with
   * @throws UsageException if a file holds no key that may be used
   */
  Keys read(Optional<Path> signing) throws IOException {
    try {
      List<TrustedKey> believed = new ArrayList<>();
      for (Path file : files) {
        believed.add(TrustedKey.read(file));
      }
      return new Keys(
          believed,
          signing.isEmpty() ? Optional.empty() : Optional.of(SigningKey.read(signing.get())));
    } catch (KeyFileException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** Tells how much was not believed, if anything. */
  static void warn(Trust trust, Consumer<String> err) {
    int refused = trust.refused();
    if (refused > 0) {
      err.accept(
          refused
              + (refused == 1 ? " recorded action is" : " recorded actions are")
              + " not signed with a trusted key and counted as absent");
    }
  }
}
