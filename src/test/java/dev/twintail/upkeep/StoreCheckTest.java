package dev.twintail.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionKey;
import dev.twintail.action.Workout;
import dev.twintail.blob.Blob;
import dev.twintail.record.RunLog;
import dev.twintail.record.VerificationLog;
import dev.twintail.stage.OutputFormats;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreException;
import dev.twintail.trust.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreCheckTest {
  private final MemoryObjectStore objects = new MemoryObjectStore();

  @BeforeEach
  void fill(@TempDir Path folder) throws Exception {
    OfEachKind.fill(objects, folder);
  }

  @Test
  void check_recordsOfEachKind_areRead() throws Exception {
    StoreCheck.StoreCheckReport report = check(objects);

    assertThat(report.problems()).isEmpty();
    assertThat(report.records()).isEqualTo(RecordKind.values().length);
  }

  @ParameterizedTest
  @EnumSource
  void check_recordCut_isTold(RecordKind kind) throws Exception {
    String name = OfEachKind.name(objects, kind);
    OfEachKind.truncate(objects, name, 20);

    assertThat(check(objects).problems())
        .singleElement()
        .asString()
        .startsWith(name + " is damaged and tells nothing (Cannot read ")
        .contains("); pull it from a store that has it");
  }

  @Test
  void check_folderOrLinkInThePlaceOfAnObject_isTold(@TempDir Path folder) throws Exception {
    Path root = folder.resolve("store");
    ObjectStore store = LocalObjectStore.open(root);
    new Workout(store, 1).run();
    List<String> names = new ArrayList<>();
    store.list("ac/", entry -> names.add(entry.name()));
    store.list(BlobStore.FOLDER, entry -> names.add(entry.name()));
    String manifest = names.get(0);
    String blob = names.get(names.size() - 1);
    Files.delete(root.resolve(manifest));
    Files.createDirectory(root.resolve(manifest));
    Files.move(root.resolve(blob), folder.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve(blob), folder.resolve("elsewhere"));

    assertThat(check(store).problems())
        .contains(
            manifest + " is no plain file, so that a run cannot write it; take it away",
            blob + " is no plain file, so that a run cannot write it; take it away");
  }

  @ParameterizedTest
  @EnumSource
  void check_recordThatMayNotBeRead_isTold(RecordKind kind) throws Exception {
    String denied = OfEachKind.name(objects, kind);
    ObjectStore store =
        new ForwardingObjectStore(objects) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            if (name.equals(denied)) {
              throw new StoreException(
                  StoreException.StoreFault.READ_DENIED, "Cannot read " + name, null);
            }
            return super.open(name);
          }
        };

    assertThat(check(store).problems()).containsExactly("Cannot read " + denied);
  }

  @Test
  void check_recordInThePlaceOfAnother_isTold() throws Exception {
    new RunLog(objects).append(OfEachKind.run("v"));
    byte[] other;
    try (InputStream in = objects.open("runs/v.json").orElseThrow()) {
      other = in.readAllBytes();
    }
    objects.create("runs/w.json", Blob.of(other));

    assertThat(check(objects).problems())
        .singleElement()
        .asString()
        .contains("Cannot read runs/w.json: it is the record of runs/v.json");
  }

  @Test
  void find_verificationCut_isTold() throws Exception {
    String name = OfEachKind.name(objects, RecordKind.VERIFICATION);
    OfEachKind.truncate(objects, name, 20);
    List<String> events = new ArrayList<>();
    ActionKey key = new ActionKey(name.split("/", -1)[2]);

    assertThat(new VerificationLog(objects, Trust.everybody(), events::add).find(List.of(key)))
        .isEmpty();

    assertThat(events)
        .singleElement()
        .asString()
        .startsWith("Verification " + name + " is damaged and does not count (");
  }

  private static StoreCheck.StoreCheckReport check(ObjectStore store) throws Exception {
    return new StoreCheck(store, (done, total, bytes) -> {}, OutputFormats::fault).checkAll();
  }
}
