package dev.twintail.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowFilesTest {
  @Test
  void decode_whatWasEncoded_givesEveryValueBack() {
    Table table = ArrowFiles.decode(ArrowFiles.encode(SampleTables.everyType()));

    assertThat(table.metadata())
        .isEqualTo(Map.of("schema", "sample", "schema_version", "3", "round", "7", "äöü", "π ≤ 4"));
    assertThat(table.rows()).isEqualTo(3);
    assertThat(table.columnNames())
        .containsExactly(
            "round", "size", "mean", "published", "model", "remark", "pinned", "image");
    assertThat(table.ints("round")).containsExactly(Integer.MIN_VALUE, 0, Integer.MAX_VALUE);
    assertThat(table.longs("size")).containsExactly(Long.MIN_VALUE, -1, Long.MAX_VALUE);
    assertThat(table.doubles("mean")).containsExactly(-0.0, Double.NaN, Double.MIN_VALUE);
    assertThat(table.optionalDoubles("published")).containsExactly(79.71, null, Double.NaN);
    assertThat(table.strings("model")).containsExactly("FCBaseline", "", "Digits – Ziffern 数字 🂡");
    assertThat(table.optionalStrings("remark")).containsExactly(null, "", "Digits – 数字");
    assertThat(table.booleans("pinned")).containsExactly(true, false, true);
    assertThat(table.width("image")).isEqualTo(2);
    assertThat(table.floats("image"))
        .containsExactly(0f, 0.25f, -0f, Float.MAX_VALUE, 255f, 63.75f);
  }

  @Test
  void decode_tableWithoutRows_keepsColumnsAndTypes() {
    Table empty = ArrowFiles.decode(ArrowFiles.encode(SampleTables.empty()));

    assertThat(empty.rows()).isZero();
    assertThat(empty.columnNames()).isEqualTo(SampleTables.empty().columnNames());
    for (String column : empty.columnNames()) {
      assertThat(empty.type(column)).isEqualTo(SampleTables.empty().type(column));
    }
  }

  @Test
  void decode_tableWithoutColumns_isEmpty() {
    Table table = ArrowFiles.decode(ArrowFiles.encode(Table.builder("nothing", 1).build()));

    assertThat(table.rows()).isZero();
    assertThat(table.columnNames()).isEmpty();
  }

  @Test
  void decode_manyRows_givesTheSameBytesAgain() {
    byte[] file = ArrowFiles.encode(SampleTables.large(10_000));

    assertThat(ArrowFiles.encode(ArrowFiles.decode(file))).isEqualTo(file);
  }

  @Test
  void encode_readByArrow_hasTheDeclaredTypesAndValues() throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowFileReader reader = reader(ArrowFiles.encode(SampleTables.everyType()), allocator)) {
      assertThat(reader.getRecordBlocks()).hasSize(1);
      assertThat(reader.loadNextBatch()).isTrue();
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      assertThat(root.getSchema().getFields().stream().map(Field::toString))
          .containsExactly(
              "round: Int(32, true) not null",
              "size: Int(64, true) not null",
              "mean: FloatingPoint(DOUBLE) not null",
              "published: FloatingPoint(DOUBLE)",
              "model: Utf8 not null",
              "remark: Utf8",
              "pinned: Bool not null",
              "image: FixedSizeList(2)<item: FloatingPoint(SINGLE) not null> not null");
      assertThat(root.getSchema().getCustomMetadata()).containsEntry("schema", "sample");
      assertThat(root.getVector("round").getObject(2)).isEqualTo(Integer.MAX_VALUE);
      assertThat(root.getVector("size").getObject(0)).isEqualTo(Long.MIN_VALUE);
      assertThat(root.getVector("mean").getObject(1)).isEqualTo(Double.NaN);
      assertThat(root.getVector("published").getObject(0)).isEqualTo(79.71);
      assertThat(root.getVector("published").getObject(1)).isNull();
      assertThat(root.getVector("published").getNullCount()).isEqualTo(1);
      assertThat(root.getVector("model").getObject(2)).hasToString("Digits – Ziffern 数字 🂡");
      assertThat(root.getVector("remark").getObject(0)).isNull();
      assertThat(root.getVector("remark").getNullCount()).isEqualTo(1);
      assertThat(root.getVector("remark").getObject(1)).hasToString("");
      assertThat(root.getVector("remark").getObject(2)).hasToString("Digits – 数字");
      assertThat(root.getVector("pinned").getObject(1)).isEqualTo(false);
      assertThat(root.getVector("image").getObject(2)).isEqualTo(List.of(255f, 63.75f));
      assertThat(reader.loadNextBatch()).isFalse();
    }
  }

  @Test
  void encode_metadataInOtherOrder_givesTheSameBytes() {
    Table.Builder one = Table.builder("sample", 1);
    Table.Builder other = Table.builder("sample", 1);
    for (int i = 0; i < 40; i++) {
      one.metadata("key" + i, "value" + i);
      other.metadata("key" + (39 - i), "value" + (39 - i));
    }

    assertThat(ArrowFiles.encode(one.build())).isEqualTo(ArrowFiles.encode(other.build()));
  }

  /** When this fails the files' bytes have changed: bump the versions of the stages that write. */
  @Test
  void encode_knownTable_hasPinnedDigest() throws Exception {
    assertThat(sha256(ArrowFiles.encode(SampleTables.everyType())))
        .isEqualTo("89773ed5503f087e91bb4e6a4ef15d8729b9d85f8ee7a980668fb4624a1ac8c1");
  }

  @Test
  void encode_inMemoryUsedBefore_givesTheSameBytes() throws Exception {
    String first = sha256(ArrowFiles.encode(SampleTables.everyType()));
    for (int rows = 1; rows < 400; rows++) {
      var unused = ArrowFiles.encode(SampleTables.large(rows));

      assertThat(sha256(ArrowFiles.encode(SampleTables.everyType()))).isEqualTo(first);
    }
  }

  @Test
  void encode_inJvmsOfOtherPlaces_givesTheSameBytesSilently(@TempDir Path folder) throws Exception {
    byte[] here = ArrowFiles.encode(SampleTables.everyType());
    Path turkish = folder.resolve("turkish.arrow");
    Path nepali = folder.resolve("nepali.arrow");

    assertThat(encodeElsewhere(turkish, "-Duser.language=tr", "-Duser.timezone=America/Lima"))
        .isEmpty();
    assertThat(
            encodeElsewhere(
                nepali,
                "-Duser.language=ne",
                "-Duser.timezone=Asia/Kathmandu",
                "-Dfile.encoding=ISO-8859-1",
                "-XX:TieredStopAtLevel=1"))
        .isEmpty();

    assertThat(Files.readAllBytes(turkish)).isEqualTo(here);
    assertThat(Files.readAllBytes(nepali)).isEqualTo(here);
  }

  @Test
  void write_ended_holdsNoMemory() {
    try (BufferAllocator allocator = new RootAllocator()) {
      var unused = ArrowTableWriter.write(SampleTables.large(1000), allocator);

      assertThat(allocator.getAllocatedMemory()).isZero();
      assertThat(allocator.getPeakMemoryAllocation()).isPositive();
    }
  }

  @Test
  void write_outOfMemory_holdsNoMemory() {
    try (BufferAllocator allocator = new RootAllocator(20_000)) {
      assertThatThrownBy(() -> ArrowTableWriter.write(SampleTables.large(5000), allocator))
          .hasMessageContaining("Unable to allocate");

      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  @Test
  @SuppressWarnings("MustBeClosedChecker") // The leak is the point.
  void allocator_closedOverALeak_throws() {
    BufferAllocator allocator = new RootAllocator();
    var unused = allocator.buffer(8);

    assertThatThrownBy(allocator::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Memory was leaked");
  }

  @Test
  void decode_noArrowFile_saysSoInOneLine() {
    for (byte[] file : List.of(new byte[0], "ARROW1".getBytes(UTF_8), new byte[100])) {
      assertThatThrownBy(() -> ArrowFiles.decode(file))
          .isInstanceOf(TableFormatException.class)
          .hasMessage(
              "Cannot read Arrow file: its %d bytes do not begin and end with the mark ARROW1",
              file.length);
    }
  }

  @Test
  void decode_cutAnywhere_isATableFormatException() {
    byte[] file = ArrowFiles.encode(SampleTables.everyType());
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);

      assertThatThrownBy(() -> ArrowFiles.decode(cut)).isInstanceOf(TableFormatException.class);
    }
  }

  @Test
  void decode_anyBitFlipped_givesATableOrOneLine() {
    byte[] file = ArrowFiles.encode(SampleTables.everyType());
    int refused = 0;
    for (int bit = 0; bit < file.length * Byte.SIZE; bit++) {
      byte[] damaged = file.clone();
      damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      try {
        var unused = ArrowFiles.decode(damaged);
      } catch (TableFormatException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("Cannot read Arrow file: ").doesNotContain("\n");
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void decode_typesOfOthers_areRefused() throws IOException {
    assertThatThrownBy(
            () -> ArrowFiles.decode(foreign(FieldType.notNullable(new ArrowType.Int(32, false)))))
        .isInstanceOf(TableFormatException.class)
        .hasMessage("Cannot read Arrow file: x is unsigned, which Twintail does not write");
    assertThatThrownBy(
            () -> ArrowFiles.decode(foreign(FieldType.nullable(new ArrowType.Int(32, true)))))
        .hasMessage("Cannot read Arrow file: x may hold nulls, which Twintail does not write");
    assertThatThrownBy(
            () -> ArrowFiles.decode(foreign(FieldType.notNullable(new ArrowType.Int(16, true)))))
        .hasMessage(
            "Cannot read Arrow file: x has integers of 16 bits, which Twintail does not write");
    assertThatThrownBy(
            () -> ArrowFiles.decode(foreign(FieldType.notNullable(new ArrowType.Binary()))))
        .hasMessage(
            "Cannot read Arrow file: x has the Arrow type Binary, which Twintail does not write");
  }

  @Test
  void decode_withoutSchemaName_isRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BufferAllocator allocator = new RootAllocator();
        Float8Vector vector = new Float8Vector("x", allocator);
        VectorSchemaRoot root = VectorSchemaRoot.of(vector);
        ArrowFileWriter writer = new ArrowFileWriter(root, null, Channels.newChannel(out))) {
      writer.start();
      writer.writeBatch();
      writer.end();
    }

    assertThatThrownBy(() -> ArrowFiles.decode(out.toByteArray()))
        .hasMessage(
            "Cannot read Arrow file: it lacks a schema name, which Twintail does not write");
  }

  /** Returns a file without rows, whose column x has that type. */
  private static byte[] foreign(FieldType type) throws IOException {
    Schema schema =
        new Schema(
            List.of(new Field("x", type, null)),
            Map.of("schema", "foreign", "schema_version", "1"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        ArrowFileWriter writer = new ArrowFileWriter(root, null, Channels.newChannel(out))) {
      root.setRowCount(0);
      writer.start();
      writer.writeBatch();
      writer.end();
    }
    return out.toByteArray();
  }

  private static ArrowFileReader reader(byte[] file, BufferAllocator allocator) {
    return new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(file), allocator);
  }

  /** Encodes the sample table in a JVM of its own; returns what that printed, out and err. */
  private static String encodeElsewhere(Path file, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), EncodeInThisJvm.class.getName()));
    command.add(file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void encode_entriesBesideTheSchema_areOneJsonObject() throws Exception {
    byte[] bytes =
        ArrowFiles.encode(
            Table.builder("comparisons", 1)
                .metadata("family", "1")
                .metadata("draws", "\"9999\"")
                .ints("n", new int[] {1})
                .build());

    try (BufferAllocator allocator = new RootAllocator();
        ArrowFileReader reader =
            new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(bytes), allocator)) {
      assertThat(reader.getVectorSchemaRoot().getSchema().getCustomMetadata())
          .isEqualTo(
              Map.of(
                  "schema",
                  "comparisons",
                  "schema_version",
                  "1",
                  "twintail",
                  "{\"draws\":\"\\\"9999\\\"\",\"family\":\"1\"}"));
    }
    assertThat(ArrowFiles.decode(bytes).metadata())
        .containsEntry("family", "1")
        .containsEntry("draws", "\"9999\"");
  }
}
