package dev.twintail.verify;

import dev.twintail.action.Manifest;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.LockFile;
import dev.twintail.plan.MemoryBudget;
import dev.twintail.plan.Preimages;
import dev.twintail.record.Machine;
import dev.twintail.record.VerificationRecord;
import dev.twintail.record.VerificationResult;
import dev.twintail.stage.MemoryNeed;
import dev.twintail.stage.OutputDifference;
import dev.twintail.store.BlobStore;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Computes recorded actions again and compares what comes out with what is recorded, byte for byte.
 * The action cache answers nothing here: each action reads the blobs that its recorded inputs name,
 * is computed, and its outputs are hashed. Actions do not wait for each other.
 *
 * <p>The recorded outputs stay as they are. What came out instead is kept beside them and never
 * served.
 */
public final class Verification {
  /** As many bytes as an array can hold. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  private final Workspace workspace;
  private final Trainer trainer;
  private final int workers;
  private final String id;
  private final String programVersion;
  private final ActionListener listener;
  private final Machine machine = Machine.current();
  private final Set<Digest> damaged = Collections.synchronizedSet(new TreeSet<>());
  private final List<String> unrecorded = Collections.synchronizedList(new ArrayList<>());

  /** Hears how a verification goes on. Called by several threads at once. */
  @FunctionalInterface
  public interface ActionListener {
    void verified(Recomputation recomputation);
  }

  /**
   * What was found.
   *
   * @param all one an action, in their order
   * @param unrecorded why some could not be recorded in the store, one line each
   */
  public record Recomputations(List<Recomputation> all, List<String> unrecorded) {
    public Recomputations {
      all = List.copyOf(all);
      unrecorded = List.copyOf(unrecorded);
    }

    /** Returns what came out of the actions that were computed, as a lock file has it. */
    public Map<Graph.Node, LockFile.LockedAction> outputs() {
      Map<Graph.Node, LockFile.LockedAction> outputs = new LinkedHashMap<>();
      for (Recomputation each : all) {
        if (!each.outputs().isEmpty()) {
          outputs.put(
              each.action().node(),
              new LockFile.LockedAction(each.action().preimage().key(), each.outputs()));
        }
      }
      return outputs;
    }
  }

  /**
   * @param workers how many actions are computed at once
   * @param id names this verification in its records; unique
   */
  public Verification(
      Workspace workspace,
      Trainer trainer,
      int workers,
      String id,
      String programVersion,
      ActionListener listener) {
    this.workspace = workspace;
    this.trainer = trainer;
    this.workers = workers;
    this.id = id;
    this.programVersion = programVersion;
    this.listener = listener;
  }

  /**
   * Computes recorded actions again, and records what comes out.
   *
   * @throws dev.twintail.plan.NotEnoughMemoryException if those that would be computed at once do
   *     not fit into this process; nothing was computed
   * @throws IOException if the store cannot be read; unchecked exceptions are those of the first
   *     action that could not be computed for a fault of the machine or the program
   * @throws InterruptedException if the caller is interrupted; nothing is computed any more then
   */
  public Recomputations verify(Collection<RecordedAction> actions)
      throws IOException, InterruptedException {
    MemoryBudget.require(needs(actions), workers);
    Map<RecordedAction, Recomputation> found = new ConcurrentHashMap<>();
    Parallel.forEach(
        List.copyOf(actions),
        workers,
        action -> {
          Recomputation recomputation = compute(action);
          listener.verified(recomputation);
          found.put(action, recomputation);
        });
    // Put aside only now: others compared with these bytes, or told that they cannot be read.
    for (Digest digest : List.copyOf(damaged)) {
      workspace.blobs().verify(digest);
    }
    return new Recomputations(
        actions.stream().map(action -> Objects.requireNonNull(found.get(action))).toList(),
        List.copyOf(new TreeSet<>(unrecorded)));
  }

  /** Besides what a run takes, what was recorded is held beside what comes out. */
  private static Map<Graph.Node, Long> needs(Collection<RecordedAction> actions) {
    Map<Graph.Node, Long> needs = new HashMap<>();
    for (RecordedAction action : actions) {
      long recorded =
          Stream.concat(
                  action.inputs().values().stream(), action.manifest().outputs().values().stream())
              .mapToLong(digest -> Math.min(digest.size(), MOST)) // A stranger may say any size.
              .sum();
      needs.put(action.node(), MemoryNeed.of(action.node().stage()) + recorded * 3 / 2);
    }
    return needs;
  }

