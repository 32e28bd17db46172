package dev.twintail.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.profiles.ProfileFile;

/** Every way to credentials that the AWS tools know, whole and broken, with a server for roles. */
class CredentialsTest {
  private static final String KEYS =
      "aws_access_key_id = AKIDKEYS\naws_secret_access_key = s3cr3t\n";

  @TempDir private Path folder;
  private final AtomicInteger roles = new AtomicInteger();
  private HttpServer sts;
  private volatile String refusal = "";
  private volatile int refusalStatus = 403;
  private volatile Instant end = Instant.now().plus(1, ChronoUnit.HOURS);

  @BeforeEach
  void start() throws Exception {
    sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sts.createContext("/", this::answer);
    sts.start();
    String endpoint = "http://127.0.0.1:" + sts.getAddress().getPort();
    System.setProperty("aws.endpointUrlSts", endpoint);
    System.setProperty("aws.endpointUrlSso", endpoint);
    System.setProperty("aws.region", "us-east-1");
  }

  @AfterEach
  void stop() {
    sts.stop(0);
    System.clearProperty("aws.endpointUrlSts");
    System.clearProperty("aws.endpointUrlSso");
    System.clearProperty("aws.region");
  }

  @Test
  void keys_ofVariables_areUsed() {
    AwsCredentials found =
        resolve("", Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", "x"));

    assertThat(found.accessKeyId()).isEqualTo("AKID");
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_ACCESS_KEY, AWS_ACCESS_KEY_ID"
  })
  void keys_halfAPair_isTold(String set, String missing) {
    assertReason("", Map.of(set, "s3cr3t", missing, " "))
        .isEqualTo(
            "half a pair of keys: "
                + set
                + " is set and "
                + missing
                + " is not; set both, or neither where a profile has the keys");
  }

  @Test
  void profile_missing_isTold() {
    assertReason("[default]\n" + KEYS, Map.of("AWS_PROFILE", "nigthly"))
        .startsWith("there is no profile 'nigthly' in ~/.aws/config or ~/.aws/credentials; ");
  }

  @Test
  void profile_halfAPair_isTold() {
    assertReason("[default]\naws_access_key_id = AKID\n", Map.of())
        .isEqualTo(
            "the profile 'default' gives no credentials: it has no aws_secret_access_key; check the"
                + " keys");
  }

  @Test
  void nothing_setUp_saysWhatToSet() {
    assertReason("", Map.of("AWS_EC2_METADATA_DISABLED", "true"))
        .isEqualTo(
            "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                + " AWS_PROFILE");
  }

  @Test
  void role_ofAProfile_isAssumedAndKept() {
    Credentials credentials =
        new Credentials(
            Map.of("AWS_PROFILE", "role"),
            () -> profiles(roleOver("keys") + "[profile keys]\n" + KEYS));

    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIA1");
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIA1");

    assertThat(roles).hasValue(1);
  }

  @Test
  void role_nearItsEnd_isAssumedAgain() {
    end = Instant.now().plus(1, ChronoUnit.MINUTES);
    Credentials credentials =
        new Credentials(
            Map.of("AWS_PROFILE", "role"),
            () -> profiles(roleOver("keys") + "[profile keys]\n" + KEYS));

    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIA1");
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIA2");
  }

  @Test
  void role_denied_isToldWithTheCode() {
    refusal = "AccessDenied";

    assertReason(roleOver("keys") + "[profile keys]\n" + KEYS, Map.of("AWS_PROFILE", "role"))
        .isEqualTo(
            "the profile 'role' (with the profile 'keys') gives no credentials: Sts answers 403"
                + " AccessDenied; check the role, and that its trust policy names you");
  }

  @Test
  void role_serverFails_blamesTheServerAndNotTheRole() {
    refusal = "InternalFailure";
    refusalStatus = 500;

    assertReason(roleOver("keys") + "[profile keys]\n" + KEYS, Map.of("AWS_PROFILE", "role"))
        .endsWith(
            "Sts answers 500 InternalFailure; the fault is that server's: look at its log, or try"
                + " again later");
  }

  @Test
  void role_serverDown_isTold() {
    sts.stop(0);

    assertReason(roleOver("keys") + "[profile keys]\n" + KEYS, Map.of("AWS_PROFILE", "role"))
        .contains("connection refused");
  }

  @Test
  void role_sourceMissing_isTold() {
    assertReason(roleOver("keys"), Map.of("AWS_PROFILE", "role"))
        .startsWith("there is no profile 'keys', which the profile 'role' names as source_profile");
  }

  @Test
  void webIdentity_ofVariablesAndOfAProfile_isUsed() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "jwt");

