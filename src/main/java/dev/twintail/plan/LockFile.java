package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.blob.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
  private static final String SUFFIX = ".lock";

  private final SortedMap<String, String> environment;
  private final SortedMap<ActionName, Entry> entries;

  /**
   * One action.
   *
   * @param outputs digests by name
   */
  public record Entry(ActionKey key, SortedMap<String, Digest> outputs) {
    public Entry {
      outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }
  }

  /** Which actions of a lock a plan must have. */
  public enum Scope {
    /** All of them: the plan is of the whole experiment. */
    WHOLE,
    /** Those that it has: it is of some models or rounds. */
    PART
  }

  /**
   * What came out otherwise.
   *
   * @param action whose output it is
   * @param text one line that tells what differs
   */
  public record Difference(ActionName action, String text) {}

  private LockFile(SortedMap<String, String> environment, SortedMap<ActionName, Entry> entries) {
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

  private static SortedMap<ActionName, Entry> entries(Plan plan) {
    SortedMap<ActionName, Entry> entries = new TreeMap<>(ActionName.ORDER);
    for (Graph.Node node : plan.graph().nodes()) {
      plan.known(node)
          .ifPresent(
              known -> {
                for (String model : node.models()) {
                  entries.put(
                      ActionName.of(node, model),
                      new Entry(known.key(), known.manifest().outputs()));
                }
              });
    }
    return entries;
  }

  /** Returns where the lock of a spec is: {@code NAME.lock} beside {@code NAME.yaml}. */
  public static Path beside(Path spec) {
    String name = String.valueOf(spec.getFileName());
    int dot = name.lastIndexOf('.');
    return spec.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + SUFFIX);
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
    return parse(Files.readString(file), file.toString());
  }

  static LockFile parse(String text, String where) throws MalformedException {
    SortedMap<String, String> environment = new TreeMap<>();
    SortedMap<ActionName, Entry> entries = new TreeMap<>(ActionName.ORDER);
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
      throw new MalformedException("Cannot read " + where + ": its first line is not " + FORMAT);
    }
    int i = 1;
    try {
      while (i < lines.size()) {
        List<String> cells = List.of(lines.get(i).split(" ", 3));
        if (cells.get(0).equals("environment")) {
          environment.put(cells.get(1), cells.get(2));
          i++;
        } else if (cells.get(0).equals("action")) {
          ActionName name = ActionName.parse(cells.get(1));
          ActionKey key = new ActionKey(cells.get(2));
          SortedMap<String, Digest> outputs = new TreeMap<>();
          for (i++; i < lines.size() && lines.get(i).startsWith("  "); i++) {
            List<String> output = List.of(lines.get(i).strip().split(" ", -1));
            outputs.put(output.get(0), new Digest(output.get(1), Long.parseLong(output.get(2))));
          }
          if (outputs.isEmpty() || entries.put(name, new Entry(key, outputs)) != null) {
            throw new IllegalArgumentException("an action without outputs, or twice");
          }
        } else {
          throw new IllegalArgumentException("neither environment nor action");
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedException("Cannot read " + where + ": line " + (i + 1) + " is garbled", e);
    }
    return new LockFile(environment, entries);
  }

  /** Returns the text of the file. */
  public String text() {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    environment.forEach(
        (name, value) ->
            text.append("environment ").append(name).append(' ').append(value).append('\n'));
    entries.forEach(
        (name, entry) -> {
          text.append("action ").append(name).append(' ').append(entry.key()).append('\n');
          entry
              .outputs()
              .forEach(
                  (output, digest) ->
                      text.append("  ")
                          .append(output)
                          .append(' ')
                          .append(digest.sha256())
                          .append(' ')
                          .append(digest.size())
                          .append('\n'));
        });
    return text.toString();
  }

  /** Returns the actions, by stage, model and round. */
  public SortedMap<ActionName, Entry> entries() {
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
  public List<Difference> differences(Plan plan, Scope scope) {
    return differences(entries(plan), scope);
  }

  /** Compares with another lock of a whole experiment. */
  public List<Difference> differences(LockFile other) {
    return differences(other.entries, Scope.WHOLE);
  }

  /**
   * Compares with what came out of some actions. The results of a part are not compared.
   *
   * @param computed what each of them put out
   * @param scope of the experiment that the actions are of
   * @return what differs, in the order of the actions; empty if the lock holds for them
   */
  public List<Difference> differencesOf(Map<Graph.Node, Entry> computed, Scope scope) {
    Map<ActionName, Entry> found = new TreeMap<>(ActionName.ORDER);
    computed.forEach(
        (node, entry) ->
            node.models().forEach(model -> found.put(ActionName.of(node, model), entry)));
    if (scope == Scope.PART) {
      found.keySet().removeIf(name -> name.round() == 0);
    }
    return differences(found, found.keySet());
  }

  private List<Difference> differences(Map<ActionName, Entry> found, Scope scope) {
    Set<ActionName> names = new LinkedHashSet<>(found.keySet());
    if (scope == Scope.WHOLE) {
      names.addAll(entries.keySet());
    }
    if (scope == Scope.PART) {
      names.removeIf(name -> name.round() == 0);
    }
    return differences(found, names);
  }

  private List<Difference> differences(Map<ActionName, Entry> found, Set<ActionName> names) {
    List<Difference> differences = new ArrayList<>();
    for (ActionName name : names) {
      differences.addAll(differences(name, found.get(name)));
    }
    differences.sort((a, b) -> ActionName.ORDER.compare(a.action(), b.action()));
    return List.copyOf(differences);
  }

  /**
   * Compares one action's outputs with the locked ones.
   *
   * @param found what the action put out, or null if the experiment has no such action
   */
  private List<Difference> differences(ActionName name, @Nullable Entry found) {
    Entry locked = entries.get(name);
    if (locked == null) {
      return List.of(new Difference(name, name + ": is not in the lock"));
    }
    if (found == null) {
      return List.of(new Difference(name, name + ": is in the lock and no more in the experiment"));
    }
    List<Difference> differences = new ArrayList<>();
    Map<String, Digest> all = new LinkedHashMap<>(locked.outputs());
    all.putAll(found.outputs());
    for (String output : all.keySet()) {
      Digest before = locked.outputs().get(output);
      Digest now = found.outputs().get(output);
      if (before == null || !before.equals(now)) {
        differences.add(
            new Difference(
                name,
                name
                    + ": "
                    + output
                    + ": "
                    + shown(before)
                    + " → "
                    + shown(now)
                    + (locked.key().equals(found.key()) ? " (of the same key)" : "")));
      }
    }
    return differences;
  }

  private static String shown(@Nullable Digest digest) {
    return digest == null ? "nothing" : digest.abbreviated() + "…";
  }
}
