package dev.twintail.model.dl4j;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A process that trains what its parent sends, one request after the other. It ends with its
 * parent, or when nobody has asked for a while; not by Ctrl-C, which a terminal sends to both.
 */
final class ChildMain {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private ChildMain() {}

  public static void main(String[] args) {
    serve(request -> request);
  }

  /**
   * @param before sees each request before it is worked on
   */
  static void serve(UnaryOperator<Exchange.Request> before) {
    // What libraries print must not get between the answers.
    OutputStream answers = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> new Semaphore(0).acquireUninterruptibly(), "signals"));
    BlockingQueue<Exchange.Request> requests = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(requests), "requests");
    reader.setDaemon(true);
    reader.start();
    MemoryWatch.start(
        message -> {
          send(new Exchange.Reply.Failed(message), answers);
          Runtime.getRuntime().halt(1);
        });
    Dl4jTrainer trainer = new Dl4jTrainer();
    try {
      while (true) {
        Exchange.Request request = requests.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (request == null) {
          Runtime.getRuntime().halt(0);
          return;
        }
        send(answer(request, before, trainer), answers);
      }
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void send(Exchange.Reply reply, OutputStream answers) {
    synchronized (answers) {
      try {
        Exchange.send((Record) reply, answers);
      } catch (IOException e) {
        Runtime.getRuntime().halt(1);
      }
    }
  }

  /** Ends the process when its parent is gone, also in the middle of a training. */
  private static void read(BlockingQueue<Exchange.Request> requests) {
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
    try {
      while (true) {
        if (!(Exchange.receive(in) instanceof Exchange.Request request)) {
          throw new IOException("No request");
        }
        requests.add(request);
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(0);
    }
  }

  private static Exchange.Reply answer(
      Exchange.Request received, UnaryOperator<Exchange.Request> before, Dl4jTrainer trainer) {
    try {
      Exchange.Request request = before.apply(received);
      MemoryWatch.limit(); // The watch cannot tell that it is no number.
      if (request instanceof Exchange.Request.Train train) {
        return new Exchange.Reply.TrainedReply(trainer.train(train.task()));
      }
      Exchange.Request.Predict predict = (Exchange.Request.Predict) request;
      return new Exchange.Reply.Predicted(
          trainer.predict(predict.network(), predict.weights(), predict.examples()));
    } catch (IllegalArgumentException e) {
      return new Exchange.Reply.RefusedReply(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      return new Exchange.Reply.Failed(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      return new Exchange.Reply.Failed(MemoryWatch.exhausted(String.valueOf(e.getMessage())));
    } catch (RuntimeException | Error e) {
      return new Exchange.Reply.Failed("Deeplearning4j failed: " + e);
    }
  }
}
