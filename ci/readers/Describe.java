import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What Twintail itself reads in the Arrow files of a folder, in the lines that README.md tells. */
final class Describe {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".arrow")).sorted().toList()) {
        Table table = ArrowFiles.decode(Files.readAllBytes(file));
        for (String column : table.columnNames()) {
          System.out.println(
              String.join(
                  "\t",
                  folder.relativize(file).toString(),
                  Integer.toString(table.rows()),
                  column,
                  type(table, column),
                  digest(table, column)));
        }
      }
    }
  }

  private static String type(Table table, String column) {
    return switch (table.type(column)) {
      case INT32 -> "int32";
      case INT64 -> "int64";
      case FLOAT64, OPTIONAL_FLOAT64 -> "float64";
      case UTF8, OPTIONAL_UTF8 -> "utf8";
      case BOOL -> "bool";
      case FLOAT32_LIST -> "float32[" + table.width(column) + "]";
    };
  }

  private static String digest(Table table, String column)
      throws IOException, NoSuchAlgorithmException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    switch (table.type(column)) {
      case INT32 -> {
        for (int value : table.ints(column)) {
          out.writeByte(1);
          out.writeLong(value);
        }
      }
      case INT64 -> {
        for (long value : table.longs(column)) {
          out.writeByte(1);
          out.writeLong(value);
        }
      }
      case FLOAT64 -> writeDoubles(out, Arrays.stream(table.doubles(column)).boxed().toList());
      case OPTIONAL_FLOAT64 -> writeDoubles(out, Arrays.asList(table.optionalDoubles(column)));
      case UTF8 -> writeStrings(out, table.strings(column));
      case OPTIONAL_UTF8 -> writeStrings(out, table.optionalStrings(column));
      case BOOL -> {
        for (boolean value : table.booleans(column)) {
          out.writeByte(1);
          out.writeBoolean(value);
        }
      }
      case FLOAT32_LIST -> {
        float[] values = table.floats(column);
        for (int i = 0; i < values.length; i++) {
          if (i % table.width(column) == 0) {
            out.writeByte(1);
          }
          out.writeFloat(values[i]);
        }
      }
    }
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
  }

  private static void writeDoubles(DataOutputStream out, List<Double> values) throws IOException {
    for (Double value : values) {
      out.writeByte(value == null ? 0 : 1);
      if (value != null) {
        out.writeDouble(value);
      }
    }
  }

  private static void writeStrings(DataOutputStream out, List<String> values) throws IOException {
    for (String value : values) {
      out.writeByte(value == null ? 0 : 1);
      if (value != null) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
      }
    }
  }
}
