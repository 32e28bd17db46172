package dev.twintail.model.dl4j;

import com.sun.jna.Pointer;
import dev.twintail.random.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JVM as those that train, but that native code kills at certain trainings. */
final class FrailChild {
  /** Kill at each try. */
  static final int ALWAYS = 77;

  /** Kill at the first try alone. */
  static final int ONCE = 78;

  /** Find no memory. */
  static final int STARVE = 79;

  /** Have more memory than it may, in the middle of a training that would take hours. */
  static final int GLUT = 99_999;

  /** Be told a limit that is none. */
  static final int MISTOLD = 80;

  private FrailChild() {}

  public static void main(String[] args) {
    ChildMain.serve(
        request -> {
          if (request instanceof Exchange.Request.Train train) {
            int epochs = train.task().training().epochs();
            if (epochs == ALWAYS || (epochs == ONCE && isFirst(train.task().seeds().coin()))) {
              new Pointer(0).setInt(0, 1);
            }
            if (epochs == GLUT) {
              System.setProperty(Child.LIMIT, "64");
            }
            if (epochs == MISTOLD) {
              System.setProperty(Child.LIMIT, "4g");
            }
            if (epochs == STARVE) {
              throw new OutOfMemoryError("Java heap space");
            }
          }
          return request;
        });
  }

  private static boolean isFirst(Seed seed) {
    try {
      return !Files.deleteIfExists(mark(seed)) && Files.createFile(mark(seed)) != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the file that a try leaves for the next one, which takes it away. */
  static Path mark(Seed seed) {
    return Path.of(System.getProperty("java.io.tmpdir"), "frail-" + seed.hex());
  }
}
