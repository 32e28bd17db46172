package dev.twintail.store.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials from where the AWS SDK looks for them, in its order: system properties, variables, a
 * web identity of variables, the profile, the container, the machine. The SDK's own chain goes on
 * to the next place if one fails, and then tells of all; this one stops at the first place that is
 * set up, and says what is wrong with it.
 */
final class Credentials implements AwsCredentialsProvider {
  private static final Duration NETWORK_LIMIT = Duration.ofSeconds(9);

  /** Somebody may have to be asked for a code. */
  private static final Duration PROCESS_LIMIT = Duration.ofMinutes(1);

  /** How long before their end credentials are replaced. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /** How long temporary credentials are used that do not say when they end. */
  private static final Duration UNDATED_AGE = Duration.ofMinutes(10);

  private static final String LOGIN_SESSION = "login_session";
  private static final int MAX_WORDS = 200;
  private static final Pattern PROCESS_FAILURE =
      Pattern.compile("exit value \\((\\d+)\\) with error message: (.*)", Pattern.DOTALL);
  private static final Pattern MISSING_PROPERTY =
      Pattern.compile("Profile property '(\\w+)' was not configured for '[^']*'");

  private final Map<String, String> environment;
  private final Supplier<ProfileFile> profiles;
  private @Nullable CredentialSource source;
  private @Nullable AwsCredentials cached;
  private Instant renewal = Instant.MIN;

  /** The place that is set up for credentials gives none. The message follows "Cannot …: ". */
  static final class UnusableCredentialsException extends SdkClientException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    private UnusableCredentialsException(String reason) {
      this(reason, null);
    }

    private UnusableCredentialsException(String reason, @Nullable Throwable cause) {
      super(SdkClientException.builder().message(reason).cause(cause));
      this.reason = reason;
    }

    String reason() {
      return reason;
    }