  private Recomputation compute(RecordedAction action) throws IOException {
    if (!action.otherEnvironment().isEmpty()) {
      return Recomputation.failed(
          action,
          VerificationResult.ENVIRONMENT_DIFFERS,
          new Obstacle.OtherEnvironment(action.otherEnvironment()),
          Duration.ZERO);
    }
    if (action.otherVersion().isPresent()) {
      return notVerifiable(action, action.otherVersion().get());
    }
    Map<String, byte[]> inputs = new HashMap<>();
    for (Map.Entry<String, Digest> input : new TreeMap<>(action.inputs()).entrySet()) {
      Optional<StoredBytes> stored = read(input.getValue());
      if (stored.isEmpty() || !stored.get().intact()) {
        Obstacle.BlobLoss loss =
            stored.isEmpty() ? Obstacle.BlobLoss.MISSING : Obstacle.BlobLoss.DAMAGED;
        return notVerifiable(
            action,
            new Obstacle.Unavailable(
                Obstacle.ActionPart.INPUT, input.getKey(), input.getValue(), loss));
      }
      inputs.put(input.getKey(), stored.get().bytes());
    }
    Map<String, byte[]> recorded = new HashMap<>();
    boolean intact = true;
    for (Map.Entry<String, Digest> output : action.manifest().outputs().entrySet()) {
      Optional<StoredBytes> stored = read(output.getValue());
      if (stored.isEmpty()) {
        return notVerifiable(
            action,
            new Obstacle.Unavailable(
                Obstacle.ActionPart.OUTPUT,
                output.getKey(),
                output.getValue(),
                Obstacle.BlobLoss.MISSING));
      }
      intact &= stored.get().intact();
      recorded.put(output.getKey(), stored.get().bytes());
    }
    Instant started = Instant.now();
    long start = System.nanoTime();
    Map<String, Blob> outputs;
    try {
      outputs = action.node().stage().run(role -> input(inputs, role), trainer);
    } catch (IllegalStateException e) {
      throw e; // The machine or the program is at fault.
    } catch (RuntimeException e) {
      // Only other bytes differ. What it reads may be odd, or this program at fault: not recorded.
      return Recomputation.failed(
          action,
          VerificationResult.NOT_VERIFIABLE,
          new Obstacle.StageFailed(String.valueOf(e.getMessage())),
          Duration.ofNanos(System.nanoTime() - start));
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    SortedMap<String, Digest> digests = new TreeMap<>();
    outputs.forEach((name, blob) -> digests.put(name, blob.digest()));
    VerificationResult result =
        !Manifest.of(digests).equals(action.manifest())
            ? VerificationResult.DIFFERS
            : intact ? VerificationResult.REPRODUCED : VerificationResult.DAMAGED;
    Recomputation computed =
        new Recomputation(
            action,
            result,
            differences(action, recorded, outputs),
            Optional.empty(),
            digests,
            elapsed);
    record(computed, started, outputs);
    return computed;
  }

  private static Recomputation notVerifiable(RecordedAction action, Obstacle obstacle) {
    return Recomputation.failed(action, VerificationResult.NOT_VERIFIABLE, obstacle, Duration.ZERO);
  }

  private static byte[] input(Map<String, byte[]> inputs, String role) {
    byte[] bytes = inputs.get(role);
    if (bytes == null) {
      throw new IllegalStateException("Cannot read input " + role + ": there is none");
    }
    return bytes;
  }

  private static List<OutputDifference> differences(
      RecordedAction action, Map<String, byte[]> recorded, Map<String, Blob> outputs)
      throws IOException {
    List<OutputDifference> differences = new ArrayList<>();
    Set<String> names = new TreeSet<>(action.manifest().outputs().keySet());
    names.addAll(outputs.keySet());
    for (String name : names) {
      byte[] before = recorded.get(name);
      Blob now = outputs.get(name);
      if (before == null || now == null) {
        differences.add(
            new OutputDifference.OfOne(
                name,
                Optional.ofNullable(before).map(Digest::of),
                Optional.ofNullable(now).map(Blob::digest)));
      } else if (!Digest.of(before).equals(now.digest())) {
        differences.add(OutputDifference.of(name, before, now.bytes()));
      }
    }
    return differences;
  }

  /** The bytes of a stored blob, and whether they are those of its name. */
  @SuppressWarnings("ArrayRecordComponent") // Private and never compared.
  private record StoredBytes(byte[] bytes, boolean intact) {}

  /**
   * Reads a blob whatever its bytes are; empty if there is none. What was damaged on its way only
   * is read again, as {@link BlobStore} does.
   */
  private Optional<StoredBytes> read(Digest digest) throws IOException {
    Optional<Digest> found = workspace.blobs().find(digest.sha256());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    long there = Math.min(found.get().size(), most(digest));
    byte[] before = {};
    for (int i = 0; i < BlobStore.READS; i++) {
      byte[] bytes = bytes(digest);
      if (Digest.of(bytes).equals(digest)) {
        return Optional.of(new StoredBytes(bytes, true));
      }
      if (i > 0 && bytes.length == there && Arrays.equals(bytes, before)) {
        damaged.add(digest);
        return Optional.of(new StoredBytes(bytes, false));
      }
      before = bytes;
    }
    throw workspace.blobs().unsettled(digest);
  }

  /** Reads no more than it takes to see that there are too many: anybody may have stored them. */
  private byte[] bytes(Digest digest) throws IOException {
    try (InputStream in = workspace.blobs().stream(digest).open()) {
      return in.readNBytes(most(digest));
    }
  }

  private static int most(Digest digest) {
    return (int) Math.min(digest.size(), MOST - 1) + 1;
  }

  private void record(Recomputation found, Instant started, Map<String, Blob> outputs) {
    RecordedAction action = found.action();
    SortedMap<String, String> environment =
        new TreeMap<>(Preimages.of(trainer).environment(action.node().stage()));
    try {
      if (found.result() == VerificationResult.REPRODUCED) {
        workspace.trust().vouch(action.preimage().key(), action.manifest());
      }
      if (found.result() == VerificationResult.DIFFERS) {
        for (Map.Entry<String, Blob> output : outputs.entrySet()) {
          if (!output
              .getValue()
              .digest()
              .equals(action.manifest().outputs().get(output.getKey()))) {
            workspace.verifications().keep(action.preimage().key(), output.getValue());
          }
        }
      }
      workspace
          .verifications()
          .append(
              new VerificationRecord(
                  action.preimage().key(),
                  action.manifest().blob().digest(),
                  found.result(),
                  found.outputs(),
                  found.differences().stream().map(OutputDifference::facts).toList(),
                  Optional.empty(),
                  environment,
                  machine,
                  programVersion,
                  id,
                  started,
                  found.elapsed()));
    } catch (IOException e) {
      // A store that can only be read is no reason not to tell what came out.
      unrecorded.add(String.valueOf(e.getMessage()));
    }
  }
}
