package dev.twintail.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * A proxy that knows {@code CONNECT} alone, asks for a name and a password, and leads every tunnel
 * to one port of this machine, whatever host is asked for.
 */
public final class ConnectProxy implements AutoCloseable {
  private static final String LOGIN = "ann:s3cr t";

  private final int target;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> tunnels = new CopyOnWriteArrayList<>();

  private ConnectProxy(int target, ServerSocket listener) {
    this.target = target;
    this.listener = listener;
  }

  public static ConnectProxy to(int port) throws IOException {
    ConnectProxy proxy =
        new ConnectProxy(port, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  /** Returns what the variable of a user who may use it holds. */
  public String variable() {
    return "http://ann:s3cr%20t@127.0.0.1:" + listener.getLocalPort();
  }

  /** Returns which hosts and ports tunnels were made to. */
  public List<String> tunnels() {
    return tunnels;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException | RejectedExecutionException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      OutputStream out = client.getOutputStream();
      String expected = "basic " + Base64.getEncoder().encodeToString(LOGIN.getBytes(ISO_8859_1));
      while (true) {
        List<String> head = head(client.getInputStream());
        if (head.isEmpty()) {
          return;
        }
        String[] words = head.get(0).split(" ", -1);
        if (!words[0].equals("CONNECT")) {
          answer(out, "405 Method Not Allowed\r\nContent-Length: 0");
        } else if (head.stream()
            .noneMatch(line -> line.equalsIgnoreCase("proxy-authorization: " + expected))) {
          answer(
              out,
              "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                  + "Content-Length: 0");
        } else {
          tunnels.add(words[1].toLowerCase(Locale.ROOT));
          tunnel(client, out);
          return;
        }
      }
    } catch (IOException | RejectedExecutionException e) {
      // The client hung up.
    }
  }

  private void tunnel(Socket client, OutputStream out) throws IOException {
    try (Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
      answer(out, "200 Connection established");
      threads.execute(() -> pump(there, client));
      pump(client, there);
    }
  }

  private static void answer(OutputStream out, String answer) throws IOException {
    out.write(("HTTP/1.1 " + answer + "\r\n\r\n").getBytes(ISO_8859_1));
    out.flush();
  }

  /** Returns the lines of a request's head. */
  private static List<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return List.of();
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1).strip().lines().toList();
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One side has hung up.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
