package dev.twintail.upkeep;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before an S3 server and does to some requests, as a seed chooses, what networks, proxies
 * and overloaded servers do. One request a connection.
 */
final class UnrulyNetwork implements AutoCloseable {
  /** What may happen to a request. */
  enum Vice {
    /** The connection is reset before the server hears of the request. */
    REFUSE,
    /** The server does as told, and the answer is lost. */
    RESET,
    /** Half of the answer arrives. */
    TRUNCATE,
    DELAY,
    /** The server fails before it has done anything, or after. */
    ERROR,
    ERROR_AFTER,
    /** An answer comes before the body was read. */
    EARLY,
    /** The request reaches the server twice, and the second answer comes back. */
    DUPLICATE,
    /** A listing is one that was true before. */
    STALE
  }

  private final URI target;
  private final List<Vice> vices;
  private final int percent;
  private final Random random;
  private final ServerSocket listener;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Map<String, byte[]> listings = new ConcurrentHashMap<>();
  private final AtomicInteger mischief = new AtomicInteger();

  private UnrulyNetwork(URI target, List<Vice> vices, int percent, long seed) throws IOException {
    this.target = target;
    this.vices = vices;
    this.percent = percent;
    this.random = new Random(seed);
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  }

  /**
   * @param percent of the requests that something happens to
   */
  static UnrulyNetwork before(URI target, List<Vice> vices, int percent, long seed)
      throws IOException {
    UnrulyNetwork network = new UnrulyNetwork(target, vices, percent, seed);
    network.pool.execute(network::accept);
    return network;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Returns to how many requests something happened. */
  int mischief() {
    return mischief.get();
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
      boolean chosen;
      Vice vice;
      int millis;
      synchronized (random) {
        chosen = random.nextInt(100) < percent;
        vice = vices.get(random.nextInt(vices.size()));
        millis = random.nextInt(300);
      }
      if (chosen) {
        mischief.incrementAndGet();
        act(vice, millis, client, head, in);
      } else {
        send(client, forward(head, body(client, head, in)));
      }
    } catch (IOException e) {
      // The client hung up, which is its right.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void act(Vice vice, int millis, Socket client, String head, InputStream in)
      throws IOException, InterruptedException {
    if (vice == Vice.REFUSE) {
      reset(client);
      return;
    }
    if (vice == Vice.EARLY) {
      error(client, "503 Slow Down", "SlowDown");
      return;
    }
    byte[] body = body(client, head, in);
    switch (vice) {
      case RESET -> {
        forward(head, body);
        reset(client);
      }
      case TRUNCATE -> {
        byte[] answer = forward(head, body);
        client.getOutputStream().write(answer, 0, answer.length / 2);
        client.getOutputStream().flush();
      }
      case DELAY -> {
        Thread.sleep(millis);
        send(client, forward(head, body));
      }
      case ERROR -> error(client, "500 Internal Server Error", "InternalError");
      case ERROR_AFTER -> {
        forward(head, body);
        error(client, "500 Internal Server Error", "InternalError");
      }
      case DUPLICATE -> {
        forward(head, body);
        send(client, forward(head, body));
      }
      case STALE -> {
        String line = head.substring(0, head.indexOf("\r\n"));
        byte[] answer = line.contains("list-type=2") ? listings.get(line) : null;
        send(client, answer == null ? forward(head, body) : answer);
      }
      default -> throw new IllegalStateException("Unknown: " + vice);
    }
  }

  private byte[] body(Socket client, String head, InputStream in) throws IOException {
    if (header(head, "expect").length() > 0) {
      client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      client.getOutputStream().flush();
    }
    String length = header(head, "content-length");
    return length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
  }

  private byte[] forward(String head, byte[] body) throws IOException {
    try (Socket server = new Socket(target.getHost(), target.getPort())) {
      OutputStream out = server.getOutputStream();
      String lines = head.replaceAll("(?im)^(connection|expect):.*\r\n", "");
      out.write(
          (lines.substring(0, lines.length() - 2) + "Connection: close\r\n\r\n")
              .getBytes(ISO_8859_1));
      out.write(body);
      out.flush();
      byte[] answer = server.getInputStream().readAllBytes();
      String line = head.substring(0, head.indexOf("\r\n"));
      if (line.contains("list-type=2")) {
        listings.putIfAbsent(line, answer);
      }
      return answer;
    }
  }

  private static void send(Socket client, byte[] answer) throws IOException {
    client.getOutputStream().write(answer);
    client.getOutputStream().flush();
  }

  private static void error(Socket client, String status, String code) throws IOException {
    String body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
    send(
        client,
        ("HTTP/1.1 "
                + status
                + "\r\nContent-Type: application/xml\r\nContent-Length: "
                + body.length()
                + "\r\nConnection: close\r\n\r\n"
                + body)
            .getBytes(ISO_8859_1));
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

  private static String header(String head, String name) {
    for (String line : head.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(line.indexOf(':') + 1).trim();
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    listener.close();
    pool.shutdownNow();
  }
}
