package dev.twintail.store.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Stands before an S3 server and does to requests what networks and overloaded servers do. One
 * request a connection; the request goes through before its answer is damaged or withheld.
 */
public final class FaultyProxy implements AutoCloseable {
  /** What may happen to a request. */
  public enum Fault {
    NONE,
    /** The connection is reset before the server hears of the request. */
    RESET_BEFORE,
    /** The server does as told, and the answer is lost. */
    RESET_AFTER,
    /** Half of the answer's head arrives, then an orderly end. */
    CUT_HEAD,
    /** Half of the answer's body arrives, then a reset. */
    RESET_IN_BODY,
    /** Half of the answer's body arrives, then an orderly end. */
    TRUNCATED,
    /** The answer has the right length and another byte in its body. */
    WRONG_BYTES,
    ERROR_500("500 Internal Server Error", "InternalError"),
    /** As {@link #ERROR_500}, but the server did as told. */
    ERROR_500_AFTER,
    SLOW_DOWN_503("503 Slow Down", "SlowDown"),
    CONFLICT_409("409 Conflict", "ConditionalRequestConflict"),
    FORBIDDEN_403("403 Forbidden", "AccessDenied"),
    SKEWED_403("403 Forbidden", "RequestTimeTooSkewed"),
    QUOTA_403("403 Forbidden", "QuotaExceeded"),
    ARCHIVED_403("403 Forbidden", "InvalidObjectState"),
    EXPIRED_400("400 Bad Request", "ExpiredToken"),
    PRESENT_412("412 Precondition Failed", "PreconditionFailed"),
    ABSENT_404("404 Not Found", "NoSuchKey"),
    /** A request without a checksum is refused, as by buckets with a lock. */
    CHECKSUM_400("400 Bad Request", "InvalidRequest"),
    /** 412 is sent before the body has come, most of which is never read. */
    EARLY_412,
    /** The answer's body comes byte by byte, one each 20 ms. */
    TRICKLE,
    /** Half of the answer's body arrives, and then nothing until the client gives up. */
    STALL_IN_BODY,
    /** Nothing comes back until the client gives up. */
    SILENCE;

    private final String status;
    private final String code;

    Fault() {
      this("", "");
    }

    Fault(String status, String code) {
      this.status = status;
      this.code = code;
    }
  }

  /** Chooses what happens to a request. */
  @FunctionalInterface
  public interface Script {
    /**
     * Returns the fault of one request.
     *
     * @param request such as {@code PUT /bucket/name}
     * @param number counts from 0
     */
    Fault choose(String request, int number);
  }

  private final URI target;
  private final ServerSocket listener;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger faults = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private volatile String hidden = "connection|expect";
  private volatile Predicate<String> withoutConditions = request -> false;
  private volatile Script script = (request, number) -> Fault.NONE;

  private FaultyProxy(URI target, ServerSocket listener) {
    this.target = target;
    this.listener = listener;
  }

