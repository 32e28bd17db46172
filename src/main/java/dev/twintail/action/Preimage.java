package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.record.Provenance;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everything that determines what an action puts out, as an ordered list of fields. Its SHA-256 is
 * the {@link ActionKey}.
 *
 * <p>The contract of a key: two actions with the same preimage must put out the same bytes, on any
 * machine that the environment fields describe. So it holds the stage and its version, every
 * parameter that the stage reads with defaults written out, the digests of all inputs, the derived
 * seeds and, for stages with native math, the numeric environment. It never holds the time, host,
 * user, folders, locale, worker count, store or program version: those are {@link Provenance}.
 *
 * <p>The bytes are text of one line for each field, {@code kind TAB name TAB type TAB value}, below
 * a line that names the format. Fields are sorted by kind and name, so the order in which code adds
 * them does not matter. Control characters and backslashes are escaped, so that different fields
 * always are different bytes. The text may be stored and read again, which is how one explains why
 * an action was rerun.
 */
public final class Preimage {
  /** The domain tag and version of the key format; another format must have another line. */
  private static final String FORMAT = "twintail-action 1";

  private static final Pattern INPUT = Pattern.compile("[0-9a-f]{64} (0|[1-9][0-9]{0,17})");
  private static final Comparator<Line> ORDER = Preimage::order;

  /** The same few parameters come in every action, and their decimals take long to find. */
  private static final Map<Long, String> DECIMALS = new ConcurrentHashMap<>();

  private static final int MOST_DECIMALS = 1 << 12;

  /** What a field says about the action, in the order of the text. */
  public enum FieldKind {
    STAGE("stage"),
    PARAMETER("parameter"),
    INPUT("input"),
    SEED("seed"),
    ENVIRONMENT("environment");

    private final String text;

    FieldKind(String text) {
      this.text = text;
    }

    private static FieldKind of(String text) {
      return Stream.of(values())
          .filter(kind -> kind.text.equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("Cannot read kind " + text));
    }
  }

