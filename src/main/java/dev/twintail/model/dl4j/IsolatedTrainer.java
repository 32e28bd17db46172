package dev.twintail.model.dl4j;

import dev.twintail.model.Examples;
import dev.twintail.model.Trainer;
import dev.twintail.model.Weights;
import dev.twintail.network.Loss;
import dev.twintail.network.SiameseNetwork;
import dev.twintail.network.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * {@link Dl4jTrainer} in JVMs of its own, as many as there are threads that train, since a crash of
 * native code takes its process along. Each is used again while there is work, and leaves when it
 * has had none for a minute, or when this process ends. What crashes is tried once more in another.
 */
public final class IsolatedTrainer implements Trainer {
  private final Dl4jTrainer here = new Dl4jTrainer();
  private final String main;
  private final Path crashes;
  private final Consumer<String> notes;
  private final AtomicBoolean told = new AtomicBoolean();
  private final Deque<Child> idle = new ConcurrentLinkedDeque<>();

  /**
   * @param crashes the folder for the error files of JVMs that crash
   * @param notes hears of each crash
   */
  public IsolatedTrainer(Path crashes, Consumer<String> notes) {
    this(ChildMain.class.getName(), crashes, notes);
  }

  /**
   * @param main main class of the JVMs
   */
  IsolatedTrainer(String main, Path crashes, Consumer<String> notes) {
    this.main = main;
    this.crashes = crashes;
    this.notes = notes;
  }

  @Override
  public Optional<String> refusal(SiameseNetwork network, Loss loss, TrainingConfig training) {
    return here.refusal(network, loss, training);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException also if two JVMs crashed at it
   */
  @Override
  public Trained train(Task task) {
    if (ask(new Exchange.Request.Train(task)) instanceof Exchange.Reply.TrainedReply answer) {
      return answer.trained();
    }
    throw new IllegalStateException("Asked to train, a JVM for Deeplearning4j did something else");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException also if two JVMs crashed at it
   */
  @Override
  public Predictions predict(SiameseNetwork network, Weights weights, Examples examples) {
    Exchange.Request request = new Exchange.Request.Predict(network, weights, examples);
    if (ask(request) instanceof Exchange.Reply.Predicted answer) {
      return answer.predictions();
    }
    throw new IllegalStateException(
        "Asked to predict, a JVM for Deeplearning4j did something else");
  }

  @Override
  public List<EnvironmentField> environment() {
    return here.environment();
  }

  private Exchange.Reply ask(Exchange.Request request) {
    boolean crashed = false;
    while (true) {
      Optional<Child> waiting = waiting();
      Child child = waiting.orElseGet(this::started);
      try {
        return answer(child, request);
      } catch (Child.DiedException e) {
        if (waiting.isPresent() && e.isLeave()) {
          continue;
        }
        if (crashed) {
          throw new IllegalStateException(
              "Deeplearning4j's JVM crashed twice at this action: " + e.getMessage(), e);
        }
        crashed = true;
        notes.accept(
            "Deeplearning4j's JVM crashed; its action is tried once more (" + e.getMessage() + ")");
      }
    }
  }

  private Exchange.Reply answer(Child child, Exchange.Request request) throws Child.DiedException {
    Exchange.Reply answer = child.ask(request);
    if (answer instanceof Exchange.Reply.Failed failed) {
      child.end();
      throw new IllegalStateException(failed.message());
    }
    idle.addFirst(child);
    if (answer instanceof Exchange.Reply.RefusedReply refused) {
      throw new IllegalArgumentException(refused.message());
    }
    return answer;
  }

  private Optional<Child> waiting() {
    for (Child child = idle.pollFirst(); child != null; child = idle.pollFirst()) {
      if (child.isAlive()) {
        return Optional.of(child);
      }
    }
    return Optional.empty();
  }

  private Child started() {
    if (!told.getAndSet(true)) {
      notes.accept(
          ("Deeplearning4j trains in JVMs of its own, each of at most %s GB, of"
                  + " which %s MB are Java's")
              .formatted(Child.MEMORY / 1024, Child.HEAP));
    }
    try {
      return Child.start(main, crashes);
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot start a JVM for Deeplearning4j: " + e.getMessage(), e);
    }
  }
}
