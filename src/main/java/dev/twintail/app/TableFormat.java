package dev.twintail.app;

import dev.twintail.blob.Blob;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.CsvFiles;
import dev.twintail.result.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** What a file of a table is, which its ending tells. */
public enum TableFormat {
  /** The Arrow IPC file format, with types and metadata. */
  ARROW(".arrow"),
  /** Text of comma-separated values. */
  CSV(".csv");

  private final String ending;

  TableFormat(String ending) {
    this.ending = ending;
  }

  /**
   * Returns the format of a file that is to be written.
   *
   * @throws RequestException if its ending is none of a table's
   */
  public static TableFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    for (TableFormat format : values()) {
      if (name.endsWith(format.ending)) {
        return format;
      }
    }
    throw new RequestException(
        "Cannot write a table to " + file + ": its name has to end with .arrow or .csv");
  }

  /** Returns a table as comma-separated values. */
  public static String text(Table table) {
    return new String(CsvFiles.encode(table), StandardCharsets.UTF_8);
  }

  Blob encode(Table table) {
    return Blob.of(
        switch (this) {
          case ARROW -> ArrowFiles.encode(table);
          case CSV -> CsvFiles.encode(table);
        });
  }
}
