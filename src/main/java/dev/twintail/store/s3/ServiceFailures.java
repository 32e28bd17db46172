package dev.twintail.store.s3;

import dev.twintail.net.Proxies;
import dev.twintail.net.ServerTrust;
import dev.twintail.store.StoreException;
import dev.twintail.store.StoreException.StoreFault;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.xml.stream.XMLStreamException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * What a failure of the SDK means: whether another attempt may help, whether the request may have
 * been carried out, and what to tell the user. Nothing that a server says is repeated except its
 * error code, so that no message holds a credential.
 */
final class ServiceFailures {
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

  private static final Set<String> WRONG_KEYS =
      Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch");

  private static final Set<String> WRONG_TOKEN =
      Set.of("ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired");

  /** Stands for all of Amazon's servers where a proxy is chosen. */
  static final URI AMAZON = URI.create("https://s3.amazonaws.com/");

  /** What S3 tolerates. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(15);

  /** What a request was to do. */
  enum Operation {
    READ(StoreFault.READ_DENIED),
    LIST(StoreFault.LIST_DENIED),
    WRITE(StoreFault.WRITE_DENIED),
    DELETE(StoreFault.DELETE_DENIED);

    private final StoreFault denied;

    Operation(StoreFault denied) {
      this.denied = denied;
    }
  }

  private final S3Location location;
  private final Optional<URI> endpoint;
  private final String server;
  private final HttpSettings network;
  private @Nullable Boolean tls;

  ServiceFailures(S3Location location, S3Connection connection) {
    this.location = location;
    this.endpoint = connection.override();
    this.server = connection.endpoint();
    this.network = connection.network();
  }

  static int status(SdkException e) {
    return e instanceof SdkServiceException service ? service.statusCode() : 0;
  }

  /** Returns whether the same request may well succeed a little later. */
  boolean isPassing(SdkException e) {
    if (e instanceof SdkServiceException service) {
      int status = service.statusCode();
      return (status >= 500 && status != 501)
          || status == 408
          || status == 409
          || status == 429
          || PASSING.contains(code(e))
          || isSkewed(e);
    }
    if (hasCause(e, Credentials.UnusableCredentialsException.class) || isTlsRefused(e)) {
      return false;
    }
    return e.retryable()
        || hasCause(e, IOException.class)
        // An answer that was cut off: in its body, in a date, in a number.
        || hasCause(
            e, XMLStreamException.class, DateTimeException.class, NumberFormatException.class);
  }

  /** Returns whether the two ends do not come to terms, rather than the line between them broke. */
  private static boolean isTlsRefused(SdkException e) {
    boolean broke =
        hasCause(e, SocketException.class, EOFException.class, SocketTimeoutException.class);
    return hasCause(e, CertificateException.class, SSLPeerUnverifiedException.class)
        || (hasCause(e, SSLHandshakeException.class) && !broke)
        || isPlain(e);
  }

  /** Returns whether a TLS handshake was answered by something else. */
  private static boolean isPlain(SdkException e) {
    return cause(e, SSLException.class)
        .map(tls -> String.valueOf(tls.getMessage()))
        .filter(message -> message.contains("Unsupported or unrecognized SSL message"))
        .isPresent();
  }

  /**
   * Returns whether a request without TLS failed since the port speaks TLS. Servers answer that by
   * an error, by bytes that are no HTTP, or by hanging up; so the port is asked, once.
   */
  synchronized boolean needsTls(SdkException e) {
    boolean odd = isUnnamed(e, 400) || (status(e) == 0 && !isUnreachable(e));
    if (!odd || !endpoint.map(uri -> "http".equals(uri.getScheme())).orElse(false)) {
      return false;
    }
    Boolean known = tls;
    if (known == null) {
      known = hop().isEmpty() && speaksTls(endpoint.orElseThrow());
      tls = known;
    }
    return known;
  }

