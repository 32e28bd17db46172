package dev.twintail.data;

import java.util.List;

/** The names under which one file is found in the wild. */
final class Spellings {
  private Spellings() {}

  /**
   * Returns {@code name} and, for names such as {@code train-images-idx3-ubyte}, the form {@code
   * train-images.idx3-ubyte}; each raw first, then with {@code .gz}.
   */
  static List<String> of(String name) {
    String dotted = name.replaceFirst("-(idx[0-9]-)", ".$1");
    return dotted.equals(name)
        ? List.of(name, name + ".gz")
        : List.of(name, name + ".gz", dotted, dotted + ".gz");
  }
}
