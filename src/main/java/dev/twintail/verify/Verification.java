package dev.twintail.verify;

import dev.twintail.action.Manifest;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.model.Trainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.LockFile;
import dev.twintail.record.Machine;
import dev.twintail.record.Verdict;
import dev.twintail.record.VerificationRecord;
import dev.twintail.stage.OutputDifference;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Computes recorded actions again and compares what comes out with what is recorded, byte for byte.
 * The action cache answers nothing here: each action reads the blobs that its recorded inputs name,
 * is computed, and its outputs are hashed. Actions do not wait for each other.
 *
 * <p>The recorded outputs stay as they are. What came out instead is kept beside them and never
 * served.
 */
public final class Verification {
  private final Workspace workspace;
  private final Trainer trainer;
  private final int workers;
  private final String id;
  private final String programVersion;
  private final Listener listener;
  private final Machine machine = Machine.current();
  private final Set<Digest> damaged = Collections.synchronizedSet(new TreeSet<>());
  private final List<String> unrecorded = Collections.synchronizedList(new ArrayList<>());

  /** Hears how a verification goes on. Called by several threads at once. */
  @FunctionalInterface
  public interface Listener {
    void verified(Finding finding);
  }

  /**
   * What was found of one action.
   *
   * @param differences of each output whose bytes are not those that came out
   * @param reason one line if the action could not be computed, else empty
   * @param outputs what came out, by name; empty if nothing was computed
   */
  public record Finding(
      RecordedAction action,
      Verdict verdict,
      List<OutputDifference> differences,
      String reason,
      SortedMap<String, Digest> outputs,
      Duration elapsed) {
    public Finding {
      differences = List.copyOf(differences);
      outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }

    private static Finding notComputed(RecordedAction action, Verdict verdict, String reason) {
      return new Finding(
          action, verdict, List.of(), reason, Collections.emptySortedMap(), Duration.ZERO);
    }

    /** Returns one line for each thing that is wrong; none if the action was reproduced. */
    public List<String> details() {
      return reason.isEmpty()
          ? differences.stream().map(OutputDifference::text).toList()
          : List.of(reason);
    }
  }

  /**
   * What was found.
   *
   * @param findings one a action, in their order
   * @param unrecorded why findings could not be recorded in the store, one line each
   */
  public record Report(List<Finding> findings, List<String> unrecorded) {
    public Report {
      findings = List.copyOf(findings);
      unrecorded = List.copyOf(unrecorded);
    }