    @Override
    public boolean retryable() {
      return false;
    }
  }

  /** How a place gives credentials, with what to say where it does not. */
  private enum CredentialKind {
    KEYS("check the keys"),
    WEB_IDENTITY("check the role and the token, or let a new token be issued"),
    ROLE("check the role, and that its trust policy names you"),
    SSO("run aws sso login"),
    LOGIN("run aws login"),
    PROCESS("run the command by hand"),
    MACHINE("check the role of the machine or container"),
    NONE("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE");

    private final String remedy;

    CredentialKind(String remedy) {
      this.remedy = remedy;
    }

    boolean asksServer() {
      return this != KEYS && this != PROCESS;
    }
  }

  /**
   * One place that is set up.
   *
   * @param place as a user knows it
   * @param profile whose credentials are used or lent, or nothing
   * @param provider gives a new one each time, but that of a machine, which keeps what it got
   */
  private record CredentialSource(
      CredentialKind kind,
      String place,
      String profile,
      Supplier<AwsCredentialsProvider> provider) {}

  Credentials(Map<String, String> environment, Supplier<ProfileFile> profiles) {
    CredentialsHttpService.install();
    this.environment = environment;
    this.profiles = profiles;
  }

  static Credentials ofEnvironment() {
    return new Credentials(System.getenv(), ProfileFile::defaultProfileFile);
  }

  /** Returns the name of the profile in use. */
  static String profileName(Map<String, String> environment) {
    return Optional.ofNullable(System.getProperty("aws.profile"))
        .or(() -> Optional.ofNullable(environment.get("AWS_PROFILE")))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .orElse("default");
  }

  /**
   * Returns the credentials.
   *
   * @throws UnusableCredentialsException if there are none, which is final
   */
  @Override
  public synchronized AwsCredentials resolveCredentials() {
    AwsCredentials known = cached;
    Instant now = Instant.now();
    if (known != null && now.isBefore(renewal)) {
      return known;
    }
    try {
      AwsCredentials found = found(now);
      cached = found;
      return found;
    } catch (UnusableCredentialsException e) {
      if (known != null && known.expirationTime().filter(now::isBefore).isPresent()) {
        return known;
      }
      throw e;
    }
  }

  private AwsCredentials found(Instant now) {
    CredentialSource from = source;
    if (from == null || from.kind != CredentialKind.MACHINE) {
      from = choose();
      source = from;
    }
    CredentialSource chosen = from;
    // Those of keys take no time, and those of machines are kept by the SDK.
    AwsCredentials found =
        chosen.kind == CredentialKind.KEYS
            ? resolve(chosen)
            : within(chosen, () -> resolve(chosen));
    Instant undated = chosen.kind == CredentialKind.KEYS ? Instant.MAX : now.plus(UNDATED_AGE);
    renewal =
        chosen.kind == CredentialKind.MACHINE
            ? Instant.MIN
            : found.expirationTime().map(end -> end.minus(MARGIN)).orElse(undated);
    return found;
  }

  private AwsCredentials resolve(CredentialSource from) {
    AwsCredentialsProvider provider = null;
    try {
      provider = from.provider.get();
      return provider.resolveCredentials();
    } catch (UnusableCredentialsException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unusable(from, e);
    } finally {
      // Each has a client of its own, with connections; a machine's is one, and is asked again.
      if (from.kind != CredentialKind.MACHINE && provider instanceof SdkAutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  private static AwsCredentials within(CredentialSource from, Supplier<AwsCredentials> work) {
    Duration limit = from.kind.asksServer() ? NETWORK_LIMIT : PROCESS_LIMIT;
    FutureTask<AwsCredentials> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, "credentials");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnusableCredentialsException unusable) {
        throw unusable;
      }
      throw unusable(from, e);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new UnusableCredentialsException(
          from.place
              + " gives no credentials within "
              + limit.toSeconds()
              + " s; "
              + remedy(from, e),
          e);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw AbortedException.create("Interrupted", e);
    }
  }

  private CredentialSource choose() {
    if (has(System.getProperty("aws.accessKeyId"))) {
      return new CredentialSource(
          CredentialKind.KEYS,
          "the system properties",
          "",
          SystemPropertyCredentialsProvider::create);
    }
    Optional<String> id = variable("AWS_ACCESS_KEY_ID");
    Optional<String> secret = variable("AWS_SECRET_ACCESS_KEY");
    if (id.isPresent() != secret.isPresent()) {
      throw new UnusableCredentialsException(
          "half a pair of keys: "
              + (id.isPresent() ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY")
              + " is set and "
              + (id.isPresent() ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID")
              + " is not; set both, or neither where a profile has the keys");
    }
    if (id.isPresent()) {
      AwsCredentials keys =
          variable("AWS_SESSION_TOKEN").isPresent()
              ? AwsSessionCredentials.create(
                  id.get(), secret.orElseThrow(), variable("AWS_SESSION_TOKEN").get())
              : AwsBasicCredentials.create(id.get(), secret.orElseThrow());
      return new CredentialSource(CredentialKind.KEYS, "AWS_ACCESS_KEY_ID", "", () -> () -> keys);
    }
    Optional<String> token = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
    return token.isPresent() ? webIdentity(token.get()) : ofProfile();
  }

  private CredentialSource webIdentity(String tokenFile) {
    Path token = requireReadable(tokenFile, "AWS_WEB_IDENTITY_TOKEN_FILE");
    String role =
        variable("AWS_ROLE_ARN")
            .orElseThrow(
                () ->
                    new UnusableCredentialsException(
                        "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not; set both"));
    return new CredentialSource(
        CredentialKind.WEB_IDENTITY,
        "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN",
        "",
        () ->
            WebIdentityTokenFileCredentialsProvider.builder()
                .roleArn(role)
                .roleSessionName(variable("AWS_ROLE_SESSION_NAME").orElse("twintail"))
                .webIdentityTokenFile(token)
                .build());
  }

  private static Path requireReadable(String file, String setting) {
    try {
      Path path = Path.of(file);
      if (Files.isReadable(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Told as unreadable.
    }
    throw new UnusableCredentialsException(
        ("the web identity token file that %s names cannot be read (%s); check the"
                + " path, or let a new token be issued")
            .formatted(setting, words(file)));
  }

  private CredentialSource ofProfile() {
    String name = profileName(environment);
    ProfileFile file = profiles.get();
    Optional<Profile> profile = file.profile(name);
    if (profile.isEmpty() && !name.equals("default")) {
      throw new UnusableCredentialsException(
          ("there is no profile %s in ~/.aws/config or ~/.aws/credentials; check"
                  + " AWS_PROFILE, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE")
              .formatted(quoted(name)));
    }
    Profile lender = profile.map(p -> lender(file, p)).orElse(null);
    if (profile.isEmpty() || lender == null || kind(profile.get()) == CredentialKind.NONE) {
      return ofMachine(name);
    }
    Profile used = profile.get();
    return new CredentialSource(
        kind(used) == CredentialKind.ROLE
                && kind(lender) != CredentialKind.ROLE
                && kind(lender) != CredentialKind.KEYS
            ? kind(lender)
            : kind(used),
        place(used, lender),
        lender.name(),
        () -> ProfileCredentialsProvider.builder().profileFile(file).profileName(name).build());
  }

  private static String place(Profile used, Profile lender) {
    return "the profile "
        + quoted(used.name())
        + (used.name().equals(lender.name())
            ? ""
            : " (with the profile " + quoted(lender.name()) + ")");
  }

  /**
   * Returns the profile whose credentials ask for the role, which may be {@code profile} itself.
   */
  private static Profile lender(ProfileFile file, Profile profile) {
    Set<String> seen = new HashSet<>();
    Profile at = profile;
    while (kind(at) == CredentialKind.ROLE
        && at.property(ProfileProperty.SOURCE_PROFILE).isPresent()) {
      String next = at.property(ProfileProperty.SOURCE_PROFILE).get();
      if (next.equals(at.name())) {
        return at;
      }
      if (!seen.add(next)) {
        throw new UnusableCredentialsException(
            "profiles name each other as source_profile ("
                + quoted(next)
                + "); name one with keys");
      }
      String missing =
          ("there is no profile %s, which the profile %s names as source_profile; check"
                  + " ~/.aws/config")
              .formatted(quoted(next), quoted(at.name()));
      at = file.profile(next).orElseThrow(() -> new UnusableCredentialsException(missing));
    }
    at.property(ProfileProperty.WEB_IDENTITY_TOKEN_FILE)
        .ifPresent(token -> requireReadable(token, "web_identity_token_file"));
    return at;
  }

  private static CredentialKind kind(Profile profile) {
    Map<String, String> properties = profile.properties();
    if (properties.containsKey(ProfileProperty.WEB_IDENTITY_TOKEN_FILE)) {
      return CredentialKind.WEB_IDENTITY;
    }
    if (properties.keySet().stream().anyMatch(key -> key.startsWith("sso_"))) {
      return CredentialKind.SSO;
    }
    if (properties.containsKey(ProfileProperty.ROLE_ARN)) {
      return CredentialKind.ROLE;
    }
    if (properties.containsKey(LOGIN_SESSION)) {
      return CredentialKind.LOGIN;
    }
    if (properties.containsKey(ProfileProperty.CREDENTIAL_PROCESS)) {
      return CredentialKind.PROCESS;
    }
    return properties.containsKey(ProfileProperty.AWS_ACCESS_KEY_ID)
            || properties.containsKey(ProfileProperty.AWS_SECRET_ACCESS_KEY)
        ? CredentialKind.KEYS
        : CredentialKind.NONE;
  }

  private CredentialSource ofMachine(String profile) {
    if (variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").isPresent()
        || variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").isPresent()) {
      ContainerCredentialsProvider container = ContainerCredentialsProvider.builder().build();
      return new CredentialSource(CredentialKind.MACHINE, "the container", "", () -> container);
    }
    if (variable("AWS_EC2_METADATA_DISABLED").filter("true"::equalsIgnoreCase).isPresent()) {
      throw none(profile, null);
    }
    InstanceProfileCredentialsProvider machine = InstanceProfileCredentialsProvider.create();
    return new CredentialSource(
        CredentialKind.MACHINE,
        "the machine's role",
        "",
        () ->
            () -> {
              try {
                return machine.resolveCredentials();
              } catch (RuntimeException e) {
                throw none(profile, e);
              }
            });
  }

  private static UnusableCredentialsException none(String profile, @Nullable Throwable cause) {
    return new UnusableCredentialsException(
        "no credentials were found"
            + (profile.equals("default")
                ? ""
                : ", and the profile " + quoted(profile) + " has none")
            + "; "
            + CredentialKind.NONE.remedy,
        cause);
  }

  private static UnusableCredentialsException unusable(CredentialSource from, Throwable e) {
    return new UnusableCredentialsException(
        from.place + " gives no credentials: " + reason(from, e) + "; " + remedy(from, e), e);
  }

  private static String remedy(CredentialSource from, Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof AwsServiceException service && service.statusCode() >= 500) {
        return "the fault is that server's: look at its log, or try again later";
      }
    }
    boolean named = from.kind == CredentialKind.SSO || from.kind == CredentialKind.LOGIN;
    return from.kind.remedy
        + (named && !from.profile.equals("default") ? " --profile " + words(from.profile) : "");
  }

  /** Repeats nothing that could hold a secret: not what a server says, and no file's contents. */
  private static String reason(CredentialSource from, Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof AwsServiceException service) {
        String name =
            service.awsErrorDetails() == null ? "" : service.awsErrorDetails().serviceName();
        return (name == null || name.isEmpty() ? "the server" : words(name))
            + " answers "
            + service.statusCode()
            + (ServiceFailures.isUnnamed(service, service.statusCode())
                ? ""
                : " " + ServiceFailures.code(service));
      }
      String message = String.valueOf(e.getMessage());
      Matcher process = PROCESS_FAILURE.matcher(message);
      if (from.kind == CredentialKind.PROCESS && process.find()) {
        String said = words(process.group(2));
        return "credential_process ended with "
            + process.group(1)
            + (said.isEmpty() ? "" : " (" + said + ")");
      }
      Matcher missing = MISSING_PROPERTY.matcher(message);
      if (missing.find()) {
        return "it has no " + missing.group(1);
      }
    }
    if (from.kind == CredentialKind.SSO) {
      return isOutdated(failure) ? "the session of SSO has expired" : "there is no session of SSO";
    }
    if (from.kind == CredentialKind.LOGIN) {
      return isOutdated(failure) ? "the login has expired" : "there is no login";
    }
    if (from.kind == CredentialKind.PROCESS) {
      return "credential_process printed none";
    }
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof IOException) {
        return ServiceFailures.connection((IOException) e)
            + " on the way to the server that gives them";
      }
    }
    return "no reason was told"; // A message of the SDK's could hold a secret.
  }

  private static boolean isOutdated(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (String.valueOf(e.getMessage()).contains("expired")) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(Credentials::has);
  }

  private static boolean has(@Nullable String value) {
    return value != null && !value.isBlank();
  }

  private static String quoted(String name) {
    return "'" + words(name) + "'";
  }

  /** Returns the text as part of one line. */
  private static String words(String text) {
    String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
    return line.length() > MAX_WORDS ? line.substring(0, MAX_WORDS) + "…" : line;
  }
}
