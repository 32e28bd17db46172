package dev.twintail.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreExceptionTest {
  private static StoreException failure(String reason) {
    return StoreException.cannot(
        "write an object",
        StoreException.StoreFault.WRITE_DENIED,
        Path.of("store", "cas"),
        new FileSystemException("store/cas/x", null, reason));
  }

  @ParameterizedTest
  @CsvSource({
    "Permission denied, WRITE_DENIED",
    "Read-only file system, WRITE_DENIED",
    "No space left on device, FULL",
    "Disk quota exceeded, FULL",
    "Input/output error, OTHER"
  })
  void cannot_anyReason_tellsWhetherItIsAMatterOfRights(
      String reason, StoreException.StoreFault fault) {
    assertThat(failure(reason).kind()).isEqualTo(fault);
    assertThat(failure(reason)).hasMessageContaining(reason).hasMessageContaining("store/cas");
  }

  @Test
  void cannot_permissionDenied_tellsAGroupHowToShare() {
    assertThat(failure("Permission denied"))
        .hasMessageContaining("umask 002")
        .hasMessageContaining("chmod -R g+w");
  }
}
