package dev.twintail.store.s3;

import dev.twintail.store.StoreException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What some buckets and servers ask for. Where the AWS tools have a setting for it, in a variable
 * or in {@code ~/.aws/config}, that one counts; what they only have as flags of commands is a
 * variable of our own.
 *
 * @param encryption {@code x-amz-server-side-encryption} of what is written
 * @param kmsKey the key's id or ARN, for encryption by KMS
 */
record S3Options(
    Addressing addressing,
    Checksums checksums,
    Optional<String> encryption,
    Optional<String> kmsKey,
    Payer payer) {
  /** Where a bucket's name stands. */
  enum Addressing {
    /** By path where the endpoint is not Amazon's. */
    AUTO,
    PATH,
    VIRTUAL
  }

  /** When an upload carries a checksum. */
  enum Checksums {
    /** To Amazon always, to others once they demand it. */
    WHEN_REQUIRED,
    ALWAYS
  }

  /** Who pays for requests. */
  enum Payer {
    OWNER,
    REQUESTER
  }

  static final S3Options NONE =
      new S3Options(
          Addressing.AUTO,
          Checksums.WHEN_REQUIRED,
          Optional.empty(),
          Optional.empty(),
          Payer.OWNER);

  private static final Pattern NESTED_ADDRESSING =
      Pattern.compile("(?m)^\\s*addressing_style\\s*=\\s*(\\S+)");

  /**
   * Reads the options.
   *
   * @param environment the variables
   * @param profile the property of that name of the profile in use
   * @throws StoreException if one has a value that it cannot have
   */
  static S3Options of(Map<String, String> environment, Function<String, Optional<String>> profile)
      throws StoreException {
    Function<String, Optional<String>> variable =
        name ->
            Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
    return new S3Options(
        parse(
            "TWINTAIL_S3_ADDRESSING_STYLE",
            variable
                .apply("TWINTAIL_S3_ADDRESSING_STYLE")
                .or(() -> profile.apply("s3").flatMap(S3Options::nestedAddressing)),
            Map.of("auto", Addressing.AUTO, "path", Addressing.PATH, "virtual", Addressing.VIRTUAL),
            Addressing.AUTO),
        parse(
            "AWS_REQUEST_CHECKSUM_CALCULATION",
            variable
                .apply("AWS_REQUEST_CHECKSUM_CALCULATION")
                .or(() -> profile.apply("request_checksum_calculation")),
            Map.of("when_required", Checksums.WHEN_REQUIRED, "when_supported", Checksums.ALWAYS),
            Checksums.WHEN_REQUIRED),
        variable.apply("TWINTAIL_S3_SSE"),
        variable.apply("TWINTAIL_S3_SSE_KMS_KEY_ID"),
        parse(
            "TWINTAIL_S3_REQUEST_PAYER",
            variable.apply("TWINTAIL_S3_REQUEST_PAYER"),
            Map.of("requester", Payer.REQUESTER),
            Payer.OWNER));
  }

  private static Optional<String> nestedAddressing(String nested) {
    Matcher matcher = NESTED_ADDRESSING.matcher(nested);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static <T> T parse(
      String name, Optional<String> value, Map<String, T> values, T otherwise)
      throws StoreException {
    if (value.isEmpty()) {
      return otherwise;
    }
    T parsed = values.get(value.get().toLowerCase(Locale.ROOT));
    if (parsed == null) {
      throw new StoreException(
          "Cannot use the value of "
              + name
              + ": expected one of "
              + String.join(", ", values.keySet().stream().sorted().toList()));
    }
    return parsed;
  }
}
