package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import dev.twintail.action.MalformedException;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bits of an experiment, to be kept beside its spec: each action with its key and the digests
 * of what it puts out. It holds no time, no host and no path, so the same bits give the same file.
 *
 * <p>The text is made for diffs. An action that models share stands there once for each, so that
 * adding a model changes no other line and a part of an experiment can be checked:
 *
 * <pre>
 * twintail-lock 1
 * environment blas.kernels Haswell
 * action train-siamese/ConvAux/3 0b47…
 *   curves.arrow 5891… 1234
 *   weights.safetensors 03ba… 290000
 * </pre>
 */
public final class LockFile {
  private static final String FORMAT = "twintail-lock 1";

  /** How its name ends. */
  public static final String SUFFIX = ".lock";

  private final SortedMap<String, String> environment;
  private final SortedMap<ActionName, LockedAction> entries;

  /**
   * One action.
   *
   * @param outputs digests by name
   */
  public record LockedAction(ActionKey key, SortedMap<String, Digest> outputs) {
    public LockedAction {
      outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }
  }

  /** Which actions of a lock a plan must have. */
  public enum Coverage {
    /** All of them: the plan is of the whole experiment. */
    WHOLE,
    /** Those that it has: it is of some models or rounds. */
    PART
  }

  private LockFile(
      SortedMap<String, String> environment, SortedMap<ActionName, LockedAction> entries) {
    this.environment = Collections.unmodifiableSortedMap(environment);
    this.entries = Collections.unmodifiableSortedMap(entries);
  }

  /**
   * Returns the lock of all known actions of a plan.
   *
   * @throws IllegalArgumentException if an action is pending
   */
  public static LockFile of(Plan plan) {
    if (!plan.pending().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot lock: " + plan.pending().size() + " actions are pending; run them first");
    }
    return new LockFile(new TreeMap<>(plan.environment()), entries(plan));
  }

  private static SortedMap<ActionName, LockedAction> entries(Plan plan) {
    SortedMap<ActionName, LockedAction> entries = new TreeMap<>();
    for (Graph.Node node : plan.graph().nodes()) {
      plan.known(node)
          .ifPresent(
              known -> {
                LockedAction action = new LockedAction(known.key(), known.manifest().outputs());
                node.names().forEach(name -> entries.put(name, action));
              });
    }
    return entries;
  }

  /** Returns the number of the last round that an action is of. */
  public int rounds() {
    return entries.keySet().stream().mapToInt(name -> name.round().orElse(0)).max().orElse(0);
  }

  /** Returns whether {@code file} is named like a lock. */
  public static boolean isNamedLike(Path file) {
    return file.toString().endsWith(SUFFIX);
  }

  /**
   * Reads a lock.
   *
   * @throws MalformedException if it is not one; tells the line
   */
  public static LockFile read(Path file) throws IOException {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (CharacterCodingException e) {
      throw new MalformedException("Cannot read " + file + ": not UTF-8 text", e);
    }
  }