    /** Returns what came out of the actions that were computed, as a lock file has it. */
    public Map<Graph.Node, LockFile.Entry> outputs() {
      Map<Graph.Node, LockFile.Entry> outputs = new LinkedHashMap<>();
      for (Finding finding : findings) {
        if (!finding.outputs().isEmpty()) {
          RecordedAction action = finding.action();
          outputs.put(
              action.node(), new LockFile.Entry(action.preimage().key(), finding.outputs()));
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
      Listener listener) {
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
   * @throws Exception what the first action that failed threw, or what the store throws
   */
  public Report verify(Collection<RecordedAction> actions) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    List<Finding> findings = new ArrayList<>();
    try {
      List<Future<Finding>> pending = new ArrayList<>();
      for (RecordedAction action : actions) {
        pending.add(pool.submit(() -> verify(action)));
      }
      for (Future<Finding> finding : pending) {
        findings.add(finding.get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    } finally {
      pool.shutdownNow();
    }
    // Put aside only now: others compared with these bytes, or told that they cannot be read.
    for (Digest digest : List.copyOf(damaged)) {
      workspace.blobs().verify(digest);
    }
    return new Report(findings, List.copyOf(new TreeSet<>(unrecorded)));
  }

  private Finding verify(RecordedAction action) throws Exception {
    Finding finding = find(action);
    listener.verified(finding);
    return finding;
  }

  private Finding find(RecordedAction action) throws Exception {
    if (!action.otherEnvironment().isEmpty()) {
      return Finding.notComputed(
          action, Verdict.ENVIRONMENT_DIFFERS, String.join("; ", action.otherEnvironment()));
    }
    if (action.otherVersion().isPresent()) {
      return Finding.notComputed(action, Verdict.NOT_VERIFIABLE, action.otherVersion().get());
    }
    Map<String, byte[]> inputs = new HashMap<>();
    for (Map.Entry<String, Digest> input : new TreeMap<>(action.inputs()).entrySet()) {
      Optional<Stored> stored = read(input.getValue());
      if (stored.isEmpty() || !stored.get().intact()) {
        return Finding.notComputed(
            action,
            Verdict.NOT_VERIFIABLE,
            "input " + input.getKey() + " " + lost(stored, input.getValue()));
      }
      inputs.put(input.getKey(), stored.get().bytes());
    }
    Map<String, byte[]> recorded = new HashMap<>();
    boolean intact = true;
    for (Map.Entry<String, Digest> output : action.manifest().outputs().entrySet()) {
      Optional<Stored> stored = read(output.getValue());
      if (stored.isEmpty()) {
        return Finding.notComputed(
            action,
            Verdict.NOT_VERIFIABLE,
            "output " + output.getKey() + " " + lost(stored, output.getValue()));
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
      return Finding.notComputed(
          action, Verdict.NOT_VERIFIABLE, "nothing came out, for it failed: " + e.getMessage());
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    SortedMap<String, Digest> digests = new TreeMap<>();
    outputs.forEach((name, blob) -> digests.put(name, blob.digest()));
    Verdict verdict =
        !Manifest.of(digests).equals(action.manifest())
            ? Verdict.DIFFERS
            : intact ? Verdict.REPRODUCED : Verdict.DAMAGED;
    Finding finding =
        new Finding(action, verdict, differences(action, recorded, outputs), "", digests, elapsed);
    record(finding, started, outputs);
    return finding;
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
        String none = "nothing";
        differences.add(
            new OutputDifference(
                name,
                "the whole",
                before == null ? none : before.length + " bytes",
                now == null ? none : now.digest().size() + " bytes",
                "one of them has no such output"));
      } else if (!Digest.of(before).equals(now.digest())) {
        differences.add(OutputDifference.of(name, before, now.bytes()));
      }
    }
    return differences;
  }

  /** The bytes of a stored blob, and whether they are those of its name. */
  @SuppressWarnings("ArrayRecordComponent") // Private and never compared.
  private record Stored(byte[] bytes, boolean intact) {}

  /** Reads a blob whatever its bytes are; empty if there is none. */
  private Optional<Stored> read(Digest digest) throws IOException {
    Optional<Digest> found = workspace.blobs().find(digest.sha256());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = workspace.blobs().stream(digest).bytes();
    if (!Digest.of(bytes).equals(digest)) {
      // What was damaged on its way only is whole the second time.
      bytes = workspace.blobs().stream(digest).bytes();
    }
    boolean intact = Digest.of(bytes).equals(digest);
    if (!intact) {
      damaged.add(digest);
    }
    return Optional.of(new Stored(bytes, intact));
  }

  private static String lost(Optional<Stored> stored, Digest digest) {
    return "("
        + digest.abbreviated()
        + "…) is "
        + (stored.isEmpty() ? "missing" : "damaged")
        + "; make it anew with: twintail run";
  }

  private void record(Finding finding, Instant started, Map<String, Blob> outputs) {
    RecordedAction action = finding.action();
    SortedMap<String, String> environment = new TreeMap<>();
    if (action.node().stage().name().usesNativeMath()) {
      trainer.environment().forEach(f -> environment.put(f.name(), f.value()));
    }
    try {
      if (finding.verdict() == Verdict.REPRODUCED) {
        workspace.trust().vouch(action.preimage().key(), action.manifest());
      }
      if (finding.verdict() == Verdict.DIFFERS) {
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
                  finding.verdict(),
                  finding.outputs(),
                  finding.details(),
                  environment,
                  machine,
                  programVersion,
                  id,
                  started,
                  finding.elapsed()));
    } catch (IOException e) {
      // A store that can only be read is no reason not to tell what came out.
      unrecorded.add(String.valueOf(e.getMessage()));
    }
  }
}
