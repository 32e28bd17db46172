package dev.twintail.model.dl4j;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values as they travel between this process and those that it starts: records of this program,
 * component by component, and what they are made of. Whatever else the bytes name is refused.
 */
final class Wire {
  private static final String OURS = "dev.twintail.";

  private Wire() {}

  /**
   * @throws IllegalArgumentException if something in it is no record, enum, list, set or value that
   *     travels
   */
  static void write(@Nullable Object value, DataOutputStream out) throws IOException {
    if (value == null) {
      out.writeByte('0');
    } else if (value instanceof Record) {
      writeRecord(value, out);
    } else if (value instanceof Enum<?> one) {
      out.writeByte('E');
      out.writeUTF(one.getDeclaringClass().getName());
      out.writeUTF(one.name());
    } else if (value instanceof List<?> list) {
      out.writeByte('L');
      writeAll(list, out);
    } else if (value instanceof Set<?> set) {
      out.writeByte('S');
      writeAll(List.copyOf(set), out);
    } else if (value instanceof Optional<?> optional) {
      out.writeByte('O');
      write(optional.orElse(null), out);
    } else if (value instanceof String text) {
      out.writeByte('T');
      out.writeUTF(text);
    } else if (value instanceof Integer number) {
      out.writeByte('I');
      out.writeInt(number);
    } else if (value instanceof Long number) {
      out.writeByte('J');
      out.writeLong(number);
    } else if (value instanceof Float number) {
      out.writeByte('F');
      out.writeFloat(number);
    } else if (value instanceof Double number) {
      out.writeByte('D');
      out.writeDouble(number);
    } else if (value instanceof Boolean flag) {
      out.writeByte('Z');
      out.writeBoolean(flag);
    } else if (value instanceof int[] numbers) {
      byte[] bytes = new byte[Integer.BYTES * numbers.length];
      ByteBuffer.wrap(bytes).asIntBuffer().put(numbers);
      writeArray('i', bytes, out);
    } else if (value instanceof float[] numbers) {
      byte[] bytes = new byte[Float.BYTES * numbers.length];
      ByteBuffer.wrap(bytes).asFloatBuffer().put(numbers);
      writeArray('f', bytes, out);
    } else {
      throw new IllegalArgumentException("Cannot send what is not of the wire: " + value);
    }
  }

  private static void writeArray(char tag, byte[] bytes, DataOutputStream out) throws IOException {
    out.writeByte(tag);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void writeAll(List<?> values, DataOutputStream out) throws IOException {
    out.writeInt(values.size());
    for (Object value : values) {
      write(value, out);
    }
  }

  private static void writeRecord(Object value, DataOutputStream out) throws IOException {
    Class<?> type = value.getClass();
    out.writeByte('R');
    out.writeUTF(type.getName());
    try {
      for (RecordComponent component : type.getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        write(component.getAccessor().invoke(value), out);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("Cannot send " + value, e);
    }
  }

  /**
   * @throws IOException if the bytes are none that {@link #write} makes
   */
  static @Nullable Object read(DataInputStream in) throws IOException {
    char tag = (char) in.readByte();
    return switch (tag) {
      case '0' -> null;
      case 'R' -> readRecord(in);
      case 'E' -> readEnum(in);
      case 'L' -> List.copyOf(readAll(in));
      case 'S' -> Set.copyOf(new LinkedHashSet<>(readAll(in)));
      case 'O' -> Optional.ofNullable(read(in));
      case 'T' -> in.readUTF();
      case 'I' -> in.readInt();
      case 'J' -> in.readLong();
      case 'F' -> in.readFloat();
      case 'D' -> in.readDouble();
      case 'Z' -> in.readBoolean();
      case 'i' -> {
        ByteBuffer bytes = readArray(in);
        int[] numbers = new int[bytes.capacity() / Integer.BYTES];
        bytes.asIntBuffer().get(numbers);
        yield numbers;
      }
      case 'f' -> {
        ByteBuffer bytes = readArray(in);
        float[] numbers = new float[bytes.capacity() / Float.BYTES];
        bytes.asFloatBuffer().get(numbers);
        yield numbers;
      }
      default -> throw new IOException(String.format(Locale.ROOT, "Odd byte %02x", (int) tag));
    };
  }

  private static ByteBuffer readArray(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static List<Object> readAll(DataInputStream in) throws IOException {
    int size = in.readInt();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Object value = read(in);
      if (value == null) {
        throw new IOException("A list with nothing in it");
      }
      values.add(value);
    }
    return values;
  }

  private static Object readRecord(DataInputStream in) throws IOException {
    Class<?> type = type(in.readUTF());
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IOException(type + " is no record");
    }
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = read(in);
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new IOException("Cannot make a " + type.getName(), e);
    }
  }

  private static Object readEnum(DataInputStream in) throws IOException {
    Class<?> type = type(in.readUTF());
    String name = in.readUTF();
    Object[] constants = type.getEnumConstants();
    for (Object constant : constants == null ? new Object[0] : constants) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IOException(type + " has no " + name);
  }

  private static Class<?> type(String name) throws IOException {
    if (!name.startsWith(OURS)) {
      throw new IOException(name + " is none of ours");
    }
    try {
      return Class.forName(name, false, Wire.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IOException("Cannot find " + name, e);
    }
  }
}