  static LockFile parse(String text, String where) throws MalformedException {
    SortedMap<String, String> environment = new TreeMap<>();
    SortedMap<ActionName, LockedAction> entries = new TreeMap<>();
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
      throw new MalformedException("Cannot read " + where + ": its first line is not " + FORMAT);
    }
    int i = 1;
    int at = i;
    try {
      while (i < lines.size()) {
        at = i;
        List<String> cells = List.of(lines.get(i).split(" ", 3));
        if (cells.get(0).equals("environment")) {
          environment.put(cells.get(1), cells.get(2));
          i++;
        } else if (cells.get(0).equals("action")) {
          ActionName name = ActionName.parse(cells.get(1));
          ActionKey key = new ActionKey(cells.get(2));
          if (entries.containsKey(name)) {
            throw new MalformedException(
                "Cannot read " + where + ": line " + (at + 1) + ": " + name + " is there twice");
          }
          SortedMap<String, Digest> outputs = new TreeMap<>();
          for (i++; i < lines.size() && lines.get(i).startsWith("  "); i++) {
            at = i;
            List<String> output = List.of(lines.get(i).strip().split(" ", -1));
            outputs.put(output.get(0), new Digest(output.get(1), Long.parseLong(output.get(2))));
          }
          if (outputs.isEmpty()) {
            throw new IllegalArgumentException("an action without outputs");
          }
          entries.put(name, new LockedAction(key, outputs));
        } else {
          throw new IllegalArgumentException("neither environment nor action");
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException(
          "Cannot read " + where + ": line " + (at + 1) + " is garbled", e);
    }
    return new LockFile(environment, entries);
  }

  /** Returns the text of the file. */
  public String text() {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    environment.forEach((name, value) -> text.append("environment %s %s\n".formatted(name, value)));
    entries.forEach(
        (name, entry) -> {
          text.append("action %s %s\n".formatted(name, entry.key()));
          entry
              .outputs()
              .forEach(
                  (output, digest) ->
                      text.append(
                          "  %s %s %s\n".formatted(output, digest.sha256(), digest.size())));
        });
    return text.toString();
  }

  /** Returns the actions, by stage, model and round. */
  public SortedMap<ActionName, LockedAction> entries() {
    return entries;
  }

  /** Returns the numeric environment of the machine that made it, as keys hold it. */
  public SortedMap<String, String> environment() {
    return environment;
  }

  /** Returns the keys of all actions, such as a garbage collection needs. */
  public Set<ActionKey> keys() {
    Set<ActionKey> keys = new LinkedHashSet<>();
    entries.values().forEach(entry -> keys.add(entry.key()));
    return keys;
  }

  /**
   * Compares with what a plan knows: the bytes count, not the keys. The results of a part are those
   * of another table and are not compared.
   *
   * @return what differs, in the order of the actions; empty if the lock holds
   */
  public List<LockChange> differences(Plan plan, Coverage coverage) {
    return differences(entries(plan), coverage);
  }

  /** Compares with another lock of a whole experiment. */
  public List<LockChange> differences(LockFile other) {
    return differences(other.entries, Coverage.WHOLE);
  }

  /**
   * Compares with what came out of some actions. The results of a part are not compared.
   *
   * @param computed what each of them put out
   * @param coverage of the experiment that the actions are of
   * @return what differs, in the order of the actions; empty if the lock holds for them
   */
  public List<LockChange> differencesOf(Map<Graph.Node, LockedAction> computed, Coverage coverage) {
    Map<ActionName, LockedAction> found = new TreeMap<>();
    computed.forEach((node, action) -> node.names().forEach(name -> found.put(name, action)));
    if (coverage == Coverage.PART) {
      found.keySet().removeIf(name -> name.part().isEmpty());
    }
    return differences(found, found.keySet());
  }

  private List<LockChange> differences(Map<ActionName, LockedAction> found, Coverage coverage) {
    Set<ActionName> names = new LinkedHashSet<>(found.keySet());
    if (coverage == Coverage.WHOLE) {
      names.addAll(entries.keySet());
    }
    if (coverage == Coverage.PART) {
      names.removeIf(name -> name.part().isEmpty());
    }
    return differences(found, names);
  }

  private List<LockChange> differences(Map<ActionName, LockedAction> found, Set<ActionName> names) {
    List<LockChange> differences = new ArrayList<>();
    for (ActionName name : names) {
      differences.addAll(differences(name, found.get(name)));
    }
    differences.sort(Comparator.comparing(LockChange::action));
    return List.copyOf(differences);
  }

  /**
   * Compares one action's outputs with the locked ones.
   *
   * @param found what the action put out, or null if the experiment has no such action
   */
  private List<LockChange> differences(ActionName name, @Nullable LockedAction found) {
    LockedAction locked = entries.get(name);
    if (locked == null) {
      return List.of(new LockChange.NotLocked(name));
    }
    if (found == null) {
      return List.of(new LockChange.Gone(name));
    }
    List<LockChange> differences = new ArrayList<>();
    Map<String, Digest> all = new LinkedHashMap<>(locked.outputs());
    all.putAll(found.outputs());
    for (String output : all.keySet()) {
      Optional<Digest> before = Optional.ofNullable(locked.outputs().get(output));
      Optional<Digest> now = Optional.ofNullable(found.outputs().get(output));
      if (!before.equals(now)) {
        differences.add(
            new LockChange.OtherBytes(name, output, before, now, locked.key().equals(found.key())));
      }
    }
    return differences;
  }
}
