package dev.twintail.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** An array as NumPy's {@code .npy} file, version 1.0 of its format. */
public final class NumpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private NumpyFile() {}

  /**
   * Returns the file of {@code values} in single precision.
   *
   * @param values row-major
   * @throws IllegalArgumentException if the shape is of another number of values
   */
  public static byte[] of(float[] values, int... shape) {
    if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(
          "Cannot shape " + values.length + " values as " + Arrays.toString(shape));
    }
    String sizes =
        Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String tuple = shape.length == 1 ? "(" + sizes + ",)" : "(" + sizes + ")";
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + tuple + ", }";
    int unpadded = MAGIC.length + Short.BYTES + header.length() + 1;
    String line = header + " ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT) + "\n";
    ByteBuffer body =
        ByteBuffer.allocate(Short.BYTES + line.length() + Float.BYTES * values.length);
    body.order(ByteOrder.LITTLE_ENDIAN).putShort((short) line.length());
    body.put(line.getBytes(StandardCharsets.US_ASCII));
    for (float value : values) {
      body.putFloat(value);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(MAGIC);
    file.writeBytes(body.array());
    return file.toByteArray();
  }
}
