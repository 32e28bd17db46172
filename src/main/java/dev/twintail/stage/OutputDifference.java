package dev.twintail.stage;

import dev.twintail.blob.Digest;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Weights;
import dev.twintail.model.Weights.Tensor;
import dev.twintail.result.ArrowFiles;
import dev.twintail.result.Table;
import dev.twintail.result.TableDifference;
import dev.twintail.result.TableFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where and how far two versions of one output differ, the recorded one and the recomputed one: in
 * weights by tensor and index, in tables by column and row, else by byte.
 */
public sealed interface OutputDifference {
  /** Returns the output's name. */
  String output();

  /** Returns the facts by name, as a record keeps them; numbers as Java writes them. */
  SortedMap<String, String> facts();

  /**
   * Weights of equal names and shapes.
   *
   * @param tensor the first that differs
   * @param index of the first value in it that differs, one number a dimension, from 0
   * @param recorded the value there
   * @param recomputed the value there; may be as NaN as the other, with other bits
   * @param differing how many values differ in all tensors
   * @param values how many values there are
   * @param maximum the largest absolute difference
   */
  record OfWeights(
      String output,
      String tensor,
      List<Integer> index,
      float recorded,
      float recomputed,
      long differing,
      long values,
      double maximum)
      implements OutputDifference {
    public OfWeights {
      index = List.copyOf(index);
    }

    @Override
    public SortedMap<String, String> facts() {
      return new TreeMap<>(
          Map.of(
              "output", output,
              "tensor", tensor,
              "index", index.toString(),
              "recorded", hex(recorded),
              "recomputed", hex(recomputed),
              "differing", Long.toString(differing),
              "values", Long.toString(values),
              "maximum", Double.toString(maximum)));
    }

    private static String hex(float value) {
      return value + " 0x" + Integer.toHexString(Float.floatToRawIntBits(value));
    }
  }

  /** Tables of equal columns and rows. */
  record OfTables(String output, TableDifference cells) implements OutputDifference {
    @Override
    public SortedMap<String, String> facts() {
      SortedMap<String, String> facts =
          new TreeMap<>(
              Map.of(
                  "output", output,
                  "column", cells.column(),
                  "row", Integer.toString(cells.row()),
                  "recorded", cells.first(),
                  "recomputed", cells.second(),
                  "differing", Long.toString(cells.differing()),
                  "values", Long.toString(cells.values()),
                  "maximum", Double.toString(cells.maximum())));
      cells.item().ifPresent(item -> facts.put("item", Integer.toString(item)));
      return facts;
    }
  }

  /**
   * Bytes of which no more is known.
   *
   * @param offset of the first that differs, from 0; the length of the shorter version if the other
   *     goes on from there
   * @param recorded the byte there, 0 to 255; empty at the end
   * @param recomputed the byte there, 0 to 255; empty at the end
   * @param differing how many bytes differ, those that only one version has included
   * @param bytes how many the longer version has
   */
  record OfBytes(
      String output,
      int offset,
      OptionalInt recorded,
      OptionalInt recomputed,
      long differing,
      long bytes)
      implements OutputDifference {
    @Override
    public SortedMap<String, String> facts() {
      SortedMap<String, String> facts =
          new TreeMap<>(
              Map.of(
                  "output", output,
                  "offset", Integer.toString(offset),
                  "differing", Long.toString(differing),
                  "bytes", Long.toString(bytes)));
      recorded.ifPresent(b -> facts.put("recorded", Integer.toString(b)));
      recomputed.ifPresent(b -> facts.put("recomputed", Integer.toString(b)));
      return facts;
    }
  }

  /** An output that one version has and the other has not. */
  record OfOne(String output, Optional<Digest> recorded, Optional<Digest> recomputed)
      implements OutputDifference {
    @Override
    public SortedMap<String, String> facts() {
      SortedMap<String, String> facts = new TreeMap<>(Map.of("output", output));
      recorded.ifPresent(d -> facts.put("recorded", d.sha256()));
      recomputed.ifPresent(d -> facts.put("recomputed", d.sha256()));
      return facts;
    }
  }

  /** Returns how two versions that are not equal differ. */
  static OutputDifference of(String output, byte[] recorded, byte[] recomputed) {
    Optional<OutputDifference> difference = Optional.empty();
    if (output.endsWith(".safetensors")) {
      difference = ofWeights(output, recorded, recomputed);
    } else if (output.endsWith(".arrow")) {
      difference = ofTables(output, recorded, recomputed);
    }
    return difference.orElseGet(() -> ofBytes(output, recorded, recomputed));
  }

  private static Optional<OutputDifference> ofWeights(String output, byte[] a, byte[] b) {
    Weights first;
    Weights second;
    try {
      first = Safetensors.decode(a);
      second = Safetensors.decode(b);
    } catch (IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | NegativeArraySizeException e) {
      return Optional.empty(); // Damaged in the header: then the bytes must do.
    }
    if (!shapes(first).equals(shapes(second))) {
      return Optional.empty();
    }
    OfWeights found = null;
    long differing = 0;
    long values = 0;
    double maximum = 0;
    for (int t = 0; t < first.tensors().size(); t++) {
      Tensor x = first.tensors().get(t);
      Tensor y = second.tensors().get(t);
      values += x.values().length;
      for (int i = 0; i < x.values().length; i++) {
        float p = x.values()[i];
        float q = y.values()[i];
        if (Float.floatToRawIntBits(p) != Float.floatToRawIntBits(q)) {
          if (found == null) {
            found = new OfWeights(output, x.name(), index(i, x.shape()), p, q, 0, 0, 0);
          }
          differing++;
          maximum = Math.max(maximum, Math.abs((double) p - q));
        }
      }
    }
    if (found == null) {
      return Optional.empty();
    }
    return Optional.of(
        new OfWeights(
            output,
            found.tensor,
            found.index,
            found.recorded,
            found.recomputed,
            differing,
            values,
            maximum));
  }

  private static List<String> shapes(Weights weights) {
    List<String> shapes = new ArrayList<>();
    weights.tensors().forEach(t -> shapes.add(t.name() + t.shape()));
    return shapes;
  }

  /** Returns the index in each dimension of a value in row-major order. */
  private static List<Integer> index(int position, List<Integer> shape) {
    Integer[] index = new Integer[shape.size()];
    int rest = position;
    for (int d = shape.size() - 1; d >= 0; d--) {
      index[d] = rest % shape.get(d);
      rest /= shape.get(d);
    }
    return List.of(index);
  }

  private static Optional<OutputDifference> ofTables(String output, byte[] a, byte[] b) {
    Table first;
    Table second;
    try {
      first = ArrowFiles.decode(a);
      second = ArrowFiles.decode(b);
    } catch (TableFormatException e) {
      return Optional.empty(); // Damaged in its structure: then the bytes must do.
    }
    return TableDifference.between(first, second).map(cells -> new OfTables(output, cells));
  }

  private static OutputDifference ofBytes(String output, byte[] a, byte[] b) {
    int first = Arrays.mismatch(a, b);
    int both = Math.min(a.length, b.length);
    long differing = Math.abs(a.length - b.length);
    for (int i = 0; i < both; i++) {
      differing += a[i] == b[i] ? 0 : 1;
    }
    return new OfBytes(
        output, first, at(a, first), at(b, first), differing, Math.max(a.length, b.length));
  }

  private static OptionalInt at(byte[] bytes, int index) {
    return index < 0 || index >= bytes.length
        ? OptionalInt.empty()
        : OptionalInt.of(Byte.toUnsignedInt(bytes[index]));
  }
}
