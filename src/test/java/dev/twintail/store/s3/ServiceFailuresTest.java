package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class ServiceFailuresTest {
  private static Stream<IOException> unreachable() {
    return Stream.of(
        new ConnectException("Connection refused"),
        // What a server that drops the first packet gives, though it is a kind of the one below.
        new ConnectTimeoutException("Connect timed out"),
        new UnknownHostException("nowhere.invalid"));
  }

  @ParameterizedTest
  @MethodSource("unreachable")
  void isUnreachable_noConnection_isNotAmbiguous(IOException failure) {
    SdkException told = SdkClientException.create("Unable to execute HTTP request", failure);

    assertThat(ServiceFailures.isUnreachable(told)).isTrue();
    assertThat(ServiceFailures.isAmbiguous(told)).isFalse();
    assertThat(ServiceFailures.connection(failure)).isNotEqualTo("no answer");
  }

  @Test
  void isUnreachable_noAnswerOnAConnection_isAmbiguous() {
    SocketTimeoutException failure = new SocketTimeoutException("Read timed out");
    SdkException told = SdkClientException.create("Unable to execute HTTP request", failure);

    assertThat(ServiceFailures.isUnreachable(told)).isFalse();
    assertThat(ServiceFailures.isAmbiguous(told)).isTrue();
    assertThat(ServiceFailures.connection(failure)).isEqualTo("no answer");
  }
}
