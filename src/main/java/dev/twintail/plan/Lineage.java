package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.blob.Digest;
import dev.twintail.concurrent.Parallel;
import dev.twintail.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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
 * @param blobs those that were asked for
 * @param up the actions above, by key
 * @param down the actions below, by key
 * @param unreadable recorded actions whose manifest or preimage is missing or damaged; what they
 *     read and put out is not known
 */
public record Lineage(
    NavigableSet<Digest> blobs,
    SortedMap<ActionKey, Action> up,
    SortedMap<ActionKey, Action> down,
    NavigableSet<ActionKey> unreadable) {

  /**
   * One recorded action.
   *
   * @param inputs by role
   * @param outputs by name
   */
  public record Action(
      ActionKey key,
      String stage,
      SortedMap<String, Digest> inputs,
      SortedMap<String, Digest> outputs) {}

  public Lineage {
    blobs = Collections.unmodifiableNavigableSet(new TreeSet<>(blobs));
    up = Collections.unmodifiableSortedMap(new TreeMap<>(up));
    down = Collections.unmodifiableSortedMap(new TreeMap<>(down));
    unreadable = Collections.unmodifiableNavigableSet(new TreeSet<>(unreadable));
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
   * @param prefixes first digits of SHA-256 or of action keys
   * @param depth how many actions in a row are followed, up and down
   * @return empty if no blob and no action starts with one of them
   */
  public static Optional<Lineage> of(Collection<String> prefixes, int depth, Workspace workspace)
      throws IOException, InterruptedException {
    Set<ActionKey> unreadable = ConcurrentHashMap.newKeySet();
    List<Action> all = actions(workspace, unreadable);
    NavigableSet<Digest> named = new TreeSet<>();
    for (Action action : all) {
      if (startsWithOneOf(prefixes, action.key().sha256())) {
        named.addAll(action.outputs().values());
      }
      for (Map<String, Digest> part : List.of(action.inputs(), action.outputs())) {
        part.values().stream()
            .filter(d -> startsWithOneOf(prefixes, d.sha256()))
            .forEach(named::add);
      }
    }
    if (named.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<ActionKey, Action> up =
        follow(named, index(all, Action::outputs), Action::inputs, depth);
    SortedMap<ActionKey, Action> down =
        follow(named, index(all, Action::inputs), Action::outputs, depth);
    return Optional.of(new Lineage(named, up, down, new TreeSet<>(unreadable)));
  }

  /**
   * Returns the actions that are met on the way from blobs to blobs.
   *
   * @param nearest the actions next to a blob
   * @param farther the blobs on the other side of an action
   * @param depth how many actions in a row at most
   */
  private static SortedMap<ActionKey, Action> follow(
      Collection<Digest> from,
      Map<Digest, List<Action>> nearest,
      Function<Action, SortedMap<String, Digest>> farther,
      int depth) {
    SortedMap<ActionKey, Action> met = new TreeMap<>();
    Collection<Digest> front = from;
    for (int step = 0; step < depth && !front.isEmpty(); step++) {
      List<Digest> next = new ArrayList<>();
      for (Digest digest : front) {
        for (Action action : nearest.getOrDefault(digest, List.of())) {
          if (met.put(action.key(), action) == null) {
            next.addAll(farther.apply(action).values());
          }
        }
      }
      front = next;
    }
    return met;
  }

  private static boolean startsWithOneOf(Collection<String> prefixes, String sha256) {
    return prefixes.stream().anyMatch(sha256::startsWith);
  }

  private static Map<Digest, List<Action>> index(
      List<Action> actions, Function<Action, SortedMap<String, Digest>> part) {
    Map<Digest, List<Action>> index = new TreeMap<>();
    for (Action action : actions) {
      for (Digest digest : new TreeSet<>(part.apply(action).values())) {
        index.computeIfAbsent(digest, d -> new ArrayList<>()).add(action);
      }
    }
    return index;
  }

  private static List<Action> actions(Workspace workspace, Set<ActionKey> unreadable)
      throws IOException, InterruptedException {
    List<ActionKey> keys = new ArrayList<>();
    workspace.cache().list(keys::add);
    Map<ActionKey, Action> found = new ConcurrentHashMap<>();
    Parallel.forEach(
        keys,
        workspace.objects().parallelism(),
        key ->
            action(key, workspace)
                .ifPresentOrElse(action -> found.put(key, action), () -> unreadable.add(key)));
    return List.copyOf(new TreeMap<>(found).values());
  }

  private static Optional<Action> action(ActionKey key, Workspace workspace) throws IOException {
    Optional<Manifest> manifest;
    Optional<Preimage> preimage;
    try {
      manifest = workspace.cache().lookup(key);
      preimage = workspace.cache().preimage(key);
    } catch (MalformedException e) {
      return Optional.empty();
    }
    if (manifest.isEmpty() || preimage.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Digest> inputs = new TreeMap<>();
    for (Preimage.Field field : preimage.get().fields()) {
      if (field.kind() == Preimage.FieldKind.INPUT) {
        Optional<Digest> digest = field.digest();
        if (digest.isEmpty()) {
          return Optional.empty();
        }
        inputs.put(field.name(), digest.get());
      }
    }
    return Optional.of(
        new Action(key, preimage.get().stage(), inputs, new TreeMap<>(manifest.get().outputs())));
  }
}
