package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
  @ParameterizedTest
  @ValueSource(strings = {"s3://bk", "s3://bk/x", "s3://Bucket/x", "s3://bucket/a b", "s3:///x"})
  void parse_otherThanALocation_tellsWhatOneIs(String text) {
    assertThatThrownBy(() -> S3Location.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use that as a store: expected s3://bucket or s3://bucket/prefix, with a bucket"
                + " of 3 to 63 of [a-z0-9.-] and a prefix of [A-Za-z0-9._-] between slashes");
  }
}
