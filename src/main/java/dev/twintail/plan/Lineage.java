package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.concurrent.Parallel;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Where a blob comes from, up to its sources, and what was made of it: actions with the blobs that
 * they read and put out.
 *
 * @param blobs the SHA-256 of those that were asked for
 * @param up the actions above, by key
 * @param down the actions below, by key
 */
public record Lineage(
    Set<String> blobs, SortedMap<ActionKey, Action> up, SortedMap<ActionKey, Action> down) {

  /**
   * One recorded action.
   *
   * @param inputs SHA-256 by role
   * @param outputs SHA-256 by name
   */
  public record Action(
      ActionKey key,
      String stage,
      SortedMap<String, String> inputs,
      SortedMap<String, String> outputs) {}

  public Lineage {
    blobs = Collections.unmodifiableSet(new TreeSet<>(blobs));
    up = Collections.unmodifiableSortedMap(new TreeMap<>(up));
    down = Collections.unmodifiableSortedMap(new TreeMap<>(down));
  }

  /** Returns the actions above and below, by key. */
  public List<Action> actions() {
    SortedMap<ActionKey, Action> all = new TreeMap<>(up);
    all.putAll(down);
    return List.copyOf(all.values());
  }

  /**
   * Finds the lineage of the blobs, or of an action's outputs, whose name starts so. Reads every
   * manifest and preimage of the store.
   *
   * @param prefix the first digits of a SHA-256 or of an action key
   * @return empty if no blob and no action starts so
   */
  public static Optional<Lineage> of(String prefix, Workspace workspace)
      throws IOException, InterruptedException {
    List<Action> all = actions(workspace);
    Set<String> named = new TreeSet<>();
    for (Action action : all) {
      if (action.key().sha256().startsWith(prefix)) {
        named.addAll(action.outputs().values());
      }
      for (Map<String, String> part : List.of(action.inputs(), action.outputs())) {
        part.values().stream().filter(d -> d.startsWith(prefix)).forEach(named::add);
      }
    }
    if (named.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<ActionKey, Action> up = new TreeMap<>();
    Deque<String> wanted = new ArrayDeque<>(named);
    Map<String, List<Action>> makers = index(all, Action::outputs);
    while (!wanted.isEmpty()) {
      for (Action action : makers.getOrDefault(wanted.remove(), List.of())) {
        if (up.put(action.key(), action) == null) {
          wanted.addAll(action.inputs().values());
        }
      }
    }
    SortedMap<ActionKey, Action> down = new TreeMap<>();
    Deque<String> used = new ArrayDeque<>(named);
    Map<String, List<Action>> readers = index(all, Action::inputs);
    while (!used.isEmpty()) {
      for (Action action : readers.getOrDefault(used.remove(), List.of())) {
        if (down.put(action.key(), action) == null) {
          used.addAll(action.outputs().values());
        }
      }
    }
    return Optional.of(new Lineage(named, up, down));
  }

  private static Map<String, List<Action>> index(
      List<Action> actions, Function<Action, SortedMap<String, String>> part) {
    Map<String, List<Action>> index = new TreeMap<>();
    for (Action action : actions) {
      for (String digest : new TreeSet<>(part.apply(action).values())) {
        index.computeIfAbsent(digest, d -> new ArrayList<>()).add(action);
      }
    }
    return index;
  }

  private static List<Action> actions(Workspace workspace)
      throws IOException, InterruptedException {
    List<ActionKey> keys = new ArrayList<>();
    workspace.cache().list(keys::add);
    Map<ActionKey, Action> found = new ConcurrentHashMap<>();
    Parallel.forEach(
        keys,
        workspace.objects().parallelism(),
        key -> action(key, workspace).ifPresent(action -> found.put(key, action)));
    return List.copyOf(new TreeMap<>(found).values());
  }

  private static Optional<Action> action(ActionKey key, Workspace workspace) throws IOException {
    Optional<Manifest> manifest = workspace.cache().lookup(key);
    Optional<Preimage> preimage;
    try {
      preimage = workspace.cache().preimage(key);
    } catch (MalformedException e) {
      preimage = Optional.empty();
    }
    if (manifest.isEmpty() || preimage.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, String> inputs = new TreeMap<>();
    for (Preimage.Field field : preimage.get().fields()) {
      if (field.kind() == Preimage.Kind.INPUT) {
        inputs.put(field.name(), field.sha256());
      }
    }
    SortedMap<String, String> outputs = new TreeMap<>();
    manifest.get().outputs().forEach((name, digest) -> outputs.put(name, digest.sha256()));
    return Optional.of(new Action(key, preimage.get().stage(), inputs, outputs));
  }
}
