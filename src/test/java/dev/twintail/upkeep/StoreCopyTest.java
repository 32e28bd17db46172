package dev.twintail.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ActionCache;
import dev.twintail.action.ActionKey;
import dev.twintail.action.DyingObjectStore;
import dev.twintail.action.SmallObjects;
import dev.twintail.action.Workout;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.record.RunLog;
import dev.twintail.record.RunRecord;
import dev.twintail.stage.OutputFormats;
import dev.twintail.store.BlobStore;
import dev.twintail.store.ForwardingObjectStore;
import dev.twintail.store.LocalObjectStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreCopyTest {
  private static final int ACTIONS = 10;

  private final MemoryObjectStore from = new MemoryObjectStore();
  private final MemoryObjectStore to = new MemoryObjectStore();

  @BeforeEach
  void fill() throws Exception {
    new Workout(from, ACTIONS).run();
    new RunLog(from).append(OfEachKind.run("x"));
  }

  @Test
  void copy_toAnEmptyStore_makesThemEqual() throws Exception {
    StoreCopy.CopyReport report = copy(to);

    assertThat(report.problems()).isEmpty();
    assertThat(report.objects()).isEqualTo(contents(from).size());
    assertThat(contents(to)).isEqualTo(contents(from));
    assertThat(copy(to).objects()).isZero();
    assertThat(copy(to).present()).isEqualTo(report.objects());
    assertThat(new Workout(to, ACTIONS).run()).isZero();
  }

  @Test
  void copy_diedBeforeAnyWrite_leavesAStoreThatIsRightAndGoesOn() throws Exception {
    int writes = 0;
    boolean died = true;
    while (died) {
      MemoryObjectStore target = new MemoryObjectStore();
      ObjectStore dying = new DyingObjectStore(target, writes++);
      died = false;
      try {
        new StoreCopy(from, dying, 1, (d, t, b) -> {}).copy();
      } catch (DyingObjectStore.Died e) {
        died = true;
      }
      assertThat(
              new StoreCheck(target, (d, t, b) -> {}, OutputFormats::fault).checkAll().problems())
          .isEmpty();
      copy(target);
      assertThat(contents(target)).isEqualTo(contents(from));
    }
    assertThat(writes).isGreaterThan(ACTIONS);
  }

  @Test
  void copy_blobDamaged_isLeftOutWithItsManifest() throws Exception {
    ActionKey key = firstKey();
    Digest digest =
        new ActionCache(from, new BlobStore(from, e -> {}), e -> {})
            .lookup(key)
            .orElseThrow()
            .output("out");
    from.delete(BlobStore.nameOf(digest));
    from.create(BlobStore.nameOf(digest), blob("something else"));

    StoreCopy.CopyReport report = copy(to);

    assertThat(report.problems()).hasSize(2);
    assertThat(report.problems().get(0)).startsWith("Action ").contains("was not copied");
    assertThat(report.problems().get(1)).startsWith("Blob ").contains("is damaged");
    assertThat(to.stat(key.nameIn("ac"))).isEmpty();
    assertThat(to.stat(BlobStore.nameOf(digest))).isEmpty();
    assertThat(new StoreCheck(to, (d, t, b) -> {}, OutputFormats::fault).checkAll().problems())
        .isEmpty();
  }

  @Test
  void copy_blobsDamagedOnTheirWayOnce_areCopiedAgain() throws Exception {
    Set<String> spoilt = ConcurrentHashMap.newKeySet();
    ObjectStore noisy =
        new ForwardingObjectStore(from) {
          @Override
          public Optional<InputStream> open(String name) throws IOException {
            return name.startsWith(BlobStore.FOLDER) && spoilt.add(name)
                ? Optional.of(new ByteArrayInputStream(new byte[1]))
                : super.open(name);
          }
        };

    StoreCopy.CopyReport report = new StoreCopy(noisy, to, 1, (d, t, b) -> {}).copy();

    assertThat(report.problems()).isEmpty();
    assertThat(spoilt).isNotEmpty();
    assertThat(contents(to)).isEqualTo(contents(from));
  }

  @Test
  void copy_disputedOutputs_areVerifiedAndStreamed() throws Exception {
    Blob large = Blob.of(new byte[SmallObjects.RECORD + 1]);
    String folder = "disputed/" + firstKey().sha256().substring(0, 2) + "/" + firstKey() + "/";
    from.create(folder + large.digest().sha256(), large);
    from.create(folder + Digest.of(new byte[1]).sha256(), blob("damaged"));
    from.create("provenance/large", large);

    StoreCopy.CopyReport report = copy(to);

    assertThat(to.stat(folder + large.digest().sha256())).isPresent();
    assertThat(report.problems())
        .hasSize(2)
        .anySatisfy(p -> assertThat(p).endsWith("is damaged and was not copied"))
        .anySatisfy(p -> assertThat(p).contains("provenance/large").contains("16 MiB"));
  }

  @Test
  void copy_quarantineAndForeignNames_stayWhereTheyAre() throws Exception {
    from.create("quarantine/x", blob("x"));
    from.create("cas/zz/not-a-digest", blob("x"));
    from.create("cas/00/" + "a".repeat(64), blob("in the wrong folder"));
    from.create("ac/zz/../../x".replace("/../..", ""), blob("x"));
    from.create("elsewhere/x", blob("x"));

    assertThat(copy(to).problems()).isEmpty();

    assertThat(contents(to).keySet())
        .noneMatch(name -> name.endsWith("/x") || name.startsWith("cas/zz"))
        .doesNotContain("cas/00/" + "a".repeat(64));
  }

  @Test
  void copy_manifestNamesHostileOutput_isNotCopied(@TempDir Path folder) throws Exception {
    String text =
        "twintail-manifest 1\n" + "0".repeat(64) + " 0 ../../evil\nend " + "0".repeat(64) + "\n";
    from.create("ac/ff/" + "f".repeat(64), blob(text));

    try (LocalObjectStore target = LocalObjectStore.open(folder.resolve("store"))) {
      StoreCopy.CopyReport report = copy(target);

      assertThat(report.problems()).singleElement().asString().contains("is damaged");
      assertThat(target.stat("ac/ff/" + "f".repeat(64))).isEmpty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("store"));
    }
  }

  @Test
  void copy_symbolicLinksInTheSource_areNotFollowed(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    String sha256 = Blob.of(secret).digest().sha256();
    Path root = Files.createDirectory(folder.resolve("store"));
    Path fan = Files.createDirectories(root.resolve("cas").resolve(sha256.substring(0, 2)));
    Files.createSymbolicLink(fan.resolve(sha256), secret);
    Files.createSymbolicLink(Files.createDirectory(root.resolve("runs")).resolve("x.json"), secret);

    try (LocalObjectStore source = LocalObjectStore.open(root)) {
      new StoreCopy(source, to, 4, (done, total, bytes) -> {}).copy();
    }

    assertThat(contents(to)).isEmpty();
  }

  @Test
  void check_damagedAndMissing_areTold() throws Exception {
    List<String> names = new ArrayList<>();
    from.list("cas/", entry -> names.add(entry.name()));
    Digest out =
        new ActionCache(from, new BlobStore(from, e -> {}), e -> {})
            .lookup(firstKey())
            .orElseThrow()
            .output("out");
    from.delete(BlobStore.nameOf(out));
    from.create(BlobStore.nameOf(out), blob("something else"));

    StoreCheck.StoreCheckReport report =
        new StoreCheck(from, (d, t, b) -> {}, OutputFormats::fault).checkAll();

    assertThat(report.blobs()).isEqualTo(names.size());
    assertThat(report.manifests()).isEqualTo(ACTIONS);
    assertThat(report.problems()).hasSize(2);
    assertThat(report.problems().get(0)).startsWith("Action ").contains("lacks out");
    assertThat(report.problems().get(1)).startsWith("Blob ").contains("moved to quarantine/");
    assertThat(new StoreCheck(from, (d, t, b) -> {}, OutputFormats::fault).checkSample(3).blobs())
        .isEqualTo(3);
    assertThat(new Workout(from, ACTIONS).run()).isEqualTo(1);
    assertThat(new StoreCheck(from, (d, t, b) -> {}, OutputFormats::fault).checkAll().problems())
        .isEmpty();
  }

  @Test
  void check_progress_tellsOfBlobsAndThenOfManifests() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());

    StoreCheck.StoreCheckReport report =
        new StoreCheck(
                from,
                (done, total, bytes) -> heard.add(done + " of " + total),
                OutputFormats::fault)
            .checkAll();

    int all = report.blobs() + report.manifests() + report.records();
    assertThat(heard).hasSize(all).contains("1 of " + all, all + " of " + all);
  }

  @Test
  void copy_recordsOfEachKind_areCopied(@TempDir Path folder) throws Exception {
    MemoryObjectStore source = new MemoryObjectStore();
    OfEachKind.fill(source, folder);
    MemoryObjectStore target = new MemoryObjectStore();

    assertThat(copy(source, target).problems()).isEmpty();

    assertThat(contents(target)).isEqualTo(contents(source));
  }

  @ParameterizedTest
  @EnumSource
  void copy_recordCutInTheSource_isToldAndNotSpread(RecordKind kind, @TempDir Path folder)
      throws Exception {
    MemoryObjectStore source = new MemoryObjectStore();
    OfEachKind.fill(source, folder);
    String name = OfEachKind.name(source, kind);
    OfEachKind.truncate(source, name, 20);

    assertThat(copy(source, to).problems())
        .singleElement()
        .asString()
        .startsWith(name + " is damaged and was not copied (Cannot read ");

    assertThat(to.stat(name)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void copy_recordCutInTheTarget_isMended(RecordKind kind, @TempDir Path folder) throws Exception {
    MemoryObjectStore source = new MemoryObjectStore();
    OfEachKind.fill(source, folder);
    copy(source, to);
    SortedMap<String, Digest> before = contents(to);
    String name = OfEachKind.name(source, kind);
    OfEachKind.truncate(to, name, 20);

    StoreCopy.CopyReport report = copy(source, to);

    assertThat(report.objects()).isEqualTo(1);
    assertThat(report.problems())
        .singleElement()
        .asString()
        .startsWith(name + " was damaged in memory: (Cannot read ")
        .contains("; moved to quarantine/")
        .endsWith(" and copied anew");
    assertThat(contents(to)).containsAllEntriesOf(before).hasSize(before.size() + 1);
    assertThat(copy(source, to).problems()).isEmpty();
  }

  @Test
  void copy_otherRunOfTheSameName_isToldAndStays() throws Exception {
    copy(to);
    to.delete("runs/x.json");
    new RunLog(to)
        .append(
            new RunRecord(
                "x", "another", "test", Instant.EPOCH, Instant.EPOCH, "host", 1, List.of()));
    Digest before = contents(to).get("runs/x.json");

    assertThat(copy(to).problems())
        .containsExactly("runs/x.json has other content in memory: and was not copied");

    assertThat(contents(to)).containsEntry("runs/x.json", before);
  }

  @Test
  void copy_linkInThePlaceOfTheRuns_isTold(@TempDir Path folder) throws Exception {
    Path root = Files.createDirectory(folder.resolve("store"));
    Files.createSymbolicLink(root.resolve("runs"), Files.createDirectory(folder.resolve("runs")));

    try (LocalObjectStore source = LocalObjectStore.open(root)) {
      assertThat(copy(source, to).problems())
          .containsExactly(
              "runs is no plain file with the name of a run's record, and was not copied");
    }
  }

  @Test
  void usage_byFolder_isSummed() throws Exception {
    List<Integer> counted = new ArrayList<>();
    Map<String, StoreUsage> usage =
        StoreUsage.of(from, (done, total, bytes) -> counted.add(total < 0 ? done : -1));

    assertThat(usage.keySet()).containsExactly("ac", "cas", "provenance", "runs");
    assertThat(usage.get("ac").objects()).isEqualTo(ACTIONS);
    assertThat(usage.get("runs"))
        .isEqualTo(new StoreUsage(1, from.stat("runs/x.json").orElseThrow().size()));
    long objects = usage.values().stream().mapToLong(StoreUsage::objects).sum();
    assertThat(counted).hasSize((int) objects).startsWith(1, 2).last().isEqualTo((int) objects);
  }

  private ActionKey firstKey() throws Exception {
    List<ActionKey> keys = new ArrayList<>();
    new ActionCache(from, new BlobStore(from, e -> {}), e -> {}).list(keys::add);
    return keys.get(0);
  }

  private StoreCopy.CopyReport copy(ObjectStore target) throws Exception {
    return copy(from, target);
  }

  private static StoreCopy.CopyReport copy(ObjectStore source, ObjectStore target)
      throws Exception {
    return new StoreCopy(source, target, 4, (done, total, bytes) -> {}).copy();
  }

  private static SortedMap<String, Digest> contents(ObjectStore objects) throws Exception {
    List<String> names = new ArrayList<>();
    objects.list("", entry -> names.add(entry.name()));
    SortedMap<String, Digest> contents = new TreeMap<>();
    for (String name : names) {
      try (InputStream in = objects.open(name).orElseThrow()) {
        contents.put(name, Digest.of(in));
      }
    }
    return contents;
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }
}
