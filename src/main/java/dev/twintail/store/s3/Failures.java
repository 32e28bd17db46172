package dev.twintail.store.s3;

import dev.twintail.store.StoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * What a failure of the SDK means: whether another attempt may help, whether the request may have
 * been carried out, and what to tell the user. Nothing that a server says is repeated except its
 * error code, so that no message holds a credential.
 */
final class Failures {
  private static final Set<String> PASSING =
      Set.of(
          "BadDigest",
          "ConditionalRequestConflict",
          "IncompleteBody",
          "InternalError",
          "OperationAborted",
          "RequestTimeout",
          "ServiceUnavailable",
          "SlowDown",
          "Throttling",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch");

  private static final Set<String> UNKNOWN_CREDENTIALS =
      Set.of("ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "401");

  /** What S3 tolerates. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(15);

  private final S3Location location;
  private final String endpoint;

  /**
   * @param endpoint what the requests go to, without user information
   */
  Failures(S3Location location, String endpoint) {
    this.location = location;
    this.endpoint = endpoint;
  }

  static int status(SdkException e) {
    return e instanceof SdkServiceException service ? service.statusCode() : 0;
  }

  static boolean isNotFound(SdkException e) {
    return status(e) == 404;
  }

  /** Returns whether the same request may well succeed a little later. */
  static boolean isPassing(SdkException e) {
    if (e instanceof SdkServiceException service) {
      int status = service.statusCode();
      return (status >= 500 && status != 501)
          || status == 408
          || status == 409
          || status == 429
          || PASSING.contains(code(e))
          || isSkewed(e);
    }
    return !isWithoutCredentials(e)
        && (e.retryable()
            || cause(e, IOException.class).isPresent()
            // An answer that was cut off.
            || cause(e, XMLStreamException.class).isPresent());
  }

  /** Returns whether the clocks are why. The SDK corrects for it from the next attempt on. */
  static boolean isSkewed(SdkException e) {
    return code(e).equals("RequestTimeTooSkewed") || (status(e) == 403 && skew(e).isPresent());
  }

  /** Returns whether no server was reached at all. */
  static boolean isUnreachable(SdkException e) {
    return cause(e, ConnectException.class).isPresent()
        || cause(e, UnknownHostException.class).isPresent()
        || cause(e, NoRouteToHostException.class).isPresent();
  }

  /** Returns whether a request that failed so may have been carried out nevertheless. */
  static boolean isAmbiguous(SdkException e) {
    return e instanceof SdkServiceException ? status(e) >= 500 : !isUnreachable(e);
  }

  /** Returns the server's error code, or the status where there is none. */
  static String code(SdkException e) {
    if (e instanceof AwsServiceException aws) {
      AwsErrorDetails details = aws.awsErrorDetails();
      String code = details == null ? null : details.errorCode();
      if (code != null && code.matches("[A-Za-z0-9.]{1,60}")) {
        return code;
      }
    }
    return Integer.toString(status(e));
  }

  /**
   * Tells the failure in one line.
   *
   * @param attempt to stand after "Cannot"
   * @param spent how long it was tried
   */
  StoreException told(String attempt, SdkException e, Duration spent) {
    return new StoreException("Cannot " + attempt + ": " + reason(e, spent), e);
  }

  StoreException bucketMissing(String attempt) {
    return new StoreException("Cannot " + attempt + ": " + bucketMissing());
  }

  private String bucketMissing() {
    return "there is no bucket "
        + location.bucket()
        + " ("
        + endpoint
        + "); create it, or choose another store";
  }

  private String reason(SdkException e, Duration spent) {
    String where = " (" + location + ", " + endpoint + ")";
    String code = code(e);
    Optional<Duration> skew = skew(e);
    if (e instanceof SdkServiceException) {
      if (code.equals("NoSuchBucket")) {
        return bucketMissing();
      }
      if (isSkewed(e)) {
        return "this machine's clock is not the server's"
            + skew.map(s -> ", they differ by " + s.toMinutes() + " minutes").orElse("")
            + where
            + "; set the clock";
      }
      if (UNKNOWN_CREDENTIALS.contains(code)) {
        return "the server does not accept these credentials, "
            + code
            + where
            + "; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile";
      }
      if (status(e) == 403) {
        return "access denied"
            + where
            + "; a store needs s3:ListBucket, s3:GetObject and s3:PutObject, and s3:DeleteObject to"
            + " clean up; check the credentials or the bucket's policy";
      }
      if (status(e) == 301 || status(e) == 307 || code.equals("AuthorizationHeaderMalformed")) {
        return "the bucket is in another region" + where + "; set AWS_REGION";
      }
      return "the server answers "
          + status(e)
          + (code.equals(Integer.toString(status(e))) ? "" : " " + code)
          + after(spent)
          + where
          + (isPassing(e) ? "; run again later: what is finished is kept" : "");
    }
    if (isWithoutCredentials(e)) {
      return "no credentials were found"
          + where
          + "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE";
    }
    String remedy =
        "; check the network and, if it is your server, that it runs and AWS_ENDPOINT_URL_S3 names"
            + " it; what is finished is kept";
    if (cause(e, UnknownHostException.class).isPresent()) {
      return "no server of that name is known" + where + remedy;
    }
    if (cause(e, ConnectException.class).isPresent()) {
      return "connection refused" + after(spent) + where + remedy;
    }
    return cause(e, IOException.class)
        .map(cause -> "the connection broke, " + cause.getClass().getSimpleName())
        .orElse(e.getClass().getSimpleName())
        .concat(after(spent) + where + remedy);
  }

  private static String after(Duration spent) {
    return spent.toSeconds() < 1 ? "" : ", after " + spent.toSeconds() + " s of trying";
  }

  private static boolean isWithoutCredentials(SdkException e) {
    // The SDK has no type for it.
    String message = e.getMessage();
    return !(e instanceof SdkServiceException)
        && message != null
        && message.contains("Unable to load credentials");
  }

  /** Returns by how much the clocks differ, if by more than S3 takes. */
  private static Optional<Duration> skew(SdkException e) {
    if (!(e instanceof AwsServiceException aws)
        || aws.awsErrorDetails() == null
        || aws.awsErrorDetails().sdkHttpResponse() == null) {
      return Optional.empty();
    }
    try {
      return aws.awsErrorDetails()
          .sdkHttpResponse()
          .firstMatchingHeader("Date")
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .map(server -> Duration.between(server, Instant.now()).abs())
          .filter(skew -> skew.compareTo(MAX_SKEW) > 0);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }
}
