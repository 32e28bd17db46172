package dev.twintail.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
  @TempDir private Path folder;

  /** As when Ctrl-C closes the store in the middle of a write. */
  @Test
  void byLink_finishedFileIsGone_failsAndLeavesNoLockFile() {
    Path lock = folder.resolve("publish.lock");
    Publication publication = Publication.byLink(Publication.byLockedRename(lock));

    assertThatThrownBy(() -> publication.publish(folder.resolve("gone"), folder.resolve("target")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(folder).isEmptyDirectory();
  }
}
