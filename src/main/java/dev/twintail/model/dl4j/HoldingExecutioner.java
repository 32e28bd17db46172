package dev.twintail.model.dl4j;

import java.lang.ref.Reference;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BroadcastOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.IndexAccumulation;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.RandomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;

/**
 * ND4J's executioner, which holds on to an operation and its arrays until the native call is back.
 *
 * <p>ND4J's own hands the addresses of native buffers to the call and does not look at the
 * operation again, so compiled code lets go of it. The array of its dimensions belongs to it alone:
 * if the garbage collector runs during the call, ND4J's deallocator frees what the call is about to
 * read, and the process dies in {@code sd::DataBuffer::primary()}. Public because ND4J makes it.
 */
public final class HoldingExecutioner extends NativeOpExecutioner {
  public HoldingExecutioner() {}

  @Override
  public INDArray exec(Op op, OpContext context) {
    return holding(op, context, () -> super.exec(op, context));
  }

  @Override
  public INDArray exec(IndexAccumulation op, OpContext context) {
    return holding(op, context, () -> super.exec(op, context));
  }

  @Override
  public INDArray exec(ReduceOp op, OpContext context) {
    return holding(op, context, () -> super.exec(op, context));
  }

  @Override
  public INDArray exec(ScalarOp op, OpContext context) {
    return holding(op, context, () -> super.exec(op, context));
  }

  @Override
  public INDArray exec(BroadcastOp op, OpContext context) {
    return holding(op, context, () -> super.exec(op, context));
  }

  @Override
  public INDArray exec(RandomOp op, OpContext context, Random generator) {
    return holding(op, context, () -> super.exec(op, context, generator));
  }

  @Override
  public INDArray[] exec(CustomOp op, OpContext context) {
    return holding(op, context, () -> super.exec(op, context));
  }

  private static <T> T holding(Object op, OpContext context, Supplier<T> call) {
    try {
      return call.get();
    } finally {
      Reference.reachabilityFence(op);
      Reference.reachabilityFence(context);
    }
  }
}