  public static FaultyProxy before(URI target) throws IOException {
    FaultyProxy proxy =
        new FaultyProxy(target, new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
    proxy.pool.execute(proxy::accept);
    return proxy;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** From now on the script decides; its numbers start again. */
  public FaultyProxy follow(Script newScript) {
    requests.set(0);
    faults.set(0);
    heads.clear();
    script = newScript;
    return this;
  }

  /** From now on the server, which must not check signatures, does not hear of conditions. */
  public FaultyProxy withoutConditions() {
    return withoutConditions(request -> true);
  }

  /** As {@link #withoutConditions()}, for requests such as {@code PUT /bucket/name}. */
  public FaultyProxy withoutConditions(Predicate<String> which) {
    withoutConditions = which;
    return this;
  }

  /** From now on the server does not hear of headers of such names, a regular expression. */
  public FaultyProxy withoutHeaders(String names) {
    hidden = "connection|expect|" + names;
    return this;
  }

  /** Returns the heads of the requests since the script was set. */
  public List<String> heads() {
    return heads;
  }

  /** Returns what came since the script was set, such as {@code PUT /bucket/name}. */
  public List<String> lines() {
    return heads.stream()
        .map(head -> head.substring(0, head.indexOf("\r\n")).replaceFirst(" HTTP/1.1$", ""))
        .map(line -> line.replaceFirst("\\?.*", ""))
        .toList();
  }

  public int requests() {
    return requests.get();
  }

  public int faults() {
    return faults.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        pool.execute(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      String line = head.substring(0, head.indexOf("\r\n"));
      heads.add(head);
      Fault fault = script.choose(line, requests.getAndIncrement());
      if (fault == Fault.CHECKSUM_400 && hasHeader(head, "x-amz-checksum-sha256")) {
        fault = Fault.NONE;
      }
      if (fault != Fault.NONE) {
        faults.incrementAndGet();
      }
      act(fault, client, line, head, in);
    } catch (IOException e) {
      // The client hung up, which is its right.
    }
  }

  private void act(Fault fault, Socket client, String line, String head, InputStream in)
      throws IOException {
    switch (fault) {
      case RESET_BEFORE -> reset(client);
      case EARLY_412 -> {
        if (hasHeader(head, "expect")) {
          client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        }
        copy(in, OutputStream.nullOutputStream(), Math.min(1000, bodyLength(head)));
        client
            .getOutputStream()
            .write(
                "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(ISO_8859_1));
        client.getOutputStream().flush();
        reset(client);
      }
      case SILENCE -> hold();
      default -> {
        if (fault.code.isEmpty()) {
          answer(fault, client, line, forward(client, head, in));
        } else {
          refuse(client, head, in, line, fault);
        }
      }
    }
  }

  private void hold() {
    try {
      closing.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Fault fault, Socket client, String line, byte[] response) throws IOException {
    int body = new String(response, ISO_8859_1).indexOf("\r\n\r\n") + 4;
    OutputStream out = client.getOutputStream();
    int half = body + (response.length - body) / 2;
    switch (fault) {
      case RESET_AFTER -> reset(client);
      case ERROR_500_AFTER -> write(client, line, Fault.ERROR_500);
      case TRICKLE -> {
        out.write(response, 0, body);
        for (int i = body; i < response.length && !pool.isShutdown(); i++) {
          out.write(response[i]);
          out.flush();
          LockSupport.parkNanos(20_000_000);
        }
      }
      case STALL_IN_BODY -> {
        out.write(response, 0, half);
        out.flush();
        hold();
      }
      case RESET_IN_BODY -> {
        out.write(response, 0, half);
        out.flush();
        reset(client);
      }
      case CUT_HEAD -> {
        out.write(response, 0, body / 2);
        out.flush();
      }
      case TRUNCATED -> {
        out.write(response, 0, half);
        out.flush();
      }
      case WRONG_BYTES -> {
        if (response.length > body) {
          response[half] ^= (byte) (1 + requests.get() % 200);
        }
        out.write(response);
        out.flush();
      }
      default -> {
        out.write(response);
        out.flush();
      }
    }
  }

  /** Lets the client hear what the server answers to the whole request, which is sent on as is. */
  private byte[] forward(Socket client, String head, InputStream in) throws IOException {
    try (Socket server = new Socket(target.getHost(), target.getPort())) {
      OutputStream out = server.getOutputStream();
      String lines = head.replaceAll("(?im)^(" + hidden + "):.*\r\n", "");
      if (withoutConditions.test(head.substring(0, head.indexOf("\r\n")))) {
        lines = lines.replaceAll("(?im)^if-none-match:.*\r\n", "");
      }
      out.write(
          (lines.substring(0, lines.length() - 2) + "Connection: close\r\n\r\n")
              .getBytes(ISO_8859_1));
      out.flush();
      if (hasHeader(head, "expect")) {
        client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        client.getOutputStream().flush();
      }
      copy(in, out, bodyLength(head));
      out.flush();
      byte[] response = server.getInputStream().readAllBytes();
      return response;
    }
  }

  private static void refuse(Socket client, String head, InputStream in, String line, Fault fault)
      throws IOException {
    if (!hasHeader(head, "expect")) {
      copy(in, OutputStream.nullOutputStream(), bodyLength(head));
    }
    write(client, line, fault);
  }

  private static void write(Socket client, String line, Fault fault) throws IOException {
    String code = fault.code;
    String body =
        line.startsWith("HEAD")
            ? ""
            : "<?xml version=\"1.0\"?><Error><Code>"
                + code
                + "</Code><Message>by the test</Message></Error>";
    client
        .getOutputStream()
        .write(
            ("HTTP/1.1 "
                    + fault.status
                    + (code.equals("RequestTimeTooSkewed") ? "\r\nDate: " + anHourAgo() : "")
                    + "\r\nContent-Type: application/xml\r\nContent-Length: "
                    + body.length()
                    + "\r\nConnection: close\r\n\r\n"
                    + body)
                .getBytes(ISO_8859_1));
    client.getOutputStream().flush();
  }

  private static String anHourAgo() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.now(ZoneOffset.UTC).minusHours(1));
  }

  private static void reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int c = in.read();
      if (c < 0) {
        return "";
      }
      head.write(c);
      matched = c == "\r\n\r\n".charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
    }
    return head.toString(ISO_8859_1);
  }

  private static boolean hasHeader(String head, String name) {
    return head.toLowerCase(Locale.ROOT).contains("\r\n" + name + ":");
  }

  private static long bodyLength(String head) {
    for (String line : head.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    return 0;
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (long left = length; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        return;
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listener.close();
    pool.shutdownNow();
  }

  /**
   * Lets that many of a hundred requests fail until killed, for trying the program by hand.
   *
   * @param arguments the server's address, and how many
   */
  public static void main(String[] arguments) throws Exception {
    Fault[] faults = {
      Fault.RESET_BEFORE,
      Fault.RESET_AFTER,
      Fault.RESET_IN_BODY,
      Fault.TRUNCATED,
      Fault.ERROR_500,
      Fault.ERROR_500_AFTER,
      Fault.SLOW_DOWN_503,
      Fault.CONFLICT_409
    };
    int percent = Integer.parseInt(arguments[1]);
    FaultyProxy proxy = before(URI.create(arguments[0]));
    proxy.follow(
        (request, number) ->
            ThreadLocalRandom.current().nextInt(100) < percent
                ? faults[ThreadLocalRandom.current().nextInt(faults.length)]
                : Fault.NONE);
    System.out.println(proxy.endpoint());
  }
}
