package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twintail.store.ObjectStore;
import dev.twintail.store.ObjectStoreContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

/**
 * Certifies any server: {@code TWINTAIL_S3_TEST_STORE=s3://bucket/prefix}, with the SDK's own
 * variables for endpoint and credentials. Objects below the prefix are left behind.
 */
@DisplayName("S3, the server named by TWINTAIL_S3_TEST_STORE")
class S3NamedContractTest extends ObjectStoreContract {
  private static final String VARIABLE = "TWINTAIL_S3_TEST_STORE";
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final List<String> NOTICES = new ArrayList<>();

  @BeforeAll
  static void requireServer() {
    assumeTrue(System.getenv(VARIABLE) != null, VARIABLE + " names no server");
  }

  /** A server without conditional writes is safe to use, and not certified. */
  @AfterAll
  static void requireConditions() {
    assertThat(NOTICES).isEmpty();
  }

  @Override
  protected ObjectStore openEmpty() throws Exception {
    String prefix = "/" + Instant.now().toEpochMilli() + "-" + PREFIXES.getAndIncrement();
    return S3ObjectStore.open(
        S3Location.parse(System.getenv(VARIABLE).replaceAll("/$", "") + prefix), NOTICES::add);
  }
}
