package dev.twintail.store.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A network between a client and a server on this machine: every request takes a while to get
 * there, and all answers together come at a rate.
 */
final class SlowLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 17;

  private final URI server;
  private final Duration latency;
  private final long bytesPerSecond;
  private final ServerSocket listener;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "slow-link");
            thread.setDaemon(true);
            return thread;
          });

  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** When the line is free again, on the clock of {@link System#nanoTime}. */
  private long free = System.nanoTime();

  private SlowLink(URI server, Duration latency, long bytesPerSecond) throws IOException {
    this.server = server;
    this.latency = latency;
    this.bytesPerSecond = bytesPerSecond;
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  }

  static SlowLink to(URI server, Duration latency, long bytesPerSecond) throws IOException {
    SlowLink link = new SlowLink(server, latency, bytesPerSecond);
    link.threads.execute(link::accept);
    return link;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = open(listener.accept());
        Socket there = open(new Socket(server.getHost(), server.getPort()));
        threads.execute(() -> pump(client, there, n -> latency.toNanos()));
        threads.execute(() -> pump(there, client, this::turn));
      } catch (IOException | RejectedExecutionException e) {
        // Closed.
      }
    }
  }

  private Socket open(Socket socket) throws IOException {
    sockets.add(socket);
    if (listener.isClosed()) {
      socket.close();
    }
    socket.setTcpNoDelay(true);
    return socket;
  }

  @FunctionalInterface
  private interface Pause {
    long nanosFor(int bytes);
  }

  /** Returns how long to wait until so many bytes have had their turn on the line. */
  private synchronized long turn(int bytes) {
    long now = System.nanoTime();
    free = Math.max(free, now) + bytes * 1_000_000_000L / bytesPerSecond;
    return free - now;
  }

  private static void pump(Socket from, Socket to, Pause pause) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        LockSupport.parkNanos(pause.nanosFor(n));
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One side has hung up.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
    for (Socket socket : sockets) {
      socket.close(); // No interrupt ends the thread that reads from it.
    }
  }
}
