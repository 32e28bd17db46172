package dev.twintail.cli;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Manifest;
import dev.twintail.action.ManifestPacks;
import dev.twintail.blob.Digest;
import dev.twintail.model.Safetensors;
import dev.twintail.model.Weights;
import dev.twintail.store.BlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Does to a store's folder what an attacker or a rotten disk would. */
record PoisonedStore(Path folder) {
  static final String WEIGHTS = "weights.safetensors";

  private Path manifest(ActionKey key) {
    return folder.resolve("ac").resolve(key.sha256().substring(0, 2)).resolve(key.sha256());
  }

  Path blob(Digest digest) {
    return folder.resolve(BlobStore.nameOf(digest));
  }

  /** Returns what the store says that an action put out. */
  Manifest read(ActionKey key) throws IOException {
    return Manifest.parse(Files.readAllBytes(manifest(key)));
  }

  /** Stores other bytes under their own digest and makes the manifest name them, consistently. */
  void replace(ActionKey key, String output, byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    Files.createDirectories(blob(digest).getParent());
    Files.write(blob(digest), bytes);
    TreeMap<String, Digest> outputs = new TreeMap<>(read(key).outputs());
    outputs.put(output, digest);
    Files.delete(manifest(key));
    Files.write(manifest(key), Manifest.of(outputs).bytes());
  }

  /** Deletes the copies of manifests that runs leave. */
  void deletePacks() throws IOException {
    try (Stream<Path> packs = Files.list(folder.resolve(ManifestPacks.FOLDER))) {
      for (Path pack : packs.toList()) {
        Files.delete(pack);
      }
    }
  }

  /** Returns an action's weights with the lowest bit of one value flipped. */
  byte[] flipped(ActionKey key, String tensor, int index) throws IOException {
    byte[] file = Files.readAllBytes(blob(read(key).output(WEIGHTS)));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = Long.BYTES + (int) bytes.getLong(0);
    for (Weights.Tensor each : Safetensors.decode(file).tensors()) {
      if (each.name().equals(tensor)) {
        at += index * Float.BYTES;
        bytes.put(at, (byte) (bytes.get(at) ^ 1));
        return file;
      }
      at += each.values().length * Float.BYTES;
    }
    throw new IllegalArgumentException("There is no tensor " + tensor);
  }
}