    assertThat(
            resolve(
                    "",
                    Map.of(
                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                        token.toString(),
                        "AWS_ROLE_ARN",
                        "arn:aws:iam::123456789012:role/r"))
                .accessKeyId())
        .isEqualTo("ASIA1");
    assertThat(
            resolve(
                    "[profile web]\nrole_arn = arn:aws:iam::123456789012:role/r\n"
                        + "web_identity_token_file = "
                        + token
                        + "\n",
                    Map.of("AWS_PROFILE", "web"))
                .accessKeyId())
        .isEqualTo("ASIA2");
  }

  @Test
  void webIdentity_fileMissingOrNoRole_isTold() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "jwt");

    assertReason("", Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/token", "AWS_ROLE_ARN", "arn"))
        .startsWith("the web identity token file that AWS_WEB_IDENTITY_TOKEN_FILE names cannot be")
        .contains("(/no/token)");
    assertReason("", Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString()))
        .contains("AWS_ROLE_ARN is not");
    assertReason(
            "[profile web]\nrole_arn = arn\nweb_identity_token_file = /no/token\n",
            Map.of("AWS_PROFILE", "web"))
        .contains("web_identity_token_file names cannot be read (/no/token)");
  }

  @Test
  void process_output_isUsed() {
    assertThat(
            resolve(
                    "[default]\n"
                        + "credential_process = echo"
                        + " '{\"Version\":1,\"AccessKeyId\":\"AKIDP\",\"SecretAccessKey\":\"x\"}'\n",
                    Map.of())
                .accessKeyId())
        .isEqualTo("AKIDP");
  }

  @Test
  void process_failing_isToldWithItsExitAndWords() {
    assertReason("[default]\ncredential_process = echo the vault is shut >&2; exit 7\n", Map.of())
        .isEqualTo(
            "the profile 'default' gives no credentials: credential_process ended with 7 (the vault"
                + " is shut); run the command by hand");
  }

  @Test
  void process_printingNone_isToldWithoutWhatItPrinted() {
    assertReason("[default]\ncredential_process = echo s3cr3t\n", Map.of())
        .contains("credential_process printed none");
  }

  @Test
  void container_credentialsOfHours_areAskedForOnce() {
    AtomicInteger requests = new AtomicInteger();
    sts.createContext(
        "/container",
        exchange -> {
          byte[] body =
              ("{\"AccessKeyId\":\"ASIAC"
                      + requests.incrementAndGet()
                      + "\",\"SecretAccessKey\":\"x\",\"Token\":\"t\",\"Expiration\":\""
                      + Instant.now().plus(6, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS)
                      + "\"}")
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    String uri = "http://127.0.0.1:" + sts.getAddress().getPort() + "/container";
    System.setProperty("aws.containerCredentialsFullUri", uri);
    try {
      Credentials credentials =
          new Credentials(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri), () -> profiles(""));

      assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIAC1");
      assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIAC1");
      assertThat(requests).hasValue(1);
    } finally {
      System.clearProperty("aws.containerCredentialsFullUri");
    }
  }

  @Test
  void sso_withoutSession_saysHowToLogIn() {
    assertReason(
            """
            [profile dev]
            sso_session = none-such
            sso_account_id = 123456789012
            sso_role_name = r
            [sso-session none-such]
            sso_region = us-east-1
            sso_start_url = https://none-such.example/start
            """,
            Map.of("AWS_PROFILE", "dev"))
        .contains("SSO")
        .endsWith("; run aws sso login --profile dev");
  }

  @Test
  void login_withoutSession_saysHowToLogIn() {
    assertReason(
            "[profile dev]\nlogin_session = arn:aws:iam::123456789012:user/none-such\n",
            Map.of("AWS_PROFILE", "dev"))
        .endsWith("; run aws login --profile dev");
  }

  @Test
  void store_unusableCredentials_isToldWithoutASecond() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start()) {
      S3Connection connection =
          EmbeddedS3.connection(
              server.endpoint(),
              new Credentials(Map.of("AWS_PROFILE", "none"), () -> profiles("[default]\n" + KEYS)),
              EmbeddedS3.QUICK);
      try (S3ObjectStore store =
          new S3ObjectStore(
              S3Location.parse("s3://" + EmbeddedS3.BUCKET),
              connection,
              EmbeddedS3.QUICK,
              notice -> {})) {
        assertThatThrownBy(() -> store.stat("x"))
            .hasMessageStartingWith("Cannot read x from the store: there is no profile 'none'")
            .hasMessageNotContaining("\n");
      }
    }
  }

  private static String roleOver(String source) {
    return "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = "
        + source
        + "\n";
  }

  private static ProfileFile profiles(String config) {
    return ProfileFile.builder()
        .content(new ByteArrayInputStream(config.getBytes(UTF_8)))
        .type(ProfileFile.Type.CONFIGURATION)
        .build();
  }

  private static AwsCredentials resolve(String config, Map<String, String> environment) {
    return new Credentials(environment, () -> profiles(config)).resolveCredentials();
  }

  private static AbstractStringAssert<?> assertReason(
      String config, Map<String, String> environment) {
    try {
      resolve(config, environment);
    } catch (Credentials.UnusableCredentialsException e) {
      assertThat(e.reason()).doesNotContain("\n", "s3cr3t");
      return assertThat(e.reason());
    }
    throw new AssertionError("There are credentials");
  }

  /** Answers as STS does, or as it refuses. */
  private void answer(HttpExchange exchange) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String action =
        request.contains("AssumeRoleWithWebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole";
    String body =
        refusal.isEmpty()
            ? "<"
                + action
                + "Response><"
                + action
                + "Result><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>"
                + "<AssumedRoleId>R:s</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIA"
                + roles.incrementAndGet()
                + "</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken>"
                + "<Expiration>"
                + end.truncatedTo(ChronoUnit.SECONDS)
                + "</Expiration></Credentials></"
                + action
                + "Result></"
                + action
                + "Response>"
            : "<ErrorResponse><Error><Type>Sender</Type><Code>"
                + refusal
                + "</Code><Message>no s3cr3t</Message></Error></ErrorResponse>";
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/xml");
    exchange.sendResponseHeaders(refusal.isEmpty() ? 200 : refusalStatus, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
