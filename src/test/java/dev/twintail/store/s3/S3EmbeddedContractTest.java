package dev.twintail.store.s3;

import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("S3, a server in this JVM")
class S3EmbeddedContractTest extends ObjectStoreContract {
  private static EmbeddedS3 server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedS3.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  protected ObjectStore openEmpty() {
    return server.emptyStore();
  }
}
