package dev.twintail.cli;

import dev.twintail.json.JsonObject;
import dev.twintail.trust.KeyFileException;
import dev.twintail.trust.SigningKey;
import dev.twintail.trust.TrustedKey;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keygen}: a pair of keys to sign results with. */
@Command(
    name = "keygen",
    sortOptions = false,
    description = {
      "Makes an Ed25519 key to sign results with.",
      "FILE signs (run --sign, verify --sign) and is to be kept to yourself; others trust FILE.pub"
          + " (--trust). Replaces nothing."
    },
    footer = {
      "twintail keygen ~/.twintail-key",
      "twintail run vieli2021 --sign ~/.twintail-key",
      "twintail results vieli2021 --trust ~/.twintail-key.pub",
    })
final class KeygenCommand extends ProgramCommand {
  @Mixin private JsonOption json;

  @Parameters(index = "0", paramLabel = "FILE", description = "The private key's file.")
  private Path file;

  @Override
  public Integer call() throws Exception {
    TrustedKey key;
    try {
      key = SigningKey.generate(file);
    } catch (KeyFileException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    if (json.isGiven()) {
      json.print(
          new JsonObject()
              .put("key", key.id())
              .put("privateFile", file.toString())
              .put("publicFile", SigningKey.publicFile(file).toString()));
      return ExitCode.OK;
    }
    out()
        .println(
            "key %s: %s signs, %s is for those who trust it"
                .formatted(key.id(), file, SigningKey.publicFile(file)));
    return ExitCode.OK;
  }
}
