package dev.twintail.spec;

import dev.twintail.spec.SpecException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was found wrong so far, and in which files was looked; the same problem met twice counts
 * once.
 */
final class Problems {
  private final Set<Problem> found = new LinkedHashSet<>();
  private final Map<Path, String> texts = new LinkedHashMap<>();
  private final Map<Named, String> alike = new HashMap<>();
  private final Map<Path, Position> readers = new HashMap<>();
  private final Opener opener;

  /** A mapping: where it stands, and what it is called there. */
  private record Named(Position at, String name) {}

  /** Opens the files that specs are made of. */
  @FunctionalInterface
  interface Opener {
    InputStream open(Path file) throws IOException;
  }

  Problems() {
    this(Files::newInputStream);
  }

  Problems(Opener opener) {
    this.opener = opener;
  }

  InputStream open(Path file) throws IOException {
    return opener.open(file);
  }

  void read(Path file, String text) {
    texts.put(file, text);
  }

  /** Returns the files that were read, in order, each once. */
  List<Path> files() {
    return List.copyOf(texts.keySet());
  }

  /** Returns what was read of each file. */
  Map<Path, String> texts() {
    return texts;
  }

  void add(Position at, String message) {
    found.add(new Problem(at, message));
  }

  /**
   * Notes that a file is read because another one asks for it, so that what is wrong in it can be
   * told to whoever named that one alone.
   */
  void isReadBy(Path file, Position reader) {
    readers.putIfAbsent(file, reader);
  }

  /**
   * Moves to {@code own} what was found since there were {@code before} problems in files that its
   * own file reads: where a mapping extends one of those, its own fields are half of what is wrong,
   * and those that the user can mend.
   */
  void blame(Position own, int before) {
    List<Problem> all = List.copyOf(found);
    found.clear();
    for (int i = 0; i < all.size(); i++) {
      Problem problem = all.get(i);
      Path file = problem.at().file();
      found.add(
          i >= before && readers.containsKey(file) && !file.equals(own.file())
              ? new Problem(own, problem.message() + " (with " + problem.at() + ")")
              : problem);
    }
  }

  /** Returns the problem; of one in a file that the user did not name, with the way there. */
  private Problem traced(Problem problem) {
    Position reader = readers.get(problem.at().file());
    if (reader == null) {
      return problem;
    }
    while (readers.containsKey(reader.file())) {
      reader = readers.get(reader.file());
    }
    return new Problem(problem.at(), problem.message() + " (read by " + reader + ")");
  }

  /**
   * Notes that a mapping, which an extending spec adds, is called almost as one that it inherits:
   * if it lacks fields, that one may have been meant.
   */
  void isLike(Position at, String name, String inherited) {
    alike.put(new Named(at, name), inherited);
  }

  /** Returns the inherited name that may have been meant by that of a mapping. */
  Optional<String> like(Position at, String name) {
    return Optional.ofNullable(alike.get(new Named(at, name)));
  }

  /** Returns the number of problems; reading went well where it has not grown. */
  int count() {
    return found.size();
  }

  /**
   * Ends reading.
   *
   * @throws SpecException if anything was found
   */
  void raise() {
    if (!found.isEmpty()) {
      List<Problem> sorted = new ArrayList<>();
      found.forEach(problem -> sorted.add(traced(problem)));
      sorted.sort(
          Comparator.comparing((Problem p) -> p.at().file()).thenComparing(p -> p.at().line()));
      throw new SpecException(sorted);
    }
  }
}
