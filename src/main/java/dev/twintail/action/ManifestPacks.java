package dev.twintail.action;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Copies of many manifests in one object, {@code packs/<id of the run>}, so that a plan over a
 * distant store need not ask for each. Each run adds what it used and no pack that it looked into
 * holds.
 *
 * <p>A pack is a hint: it may lack what is recorded, and name what is gone. What it tells counts
 * for {@linkplain StoreSurvey looking}, never for reuse, and a pack that is damaged counts as
 * absent from there on.
 *
 * <p>The bytes are a line that names the format, and then for each action a line with its key and
 * the text of its {@link Manifest}, sorted by key.
 */
public final class ManifestPacks {
  public static final String FOLDER = "packs/";
  private static final byte[] FORMAT = "twintail-manifests 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "end ".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_CHARS = 64;

  /** From so many packs on, a run copies all that it used into its own, so that one is enough. */
  private static final int MANY = 16;

  private final ObjectStore objects;
  private final Map<ActionKey, ByteBuffer> known = new HashMap<>();
  private Deque<String> unread = new ArrayDeque<>();
  private boolean listed;
  private int read;

  public ManifestPacks(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * Returns the packed manifest of the action, from the newest pack that has it. Packs are read
   * when they are needed, newest first.
   */
  public Optional<Manifest> find(ActionKey key) throws IOException {
    ByteBuffer slice;
    synchronized (this) {
      if (!listed) {
        list();
      }
      slice = known.get(key);
      while (slice == null && !unread.isEmpty()) {
        readNext();
        slice = known.get(key);
      }
    }
    return slice == null ? Optional.empty() : parse(slice);
  }

  private static Optional<Manifest> parse(ByteBuffer slice) {
    byte[] bytes = new byte[slice.capacity()];
    slice.duplicate().get(bytes);
    try {
      return Optional.of(Manifest.parse(bytes));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /**
   * Packs what no pack has yet; nothing, if all of it is packed.
   *
   * @param run names the pack
   * @param used the manifests that a run used or made
   */
  public void add(String run, Map<ActionKey, Manifest> used) throws IOException {
    SortedMap<ActionKey, Manifest> missing = new TreeMap<>();
    for (Map.Entry<ActionKey, Manifest> entry : used.entrySet()) {
      if (!find(entry.getKey()).equals(Optional.of(entry.getValue()))) {
        missing.put(entry.getKey(), entry.getValue());
      }
    }
    if (!missing.isEmpty()) {
      objects.create(FOLDER + run, pack(read >= MANY ? new TreeMap<>(used) : missing));
    }
  }

  private static Blob pack(SortedMap<ActionKey, Manifest> manifests) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(FORMAT);
    manifests.forEach(
        (key, manifest) -> {
          bytes.writeBytes((key.sha256() + "\n").getBytes(StandardCharsets.US_ASCII));
          bytes.writeBytes(manifest.bytes());
        });
    return Blob.of(bytes.toByteArray());
  }

  private void list() throws IOException {
    List<String> names = new ArrayList<>();
    objects.list(FOLDER, entry -> names.add(entry.name()));
    Collections.reverse(names);
    unread = new ArrayDeque<>(names);
    listed = true;
  }

  private void readNext() throws IOException {
    Optional<Map<ActionKey, ByteBuffer>> texts = texts(objects, unread.removeFirst());
    if (texts.isPresent()) {
      read++;
      texts.get().forEach(known::putIfAbsent);
    }
  }

  /**
   * Tells of actions whose own manifest is not the one that a pack has of them: one of the two was
   * altered, or is that of another action.
   *
   * @param packs the names of those to compare with
   * @param recorded the manifests in their places
   * @param differs hears of an action and the name of the pack
   */
  public static void compare(
      ObjectStore objects,
      List<String> packs,
      Map<ActionKey, Manifest> recorded,
      BiConsumer<ActionKey, String> differs)
      throws IOException {
    for (String name : packs) {
      texts(objects, name)
          .orElse(Map.of())
          .forEach(
              (key, text) -> {
                Optional<Manifest> packed = parse(text);
                Manifest own = recorded.get(key);
                if (packed.isPresent() && own != null && !packed.get().equals(own)) {
                  differs.accept(key, name);
                }
              });
    }
  }

  /** Returns the texts of the manifests in a pack, if it is there and not too large to be one. */
  private static Optional<Map<ActionKey, ByteBuffer>> texts(ObjectStore objects, String name)
      throws IOException {
    try {
      return SmallObjects.read(objects, name, SmallObjects.RUN).map(ManifestPacks::texts);
    } catch (MalformedException e) {
      return Optional.empty(); // A check of the store tells of it.
    }
  }

  /**
   * Makes sure that these bytes are a pack from its beginning to its end.
   *
   * @throws MalformedException if they are not
   */
  public static void requireWhole(byte[] pack) throws MalformedException {
    int end = FORMAT.length;
    for (ByteBuffer text : texts(pack).values()) {
      if (parse(text).isEmpty()) {
        throw new MalformedException("Cannot read pack: a manifest in it is garbled");
      }
      end += KEY_CHARS + 1 + text.capacity();
    }
    if (!matches(pack, 0, FORMAT) || end != pack.length) {
      throw new MalformedException("Cannot read pack: it is cut or garbled");
    }
  }

  /** Returns the texts of the manifests in a pack, up to where it is damaged. */
  private static Map<ActionKey, ByteBuffer> texts(byte[] pack) {
    Map<ActionKey, ByteBuffer> texts = new HashMap<>();
    if (!matches(pack, 0, FORMAT)) {
      return texts;
    }
    int at = FORMAT.length;
    while (at + KEY_CHARS < pack.length) {
      String key = new String(pack, at, KEY_CHARS, StandardCharsets.US_ASCII);
      int start = at + KEY_CHARS + 1;
      int end = start;
      boolean last = false;
      while (end < pack.length && !last) {
        last = matches(pack, end, END);
        while (end < pack.length && pack[end] != '\n') {
          end++;
        }
        end++;
      }
      if (!last || end > pack.length || !Digest.isSha256(key)) {
        return texts;
      }
      texts.putIfAbsent(new ActionKey(key), ByteBuffer.wrap(pack, start, end - start).slice());
      at = end;
    }
    return texts;
  }

  private static boolean matches(byte[] bytes, int at, byte[] expected) {
    return at + expected.length <= bytes.length
        && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
  }
}
