package dev.twintail.model.dl4j;

import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.SiameseNetwork;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** What a process is asked, and what it answers: a word that marks the beginning, then a record. */
final class Exchange {
  /** Nothing that a native library prints. */
  private static final int MARK = 0x7477_0e14;

  private Exchange() {}

  /** What a process is asked. */
  sealed interface Request {
    record Train(Trainer.Task task) implements Request {}

    record Predict(SiameseNetwork network, Weights weights, Examples examples) implements Request {}
  }

  /** What it answers. */
  sealed interface Reply {
    record TrainedReply(Trainer.Trained trained) implements Reply {}

    record Predicted(Trainer.Predictions predictions) implements Reply {}

    /** The request is at fault. */
    record RefusedReply(String message) implements Reply {}

    /** This machine, or this program, is. */
    record Failed(String message) implements Reply {}
  }

  static void send(Record message, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
    data.writeInt(MARK);
    Wire.write(message, data);
    data.flush();
  }

  /**
   * @throws IOException if the bytes are no message
   */
  static @Nullable Object receive(DataInputStream in) throws IOException {
    int mark = in.readInt();
    if (mark != MARK) {
      throw new IOException("No message");
    }
    return Wire.read(in);
  }
}
