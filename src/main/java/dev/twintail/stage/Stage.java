package dev.twintail.stage;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.Trainer;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.random.Seed;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;

/**
 * One action's worth of work: bytes in, bytes out, and nothing else. A stage knows its parameters
 * and where its inputs come from, but no store, no cache, no clock and no folder. Equal stages do
 * equal work, whatever models they are for; that is how models share data and pretrained parts.
 */
public interface Stage {
  /** Returns which kind of work this is; it decides the version in the key. */
  StageName name();

  /** Returns how much of an experiment it is of. */
  Scope scope();

  /** Returns where the inputs come from, by role. */
  SortedMap<String, Input> inputs();

  /** Returns the names of what {@link #run} puts out; variance may lack where none can be told. */
  Set<String> outputs();

  /**
   * Tells every parameter that {@link #run} reads, defaults included, and every seed. What is told
   * becomes the key: words are frozen ones ({@code keyWord()}), never names of constants or texts
   * for people.
   */
  void describe(Description description);

  /** Returns the network that is trained or predicts, if there is one. */
  default Optional<SiameseNetwork> computed() {
    return Optional.empty();
  }

  /**
   * Does the work; deterministic, and safe to run twice or at once.
   *
   * @param inputs the bytes of {@link #inputs}, under the same roles
   * @param trainer what computes; its environment, and its methods for the {@linkplain #computed
   *     network}, are in the key of stages that {@linkplain StageName#usesNativeMath use native
   *     math}
   * @return the outputs, named {@link #outputs}
   * @throws IOException if an input cannot be read
   * @throws IllegalArgumentException if an input is not what its role promises
   */
  Map<String, Blob> run(Inputs inputs, Trainer trainer) throws IOException;

  /** Where an input comes from. */
  sealed interface Input {
    /** A file that is pinned by its digest, such as one of MNIST's. */
    record Pinned(Digest digest) implements Input {}

    /** An output of another stage. */
    record OutputOf(Stage stage, String output) implements Input {}
  }

  /**
   * Listens to what determines the work, in any order. Names are paths such as {@code loss.digit};
   * each parameter and each stream comes once, or {@link IllegalArgumentException} is thrown.
   */
  interface Description {
    /** Tells a frozen word, a name that the user chose, or a text that goes into the output. */
    void parameter(String path, String value);

    /** Tells a whole number. */
    void parameter(String path, long value);

    /** Tells a number, which counts by its raw bits. */
    void parameter(String path, double value);

    /** Tells a yes or no. */
    void parameter(String path, boolean value);

    /** Tells the derived seed of a random stream that the work draws from. */
    void seed(String stream, Seed seed);

    /**
     * Tells all of a part that the stages of other rounds have, too, so that a listener can keep
     * what it heard of it.
     *
     * @param part what does not change, such as a network
     * @param parameters tells what is in it, always in the same way and of nothing else
     */
    default <T> void part(T part, BiConsumer<Description, T> parameters) {
      parameters.accept(this, part);
    }
  }

  /** The bytes of the inputs, by role. */
  interface Inputs {
    /**
     * Returns the verified bytes of one input; the caller may keep but not change them.
     *
     * @throws IOException if they cannot be read
     */
    byte[] bytes(String role) throws IOException;
  }
}
