package dev.twintail.stage;

import dev.twintail.model.Safetensors;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.TableFormatException;
import java.util.Optional;

/** The formats of what stages put out, as the names of outputs tell. */
public final class OutputFormats {
  private OutputFormats() {}

  /** Returns what is odd about the bytes of an output of that name, in one line, if anything is. */
  public static Optional<String> fault(String name, byte[] bytes) {
    try {
      if (name.endsWith(".arrow")) {
        ArrowFiles.decode(bytes);
      } else if (name.endsWith(".safetensors")) {
        Safetensors.decode(bytes);
      }
      return Optional.empty();
    } catch (TableFormatException | IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
