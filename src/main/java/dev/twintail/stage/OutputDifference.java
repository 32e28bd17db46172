package dev.twintail.stage;

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
import java.util.Locale;
import java.util.Optional;

/**
 * Where and how far two versions of one output differ: in weights by tensor and index, in tables by
 * column and row, else by byte.
 *
 * @param output the output's name
 * @param place where the first difference is, such as {@code tensor body.0.weight [3, 0, 1, 2]}
 * @param recorded what is recorded there
 * @param recomputed what came out there
 * @param extent how far the whole differs, in words
 */
public record OutputDifference(
    String output, String place, String recorded, String recomputed, String extent) {

  /** Returns how two versions that are not equal differ. */
  public static OutputDifference of(String output, byte[] recorded, byte[] recomputed) {
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
    String place = "";
    float was = 0;
    float is = 0;
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
          if (differing == 0) {
            place = "tensor " + x.name() + " " + index(i, x.shape());
            was = p;
            is = q;
          }
          differing++;
          maximum = Math.max(maximum, Math.abs((double) p - q));
        }
      }
    }
    if (differing == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new OutputDifference(
            output, place, text(was, is), text(is, was), extent(differing, values, maximum)));
  }

  /** Shows a number so that it differs from the other one, whose bits may be those of a NaN too. */
  private static String text(float value, float other) {
    boolean alike = Float.toString(value).equals(Float.toString(other));
    return alike
        ? value + " (0x" + Integer.toHexString(Float.floatToRawIntBits(value)) + ")"
        : Float.toString(value);
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
    return TableDifference.between(first, second)
        .map(
            d ->
                new OutputDifference(
                    output,
                    "column "
                        + d.column()
                        + " row "
                        + d.row()
                        + (d.item() < 0 ? "" : " [" + d.item() + "]"),
                    d.first(),
                    d.second(),
                    extent(d.differing(), d.values(), d.maximum())));
  }

  private static OutputDifference ofBytes(String output, byte[] a, byte[] b) {
    int first = Arrays.mismatch(a, b);
    int both = Math.min(a.length, b.length);
    long differing = Math.abs(a.length - b.length);
    for (int i = 0; i < both; i++) {
      differing += a[i] == b[i] ? 0 : 1;
    }
    return new OutputDifference(
        output,
        "byte " + first,
        hex(a, first),
        hex(b, first),
        String.format(
            Locale.ROOT, "%,d of %,d bytes differ", differing, Math.max(a.length, b.length)));
  }

  private static String hex(byte[] bytes, int index) {
    return index < 0 || index >= bytes.length
        ? "the end"
        : String.format(Locale.ROOT, "0x%02x", bytes[index]);
  }

  private static String extent(long differing, long values, double maximum) {
    return String.format(
        Locale.ROOT, "%,d of %,d values differ, by %.3g at most", differing, values, maximum);
  }

  /** Returns one line, such as {@code weights.safetensors: tensor … [3, 0] 0.5 vs 0.6 (…)}. */
  public String text() {
    return output + ": " + place + ": " + recorded + " vs " + recomputed + " (" + extent + ")";
  }
}
