package dev.twintail.upkeep;

import dev.twintail.action.ActionKey;
import dev.twintail.action.MalformedException;
import dev.twintail.action.ManifestPacks;
import dev.twintail.action.SmallObjects;
import dev.twintail.record.Attempt;
import dev.twintail.record.AttemptLog;
import dev.twintail.record.Provenance;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import dev.twintail.record.VerificationRecord;
import dev.twintail.store.ObjectStore;
import dev.twintail.trust.Trust;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** What is kept beside manifests and blobs, each kind in a folder of its own. */
enum RecordKind {
  RUN(RunLog.FOLDER, SmallObjects.RUN) {
    @Override
    void require(String name, byte[] bytes) throws MalformedException {
      requireName(name, RunLog.FOLDER + RunRecord.parse(bytes).id() + ".json");
    }
  },
  ATTEMPT(AttemptLog.FOLDER, SmallObjects.RECORD) {
    @Override
    void require(String name, byte[] bytes) throws MalformedException {
      requireName(name, AttemptLog.FOLDER + Attempt.parse(bytes).id() + ".json");
    }
  },
  PACK(ManifestPacks.FOLDER, SmallObjects.RUN) {
    @Override
    void require(String name, byte[] bytes) throws MalformedException {
      ManifestPacks.requireWhole(bytes);
    }
  },
  PROVENANCE("provenance/", SmallObjects.RECORD) {
    @Override
    void require(String name, byte[] bytes) throws MalformedException {
      ActionKey key = Provenance.parse(bytes).key();
      String last = name.substring(name.lastIndexOf('/') + 1);
      requireName(name, key.nameIn("provenance") + "/" + last);
    }
  },
  VERIFICATION("verifications/", SmallObjects.RECORD) {
    @Override
    void require(String name, byte[] bytes) throws MalformedException {
      VerificationRecord record = VerificationRecord.parse(bytes);
      requireName(
          name, record.key().nameIn("verifications") + "/" + record.verification() + ".json");
    }
  },
  SIGNATURE("signatures/", SmallObjects.RECORD) {
    @Override
    void require(String name, byte[] bytes) throws MalformedException {
      Trust.requireSignature(bytes);
    }
  };

  private final String folder;
  private final int most;

  RecordKind(String folder, int most) {
    this.folder = folder;
    this.most = most;
  }

  /** Returns what the object must be, if it is a record by its name. */
  static Optional<RecordKind> of(String name) {
    return Arrays.stream(values()).filter(kind -> name.startsWith(kind.folder)).findFirst();
  }

  /** Returns what the names of these records start with. */
  String folder() {
    return folder;
  }

  /** Returns how many bytes such a record may have. */
  int most() {
    return most;
  }

  /**
   * Makes sure that these are the bytes of a record of this kind and name.
   *
   * @throws MalformedException if they are not
   */
  abstract void require(String name, byte[] bytes) throws MalformedException;

  /**
   * Returns the bytes of a record, or empty if there is none.
   *
   * @throws MalformedException if it is damaged in the store
   */
  Optional<byte[]> read(ObjectStore objects, String name) throws IOException {
    return SmallObjects.parse(
        objects,
        name,
        most,
        bytes -> {
          require(name, bytes);
          return bytes;
        });
  }

  private static void requireName(String name, String expected) throws MalformedException {
    if (!name.equals(expected)) {
      throw new MalformedException(
          "Cannot read " + name + ": it is the record of " + ObjectStore.printable(expected));
    }
  }
}