  private boolean speaksTls(URI uri) {
    Duration limit = Duration.ofSeconds(3);
    try (Socket plain = new Socket()) {
      plain.connect(
          new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()),
          (int) limit.toMillis());
      plain.setSoTimeout((int) limit.toMillis());
      try (SSLSocket socket =
          (SSLSocket)
              network
                  .trust()
                  .context()
                  .getSocketFactory()
                  .createSocket(plain, uri.getHost(), uri.getPort(), false)) {
        socket.startHandshake();
        return true;
      }
    } catch (IOException e) {
      return e.getCause() instanceof CertificateException;
    }
  }

  private Optional<Proxies.Hop> hop() {
    return network.proxies().hop(endpoint.orElse(AMAZON));
  }

  /** Returns whether the clocks are why. The SDK corrects for it from the next attempt on. */
  static boolean isSkewed(SdkException e) {
    return code(e).equals("RequestTimeTooSkewed") || (status(e) == 403 && skew(e).isPresent());
  }

  /** Returns whether no server was reached at all. */
  static boolean isUnreachable(SdkException e) {
    return hasCause(
        e,
        ConnectException.class,
        ConnectTimeoutException.class,
        UnknownHostException.class,
        NoRouteToHostException.class);
  }

  /** Returns whether a request that failed so may have been carried out nevertheless. */
  static boolean isAmbiguous(SdkException e) {
    return e instanceof SdkServiceException
        ? status(e) >= 500 && status(e) != 501
        : !isUnreachable(e)
            && !isTlsRefused(e)
            && !hasCause(e, Credentials.UnusableCredentialsException.class);
  }

  /** Returns whether the answer has that status and does not say why. */
  static boolean isUnnamed(SdkException e, int status) {
    return status(e) == status && code(e).equals(Integer.toString(status));
  }

  /** Returns whether the request lacked a checksum, which this server or bucket demands. */
  static boolean demandsChecksum(SdkException e) {
    return status(e) == 400
        && Set.of("InvalidRequest", "MissingContentMD5", "InvalidDigest", "400").contains(code(e));
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
  StoreException told(Operation operation, String attempt, SdkException e, Duration spent) {
    return new StoreException(
        kind(operation, e), "Cannot " + attempt + ": " + reason(operation, e, spent), e);
  }

  private static StoreFault kind(Operation operation, SdkException e) {
    if (code(e).equals("InvalidObjectState")) {
      return StoreFault.ARCHIVED;
    }
    return isDenied(e) || code(e).equals("MethodNotAllowed") ? operation.denied : StoreFault.OTHER;
  }

  private static boolean isDenied(SdkException e) {
    return !isSkewed(e) && (code(e).equals("AccessDenied") || isUnnamed(e, 403));
  }

  StoreException bucketMissing(String attempt) {
    return new StoreException("Cannot " + attempt + ": " + bucketMissing());
  }

  private String bucketMissing() {
    return "there is no bucket %s (%s); create it, or choose another store"
        .formatted(location.bucket(), server);
  }

  /** Tells that a server neither has an object nor takes one of its name. */
  StoreException nameRefused(String name) {
    return new StoreException(
        "Cannot store "
            + name
            + ": the server says that it is there (412) and that it is not (404), as some do that"
            + " keep versions and refuse names once deleted"
            + where()
            + "; use a bucket without versioning, or another prefix");
  }

  /** Tells that a server lists a part, says so, and does not say where to go on. */
  StoreException listingBrokenOff() {
    return new StoreException(
        "Cannot list the store: the server gives a part and no token to go on, as some do that know"
            + " only the first version of listings"
            + where()
            + "; use a server that knows ListObjectsV2");
  }

  private String where() {
    return " (%s, %s%s)"
        .formatted(location, server, hop().map(hop -> " by the proxy " + hop).orElse(""));
  }

  /**
   * Returns whether the answer is not of S3: a proxy that refuses answers in the server's place.
   */
  private boolean isOfProxy(SdkException e) {
    return hop().isPresent()
        && e instanceof AwsServiceException aws
        && aws.requestId() == null
        && aws.awsErrorDetails() != null
        && isUnnamed(e, aws.statusCode());
  }

  private String reason(Operation operation, SdkException e, Duration spent) {
    Optional<Credentials.UnusableCredentialsException> unusable =
        cause(e, Credentials.UnusableCredentialsException.class);
    if (unusable.isPresent()) {
      return unusable.get().reason() + where();
    }
    if (needsTls(e)) {
      return "the server speaks TLS there, and http:// does not"
          + where()
          + "; write https:// into AWS_ENDPOINT_URL_S3";
    }
    return e instanceof SdkServiceException ? refusal(operation, e, spent) : breakage(e, spent);
  }

  private String refusal(Operation operation, SdkException e, Duration spent) {
    int status = status(e);
    String code = code(e);
    String answer =
        "the server answers " + status + (code.equals(Integer.toString(status)) ? "" : " " + code);
    if (status == 407) {
      return "the proxy wants a name and a password, 407"
          + where()
          + "; set it as http://user:password@host:port";
    }
    if (isOfProxy(e)) {
      return "the proxy answers "
          + status
          + after(spent)
          + where()
          + "; ask whoever runs the proxy, or name the host in NO_PROXY";
    }
    if (code.equals("NoSuchBucket")) {
      return bucketMissing();
    }
    if (isSkewed(e)) {
      return "this machine's clock is not the server's"
          + skew(e).map(s -> ", they differ by " + s.toMinutes() + " minutes").orElse("")
          + where()
          + "; set the clock";
    }
    if (WRONG_TOKEN.contains(code)) {
      return "the server does not accept the session token, "
          + code
          + where()
          + "; get new credentials, such as by aws sso login, or set AWS_SESSION_TOKEN anew";
    }
    if (WRONG_KEYS.contains(code) || status == 401) {
      return "the server does not accept these credentials, "
          + code
          + where()
          + "; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile";
    }
    if (code.equals("InvalidObjectState")) {
      return "it is archived, "
          + code
          + where()
          + "; restore it, such as by aws s3api restore-object, then run again";
    }
    if (isDenied(e)) {
      return "access denied, "
          + status
          + (code.equals("AccessDenied") ? " AccessDenied" : "")
          + where()
          + (operation == Operation.LIST
              ? "; a store needs s3:ListBucket: without it, what is absent and what is forbidden"
                  + " look alike; check the credentials or the bucket's policy"
              : "; a store needs s3:ListBucket, s3:GetObject and s3:PutObject, and s3:DeleteObject"
                  + " to clean up; check the credentials or the bucket's policy");
    }
    if (status == 301 || status == 307 || code.equals("AuthorizationHeaderMalformed")) {
      return "the bucket is in another region, " + code + where() + "; set AWS_REGION";
    }
    return answer
        + after(spent)
        + where()
        + (isPassing(e)
            ? "; run again later: what is finished is kept"
            : "; ask whoever runs the server what it means");
  }

  private String breakage(SdkException e, Duration spent) {
    String remedy =
        "; check the network and, if it is your server, that it runs and AWS_ENDPOINT_URL_S3 names"
            + " it; what is finished is kept";
    if (isUnreachable(e) && hop().isPresent()) {
      return "the proxy cannot be reached"
          + after(spent)
          + where()
          + "; correct the variable, or name the host in NO_PROXY";
    }
    if (isPlain(e)) {
      return "the server does not speak TLS there, and https:// does"
          + where()
          + "; write http:// into AWS_ENDPOINT_URL_S3, or name the port for TLS";
    }
    if (isTlsRefused(e)) {
      return certificate(e)
          + where()
          + "; if it is your server, name its CA's certificate by AWS_CA_BUNDLE";
    }
    if (e instanceof ApiCallAttemptTimeoutException) {
      return "the server is too slow, no whole answer" + after(spent) + where() + remedy;
    }
    return cause(e, IOException.class)
        .map(ServiceFailures::connection)
        .orElse("the request failed")
        .concat(after(spent) + where() + remedy);
  }

  private static String certificate(SdkException e) {
    Optional<ServerTrust.UntrustedException> untrusted =
        cause(e, ServerTrust.UntrustedException.class);
    if (untrusted.isPresent()) {
      return "nobody trusted vouches for " + untrusted.get().getMessage();
    }
    String message =
        cause(e, SSLException.class).map(tls -> String.valueOf(tls.getMessage())).orElse("");
    return "TLS failed: "
        + (message.isEmpty() ? "unusable certificate" : message.replaceAll("\\p{Cntrl}+", " "));
  }

  /** Says in a few words how a connection failed. */
  static String connection(IOException e) {
    if (e instanceof UnknownHostException) {
      return "no server of that name is known";
    }
    if (e instanceof NoRouteToHostException) {
      return "no route to the server";
    }
    if (e instanceof ConnectException) {
      return "connection refused";
    }
    if (e instanceof ConnectTimeoutException) {
      return "no connection came about";
    }
    if (e instanceof SocketTimeoutException) {
      return "no answer";
    }
    return "the connection broke";
  }

  private static String after(Duration spent) {
    return spent.toSeconds() < 1 ? "" : ", after " + spent.toSeconds() + " s of trying";
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

  /** Returns whether a failure of one of the types is {@code e} or behind it. */
  private static boolean hasCause(Throwable e, Class<?>... types) {
    return Stream.of(types).anyMatch(type -> cause(e, type).isPresent());
  }

  private static <T> Optional<T> cause(Throwable e, Class<T> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }
}
