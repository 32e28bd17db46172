package dev.twintail.store.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.twintail.blob.Blob;
import dev.twintail.store.s3.Requests.RefusedRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Finds out whether a server honours {@code If-None-Match: *} on PUT. What was found is kept in an
 * object of the store, {@code tmp/conditional-write}, so that a server that does not is told of
 * once a store and not by each run. The first client lets writers race for fresh names, since a
 * server may look before it writes and yet let two win; later ones only make sure that the object
 * is not replaced, since a store may have moved to another server.
 */
final class ConditionProbe {
  static final String MARKER = "tmp/conditional-write";

  private static final String YES = "This server honours conditional writes.\n";
  private static final String NO = "This server does not honour conditional writes.\n";
  private static final int ROUNDS = 3;
  private static final int WRITERS = 4;

  private final Access access;
  private final Consumer<String> notices;
  private final String location;

  /** What a probe does to the server, below the store's prefix. */
  interface Access {
    /** Returns the object's bytes, or empty if there is no such object in an existing bucket. */
    Optional<byte[]> read(String name) throws IOException;

    /**
     * Writes, if the condition allows it, and tells what the server said to that.
     *
     * @throws RefusedRequest where it refuses otherwise than by 412
     */
    ServerAnswer write(String name, Blob content, Condition condition)
        throws IOException, RefusedRequest;

    void delete(String name) throws IOException, RefusedRequest;
  }

  /** Whether a write may replace. */
  enum Condition {
    UNLESS_PRESENT,
    NONE
  }

  /** What a server says to a write. */
  enum ServerAnswer {
    WRITTEN,
    PRESENT
  }

  ConditionProbe(Access access, String location, Consumer<String> notices) {
    this.access = access;
    this.location = location;
    this.notices = notices;
  }

  /** Returns whether the server honours conditions. */
  boolean honoured() throws IOException {
    // Before anything is written: a mistyped bucket is missing, and some servers would create it.
    Optional<String> known = access.read(MARKER).map(bytes -> new String(bytes, US_ASCII));
    if (known.isPresent() && known.get().equals(NO)) {
      return false;
    }
    try {
      boolean honoured = known.isPresent() ? isKept() : isWonOnce();
      if (!honoured) {
        notices.accept(
            "The server of "
                + location
                + " does not honour conditional writes (If-None-Match). The store stays right: blobs"
                + " are named by their bytes, and what is written is read back; but two runs that"
                + " make the same thing at once may both write it");
      }
      if (known.isEmpty()) {
        access.write(MARKER, blob(honoured ? YES : NO), condition(honoured));
      }
      return honoured;
    } catch (RefusedRequest e) {
      throw e.told();
    }
  }

  private static Condition condition(boolean honoured) {
    return honoured ? Condition.UNLESS_PRESENT : Condition.NONE;
  }

  /** Tries to replace the marker; where that succeeds, the marker says so from now on. */
  private boolean isKept() throws IOException, RefusedRequest {
    return conditionally(MARKER, blob(NO))
        .filter(answer -> answer == ServerAnswer.PRESENT)
        .isPresent();
  }

  private boolean isWonOnce() throws IOException, RefusedRequest {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    List<String> names = new ArrayList<>();
    List<Callable<Optional<ServerAnswer>>> writers = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      String name = MARKER + "-" + id + "-" + round;
      names.add(name);
      for (int writer = 0; writer < WRITERS; writer++) {
        Blob content = blob(name + " by " + writer + "\n");
        writers.add(() -> conditionally(name, content));
      }
    }
    List<Optional<ServerAnswer>> answers = atOnce(writers);
    boolean honoured = true;
    for (int round = 0; round < ROUNDS; round++) {
      List<Optional<ServerAnswer>> of = answers.subList(round * WRITERS, (round + 1) * WRITERS);
      long won = of.stream().filter(a -> a.equals(Optional.of(ServerAnswer.WRITTEN))).count();
      honoured &= won <= 1 && of.stream().allMatch(Optional::isPresent);
    }
    for (String name : names) {
      try {
        access.delete(name);
      } catch (RefusedRequest e) {
        // Where nothing may be deleted they stay, once a store.
        break;
      }
    }
    return honoured;
  }

  /** Returns empty if the server says that it does not know the condition. */
  private Optional<ServerAnswer> conditionally(String name, Blob content)
      throws IOException, RefusedRequest {
    try {
      return Optional.of(access.write(name, content, Condition.UNLESS_PRESENT));
    } catch (RefusedRequest e) {
      if (e.status() == 501 || e.code().equals("NotImplemented")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static List<Optional<ServerAnswer>> atOnce(List<Callable<Optional<ServerAnswer>>> writers)
      throws IOException, RefusedRequest {
    ExecutorService threads = Executors.newFixedThreadPool(writers.size());
    try {
      List<Optional<ServerAnswer>> answers = new ArrayList<>();
      for (Future<Optional<ServerAnswer>> answer : threads.invokeAll(writers)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException told) {
        throw told;
      }
      if (e.getCause() instanceof RefusedRequest refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(US_ASCII));
  }
}
