package dev.twintail.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twintail.blob.Blob;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("a local folder")
class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir private Path folder;

  @Override
  protected ObjectStore openEmpty() throws IOException {
    return LocalObjectStore.open(folder.resolve("contract"));
  }

  @Test
  void listForeign_whatIsNoObject_isNamed() throws Exception {
    Path runs = Files.createDirectories(root().resolve("runs"));
    Files.createFile(runs.resolve("fine.json"));
    Files.createFile(runs.resolve("fine (1).json"));
    Files.createDirectory(runs.resolve("empty.json"));
    Files.createFile(Files.createDirectory(runs.resolve("folder")).resolve("fine"));
    Files.createSymbolicLink(runs.resolve("link.json"), runs.resolve("fine.json"));
    Files.createFile(root().resolve("file"));
    Files.createSymbolicLink(root().resolve("link"), runs);

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      assertThat(foreignIn(store, "runs/"))
          .containsExactlyInAnyOrder("runs/fine (1).json", "runs/empty.json", "runs/link.json");
      assertThat(foreignIn(store, "runs/folder/")).isEmpty();
      assertThat(foreignIn(store, "file/")).containsExactly("file");
      assertThat(foreignIn(store, "link/")).containsExactly("link");
      assertThat(foreignIn(store, "link/folder/")).containsExactly("link");
      assertThat(foreignIn(store, "none/")).isEmpty();
    }
  }

  private static List<String> foreignIn(ObjectStore store, String name) throws IOException {
    List<String> found = new ArrayList<>();
    store.listForeign(name, found::add);
    return found;
  }

  @Test
  void create_done_leavesOnlyTheObjectAfterClose() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      store.create("cas/ab/abc", blob("x"));
      store.create("cas/ab/abc", blob("x"));
    }

    assertThat(files()).containsExactly("cas/ab/abc");
  }

  @Test
  void create_sourceFails_leavesNoTempFile() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      assertThatThrownBy(() -> store.create("a", new FailingBlob(200_000)))
          .isInstanceOf(IOException.class);

      assertThat(files()).allMatch(file -> file.endsWith(".lock"));
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void create_closed_isAnError() throws Exception {
    LocalObjectStore store = LocalObjectStore.open(root());
    store.close();

    assertThatThrownBy(() -> store.create("a", blob("x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void open_andReading_writeNothing() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      assertThat(store.stat("a/b")).isEmpty();
      assertThat(store.open("a/b")).isEmpty();
      assertThat(store.delete("a/b")).isFalse();
      store.list("", entry -> {});
      store.sweep();
    }

    assertThat(root()).doesNotExist();
  }

  @Test
  void open_file_isAnError() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> LocalObjectStore.open(file))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot open the store: Not a directory (" + file + ")");
  }

  @Test
  void create_belowAFile_isToldInOneLine() throws Exception {
    Path below = Files.createFile(folder.resolve("file")).resolve("store");

    try (LocalObjectStore store = LocalObjectStore.open(below)) {
      assertThat(store.stat("a")).isEmpty();
      assertThatThrownBy(() -> store.create("a", blob("x")))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Cannot write to the store: ")
          .hasMessageContaining(below.toString())
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void create_unwritableFolder_isToldInOneLine() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may write anywhere");
    Files.createDirectory(
        root(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      assertThatThrownBy(() -> store.create("a", blob("x")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Permission denied")
          .hasMessageContaining("choose a store in a folder that you may write to");
    }
  }

  @Test
  void list_foreignFiles_areSkipped() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      store.create("a/b", blob("x"));
      Files.createFile(root().resolve("a/with space"));
      Files.createSymbolicLink(root().resolve("a/link"), root().resolve("a/b"));
      List<String> names = new ArrayList<>();

      store.list("", entry -> names.add(entry.name()));

      assertThat(names).containsExactly("a/b");
      assertThat(store.open("a/link")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cas", "cas/ab"})
  void folder_symbolicLinkOutOfTheStore_isNotFollowed(String link) throws Exception {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    String below = "cas/ab/abc".substring(link.length() + 1);
    Path secret = outside.resolve(below);
    Files.createDirectories(secret.getParent());
    Files.writeString(secret, "secret");
    Path linked = root().resolve(link);
    Files.createDirectories(linked.getParent());
    Files.createSymbolicLink(linked, outside);

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      List<String> names = new ArrayList<>();
      for (String prefix : List.of("", "c", "cas/", "cas/a", "cas/ab/", "cas/ab/a")) {
        store.list(prefix, entry -> names.add(entry.name()));
      }
      assertThat(names).isEmpty();
      assertThat(store.stat("cas/ab/abc")).isEmpty();
      assertThat(store.open("cas/ab/abc")).isEmpty();
      assertThat(store.delete("cas/ab/abc")).isFalse();
      for (String name : List.of("cas/ab/abc", "cas/ab/abd")) {
        assertThatThrownBy(() -> store.create(name, blob("x")))
            .isInstanceOf(StoreException.class)
            .hasMessage(
                "Cannot write to the store: "
                    + linked
                    + " is a symbolic link; make it a folder, or link the store as a whole");
      }
    }
    try (Stream<Path> files = Files.walk(outside)) {
      assertThat(files.filter(Files::isRegularFile)).containsExactly(secret);
    }
    assertThat(secret).hasContent("secret");
  }

  @Test
  void tmp_symbolicLinkOutOfTheStore_isNeitherSweptNorWrittenTo() throws Exception {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(Files.createDirectory(root()).resolve("tmp"), outside);

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      store.sweep();
      assertThatThrownBy(() -> store.create("a", blob("x")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is a symbolic link");
    }
    try (Stream<Path> files = Files.list(outside)) {
      assertThat(files).containsExactly(secret);
    }
  }

  @Test
  void sweep_symbolicLinkInTmp_removesTheLinkAlone() throws Exception {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("secret"), "secret");
    Path tmp = Files.createDirectories(root().resolve("tmp"));
    Files.createSymbolicLink(tmp.resolve("direct"), outside);
    Files.createSymbolicLink(Files.createDirectory(tmp.resolve("dead")).resolve("deeper"), outside);

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      store.sweep();
    }

    assertThat(tmp).isEmptyDirectory();
    assertThat(secret).hasContent("secret");
  }

  @Test
  void open_rootIsASymbolicLink_isAStore() throws Exception {
    Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(root(), folder.resolve("elsewhere"));

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      assertThat(store.create("cas/ab/abc", blob("x"))).isTrue();
      assertThat(store.open("cas/ab/abc")).isPresent();
    }
    assertThat(folder.resolve("elsewhere/cas/ab/abc")).hasContent("x");
  }

  @Test
  void createCopy_present_keepsTheFirst() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      assertThat(store.createCopy("a/b", blob("first"))).isTrue();
      assertThat(store.createCopy("a/b", blob("second"))).isFalse();
      assertThatThrownBy(() -> store.createCopy("c", new FailingBlob(200_000)))
          .isInstanceOf(IOException.class);
    }

    assertThat(files()).containsExactly("a/b");
    assertThat(root().resolve("a/b")).hasContent("first");
  }

  @Test
  void sweep_killedProcess_isCleanedByTheNextWrite() throws Exception {
    Process writer = startHangingWriter();
    kill(writer);
    assertThat(files()).hasSize(2).allMatch(file -> file.startsWith("tmp/"));

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      store.create("a", blob("x"));
    }

    assertThat(files()).containsExactly("a");
  }

  @Test
  void sweep_liveProcess_isLeftAlone() throws Exception {
    Process writer = startHangingWriter();
    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      List<String> before = files();

      store.sweep();
      store.create("a", blob("x"));

      assertThat(before).hasSize(2);
      assertThat(files()).containsAll(before);
    } finally {
      kill(writer);
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void sweep_whatIsNoLockFile_staysAndKeepsNobodyFromWriting() throws Exception {
    Path tmp = Files.createDirectories(root().resolve("tmp"));
    Path directory = Files.createDirectory(tmp.resolve("x.lock"));
    Path link = Files.createSymbolicLink(tmp.resolve("y.lock"), folder.resolve("elsewhere"));
    Path pipe = tmp.resolve("1-aa.lock");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      assertThat(store.create("a", blob("x"))).isTrue();
    }

    for (Path odd : List.of(directory, link, pipe)) {
      assertThat(Files.exists(odd, LinkOption.NOFOLLOW_LINKS)).as(odd.toString()).isTrue();
    }
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void sweep_otherStoreOfThisProcess_isLeftAlone() throws Exception {
    try (LocalObjectStore first = LocalObjectStore.open(root());
        LocalObjectStore second = LocalObjectStore.open(root())) {
      first.create("a", blob("x"));
      second.create("b", blob("y"));
      List<String> before = files();

      first.sweep();
      second.sweep();

      assertThat(before).hasSize(4);
      assertThat(files()).isEqualTo(before);
      assertThat(sweptByAnotherProcess()).isEqualTo(before);
      assertThat(first.create("c", blob("z"))).isTrue();
      first.sweep();
    }
    assertThat(files()).containsExactly("a", "b", "c");
  }

  /**
   * Another process sweeps when it first writes; it is killed while it does, and leaves its own.
   */
  private List<String> sweptByAnotherProcess() throws Exception {
    List<String> before = files();
    kill(startHangingWriter());
    return files().stream().filter(before::contains).toList();
  }

  @Test
  void sweep_folderWithoutLock_isRemoved() throws Exception {
    Path orphan = Files.createDirectories(root().resolve("tmp/1-00"));
    Files.writeString(orphan.resolve("0"), "half");
    Files.createFile(root().resolve("tmp/2-00.lock"));

    try (LocalObjectStore store = LocalObjectStore.open(root())) {
      store.sweep();
    }

    assertThat(files()).isEmpty();
    assertThat(orphan).doesNotExist();
  }

  private Process startHangingWriter() throws Exception {
    Process writer = ChildJvm.start(HangingWriter.class, root().toString());
    BufferedReader said = writer.inputReader(UTF_8);
    assertThat(said.readLine()).isEqualTo("writing");
    return writer;
  }

  private static void kill(Process process) throws Exception {
    process.destroyForcibly().waitFor();
  }

  private Path root() {
    return folder.resolve("store");
  }

  private List<String> files() throws IOException {
    if (Files.notExists(root())) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root().relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(UTF_8));
  }
}
