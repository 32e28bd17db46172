package dev.twintail.data;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pulls a response's body chunk by chunk and gives up when nothing comes for a while: the client's
 * own time-out ends with the headers. One thread pulls.
 */
final class GuardedBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  /** A chunk, an error, or, with neither, the end. */
  private record Signal(@Nullable List<ByteBuffer> chunk, @Nullable Throwable error) {}

  private final Duration stallTimeout;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;

  @SuppressWarnings("ThisEscapedInObjectConstruction") // The last act: all fields are set.
  GuardedBody(Flow.Publisher<List<ByteBuffer>> body, Duration stallTimeout) {
    this.stallTimeout = stallTimeout;
    body.subscribe(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> chunk) {
    signals.add(new Signal(chunk, null));
  }

  @Override
  public void onError(Throwable error) {
    signals.add(new Signal(null, error));
  }

  @Override
  public void onComplete() {
    signals.add(new Signal(null, null));
  }

  /**
   * Returns the next chunk, or null at the end.
   *
   * @throws DigitDownload.FailedException if none comes in time, or the connection breaks
   */
  @Nullable List<ByteBuffer> next() throws DigitDownload.FailedException, InterruptedException {
    Signal signal = signals.poll(stallTimeout.toMillis(), TimeUnit.MILLISECONDS);
    if (signal == null) {
      throw new DigitDownload.FailedException(
          "stalls for " + stallTimeout.toMillis() / 1000.0 + " s", DigitDownload.Then.OTHER_HOSTS);
    }
    if (signal.error() != null) {
      throw new DigitDownload.FailedException(
          "breaks off", DigitDownload.Then.SAME_AGAIN, signal.error());
    }
    if (signal.chunk() != null) {
      Flow.Subscription source = subscription;
      if (source != null) {
        source.request(1);
      }
    }
    return signal.chunk();
  }

  /** Drops what has not come yet. */
  @Override
  public void close() {
    Flow.Subscription source = subscription;
    if (source != null) {
      source.cancel();
    }
  }
}
