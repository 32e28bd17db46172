package dev.twintail.store;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a local folder without hard links")
class LocalObjectStoreWithoutHardLinksTest extends ObjectStoreContract {
  @TempDir private Path folder;

  @Override
  protected ObjectStore openEmpty() throws IOException {
    return LocalObjectStore.openWithoutHardLinks(folder.resolve("store"));
  }
}
