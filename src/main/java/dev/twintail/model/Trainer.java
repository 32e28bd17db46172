package dev.twintail.model;

import dev.twintail.network.Loss;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import dev.twintail.random.Seed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The seam between the pipeline and the arithmetic: a network, data and seeds in; weights, curves
 * and predictions out. Implementations are thread-safe, and their results depend on the arguments
 * and {@link #environment()} alone: not on threads, workers, or what else runs in the JVM.
 */
public interface Trainer {
  /**
   * Pairs per forward pass where nothing is learnt; fixed, as products of other sizes may round.
   */
  int EVALUATION_BATCH = 100;

  /** Parts of a network whose tensors stay as they are given, running statistics included. */
  enum NetworkPart {
    /** The body, or both; not the digit heads, which learn all the same. */
    BODY,
    TAIL
  }

  /**
   * One training.
   *
   * @param network the images' shape is its {@link SiameseNetwork#input}
   * @param loss in nats; its digit term needs a network that reads digits
   * @param initial weights to start from, by tensor name; what is missing is initialised from
   *     {@code seeds}
   * @param frozen parts that must not change; their weights must all be in {@code initial}
   * @param validation pairs that are measured after each epoch and never learnt from; may be empty
   */
  record Task(
      SiameseNetwork network,
      Loss loss,
      TrainingConfig training,
      Weights initial,
      Set<NetworkPart> frozen,
      Examples train,
      Examples validation,
      Seeds seeds) {
    public Task {
      frozen = Set.copyOf(frozen);
    }
  }

  /** 256-bit seeds, one for each use of randomness, so that no use shifts another. */
  record Seeds(Seed initialisation, Seed shuffle, Seed coin, Seed dropout, Seed augmentation) {}

  /**
   * One point of a learning curve: a mean over the pairs of the split, each weighing the same.
   *
   * @param epoch from 1
   * @param split {@code train} or {@code validation}
   * @param metric {@code loss}, {@code accuracy} or {@code digit_accuracy}
   * @param value a loss in nats, weights and all; an accuracy as a fraction of 1
   */
  record HistoryPoint(int epoch, String split, String metric, double value) {}

  /** What a training gives: all weights of the network, and its curves in order of epoch. */
  record Trained(Weights weights, List<HistoryPoint> curves) {
    public Trained {
      curves = List.copyOf(curves);
    }
  }

  /**
   * Predictions for n pairs.
   *
   * @param targets n predictions, 0 or 1
   * @param probabilities n probabilities of 1 by the tail's softmax or sigmoid, or by soft
   *     arithmetic; null with a head that gives none
   * @param digits 2·n predicted classes; null if {@link SiameseNetwork#readsDigits} is false
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Predictions(int[] targets, float @Nullable [] probabilities, int @Nullable [] digits) {}

  /**
   * Returns why this implementation cannot train the network, or empty if it can.
   *
   * @return one line that names what it lacks
   */
  default Optional<String> refusal(SiameseNetwork network, Loss loss, TrainingConfig training) {
    return Optional.empty();
  }

  /**
   * Trains for all epochs of the task; deterministic. Batches are consecutive slices of each
   * epoch's order, the last one smaller. The points of an epoch on the training pairs are measured
   * as it goes, each batch before its step; those on the validation pairs after the epoch, in
   * evaluation mode.
   *
   * @return all weights after the last epoch, and the curves in order of epoch
   * @throws IllegalArgumentException if the task is {@linkplain #refusal refused}, if a frozen part
   *     is not given, or if what is given does not fit the network
   * @throws IllegalStateException if this machine lacks what the environment promises
   */
  Trained train(Task task);

  /**
   * Predicts in evaluation mode: nothing is dropped, and batches are normalised by running
   * statistics.
   *
   * @param weights all tensors of the network
   * @throws IllegalArgumentException if a tensor of the network is missing, or the images are of
   *     another size than it reads
   */
  Predictions predict(SiameseNetwork network, Weights weights, Examples examples);

  /**
   * Returns what besides the arguments determines the bits of the results (engine and its version,
   * architecture, instruction set, BLAS and its kernels, native threads), in fixed order, without
   * loading any native library.
   */
  List<EnvironmentField> environment();

  /**
   * Returns what a network's key holds besides: how it is computed, where that is not as all others
   * are. So what a new way does not touch keeps its key.
   */
  default List<EnvironmentField> methods(SiameseNetwork network) {
    return List.of();
  }

  /** One named fact of the numeric environment. */
  record EnvironmentField(String name, String value) {}
}