  /**
   * One thing the key depends on.
   *
   * @param kind what the field says
   * @param name unique within the kind: the stage, the path of a parameter such as {@code
   *     loss.digit}, the role of an input, the stream of a seed, or the field of the environment
   * @param type how the value is to be read: {@code version} of a stage, {@code string}, {@code
   *     long}, {@code boolean}, {@code double} (raw bits, then the decimal in brackets), {@code
   *     digest} (SHA-256, a space, the size in bytes), or {@code hex} of a seed
   * @param value as text; equal text means equal value
   */
  public record Field(FieldKind kind, String name, String type, String value) {
    /** Returns the digest of an input's bytes; empty if the field is no input, or garbled. */
    public Optional<Digest> digest() {
      int space = value.indexOf(' ');
      if (kind != FieldKind.INPUT || space < 0 || !Digest.isSha256(value.substring(0, space))) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Digest(value.substring(0, space), Long.parseLong(value.substring(space + 1))));
      } catch (IllegalArgumentException e) {
        return Optional.empty(); // Its size is none.
      }
    }

    private Line line() {
      return new Line(
          this,
          kind.text
              + '\t'
              + Escapes.escape(name)
              + '\t'
              + type
              + '\t'
              + Escapes.escape(value)
              + '\n');
    }
  }

  /** A field and its text. */
  private record Line(Field field, String text) {}

  /** Fields that many preimages have in common, whose text is made once. */
  public static final class Part {
    private final List<Line> lines;

    private Part(List<Line> lines) {
      this.lines = lines;
    }

    /** Returns the part of what is added to a builder. */
    public static Part of(Consumer<Builder> fields) {
      Builder builder = new Builder();
      fields.accept(builder);
      return new Part(List.copyOf(builder.lines));
    }
  }

  private final List<Field> fields;
  private final byte[] bytes;
  private final Blob blob;

  private Preimage(Collection<Line> sorted) {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    List<Field> all = new ArrayList<>(sorted.size());
    for (Line line : sorted) {
      text.append(line.text);
      all.add(line.field);
    }
    this.fields = Collections.unmodifiableList(all);
    this.bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    this.blob = Blob.of(bytes);
  }

  /**
   * Starts the preimage of an action of a stage.
   *
   * @param stageVersion raised by hand when the stage puts out other bytes for the same fields
   */
  public static Builder of(String stage, int stageVersion) {
    if (stageVersion < 1) {
      throw new IllegalArgumentException(
          "Cannot make a key for stage " + stage + ": version " + stageVersion + " is below 1");
    }
    return new Builder()
        .add(new Field(FieldKind.STAGE, stage, "version", Integer.toString(stageVersion)));
  }

  /** Collects fields in any order. A name may be given once within its kind. */
  public static final class Builder {
    private final TreeSet<Line> lines = new TreeSet<>(ORDER);

    private Builder() {}

    public Builder parameter(String path, String value) {
      return add(new Field(FieldKind.PARAMETER, path, "string", value));
    }

    public Builder parameter(String path, long value) {
      return add(new Field(FieldKind.PARAMETER, path, "long", Long.toString(value)));
    }

    public Builder parameter(String path, boolean value) {
      return add(new Field(FieldKind.PARAMETER, path, "boolean", Boolean.toString(value)));
    }

    /** Adds a number by its raw bits, with the decimal beside them for readers. */
    public Builder parameter(String path, double value) {
      return add(new Field(FieldKind.PARAMETER, path, "double", doubleText(value)));
    }

    /** Adds the digest of a blob that the stage reads, from the manifest of whoever made it. */
    public Builder input(String role, Digest digest) {
      return add(new Field(FieldKind.INPUT, role, "digest", digest.sha256() + " " + digest.size()));
    }

    /** Adds the derived seed of a random stream, as lower-case hexadecimal digits. */
    public Builder seed(String stream, String hex) {
      if (!Digest.isHex(hex)) {
        throw new IllegalArgumentException(
            "Cannot take seed '" + hex + "' of stream " + stream + ": not hexadecimal");
      }
      return add(new Field(FieldKind.SEED, stream, "hex", hex));
    }

    /** Adds what the bits of native math depend on, such as the version of BLAS. */
    public Builder environment(String name, String value) {
      return add(new Field(FieldKind.ENVIRONMENT, name, "string", value));
    }

    /** Adds all fields of a part. */
    public Builder with(Part part) {
      part.lines.forEach(this::add);
      return this;
    }

    private Builder add(Field field) {
      if (field.name().isEmpty()) {
        throw new IllegalArgumentException("Cannot take " + field.kind().text + " without name");
      }
      add(field.line());
      return this;
    }

    private void add(Line line) {
      if (!lines.add(line)) {
        throw new IllegalArgumentException(
            "Cannot take " + line.field.kind().text + " '" + line.field.name() + "' twice");
      }
    }

    public Preimage build() {
      return new Preimage(lines);
    }
  }

  /**
   * Reads the text of {@link #bytes}.
   *
   * @throws MalformedException if the bytes are not exactly what this class writes
   */
  public static Preimage parse(byte[] bytes) throws MalformedException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!text.startsWith(FORMAT + "\n")) {
      throw new MalformedException("Cannot read preimage: it does not start with " + FORMAT);
    }
    List<Field> fields = new ArrayList<>();
    int number = 2;
    for (String line : text.substring(FORMAT.length() + 1).lines().toList()) {
      fields.add(parseLine(line, number++));
    }
    List<Line> lines = fields.stream().map(Field::line).toList();
    Preimage preimage = new Preimage(lines);
    TreeSet<Line> sorted = new TreeSet<>(ORDER);
    sorted.addAll(lines);
    boolean oneStage =
        fields.stream().filter(field -> field.kind() == FieldKind.STAGE).count() == 1;
    if (!oneStage || !List.copyOf(sorted).equals(lines) || !Arrays.equals(preimage.bytes, bytes)) {
      throw new MalformedException("Cannot read preimage: not in canonical form");
    }
    return preimage;
  }

  private static Field parseLine(String line, int number) throws MalformedException {
    String[] cells = line.split("\t", -1);
    try {
      if (cells.length == 4) {
        Field field =
            new Field(
                FieldKind.of(cells[0]),
                Escapes.unescape(cells[1]),
                cells[2],
                Escapes.unescape(cells[3]));
        if (field.kind() == FieldKind.INPUT && !INPUT.matcher(field.value()).matches()) {
          throw new MalformedException("Cannot read preimage: line " + number + " is no digest");
        }
        return field;
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException("Cannot read preimage: line " + number + " is garbled", e);
    }
    throw new MalformedException("Cannot read preimage: line " + number + " is not four cells");
  }

  /** Returns the fields, the stage first, then sorted by kind and name. */
  public List<Field> fields() {
    return fields;
  }

  /** Returns the stage's name. */
  public String stage() {
    return fields.get(0).name();
  }

  /** Returns the action's key, the SHA-256 of {@link #bytes}. */
  public ActionKey key() {
    return new ActionKey(blob.digest().sha256());
  }

  /** Returns the canonical text in UTF-8. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns the canonical text as a blob, whose digest's SHA-256 is the key. */
  public Blob blob() {
    return blob;
  }

  private static int order(Line one, Line other) {
    int kinds = one.field.kind.compareTo(other.field.kind);
    return kinds != 0 ? kinds : one.field.name.compareTo(other.field.name);
  }

  /**
   * Returns the raw bits and the shortest decimal that stands for them. {@link Double#toString} is
   * not used, since its digits changed between Java versions.
   */
  private static String doubleText(double value) {
    String bits = HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value));
    String decimal = DECIMALS.get(Double.doubleToRawLongBits(value));
    if (decimal == null) {
      decimal = decimal(value);
      if (DECIMALS.size() < MOST_DECIMALS) {
        DECIMALS.put(Double.doubleToRawLongBits(value), decimal);
      }
    }
    return "0x" + bits + " (" + decimal + ")";
  }

  private static String decimal(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == 0) {
      return Double.doubleToRawLongBits(value) == 0 ? "0" : "-0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    // No two decimals of 15 digits are the same double, so that fewer are these without their
    // zeros.
    int fewest = Math.abs(value) < Double.MIN_NORMAL ? 1 : 15;
    for (int digits = 17; digits >= fewest; digits--) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (Double.compare(rounded.doubleValue(), value) != 0) {
        break;
      }
      shortest = rounded;
    }
    BigDecimal stripped = shortest.stripTrailingZeros();
    boolean plain = Math.abs(stripped.precision() - stripped.scale()) <= 15;
    return plain ? stripped.toPlainString() : stripped.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Preimage preimage && fields.equals(preimage.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
