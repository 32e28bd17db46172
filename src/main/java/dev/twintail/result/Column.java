package dev.twintail.result;

import java.lang.reflect.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One named column; its array is private to the table that holds it.
 *
 * @param values a list of texts, or an array of numbers; of lists of floats row after row
 * @param width values in each row; 1 but for lists
 */
record Column(String name, Table.Type type, Object values, int width) {
  int rows() {
    return size() / width;
  }

  /** Returns the number of values in all rows. */
  int size() {
    return values instanceof List<?> texts ? texts.size() : Array.getLength(values);
  }

  /** Returns a value, boxed; null if there is none. */
  @Nullable Object value(int index) {
    return values instanceof List<?> texts ? texts.get(index) : Array.get(values, index);
  }
}
