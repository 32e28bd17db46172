package dev.twintail.archive;

import dev.twintail.network.Augmentation;
import dev.twintail.network.Branches;
import dev.twintail.network.Head;
import dev.twintail.network.Loss;
import dev.twintail.network.Optimizer;
import dev.twintail.network.Schedule;
import dev.twintail.network.TrainingConfig;
import dev.twintail.spec.DataSpec;
import dev.twintail.spec.Experiment;
import dev.twintail.spec.ModelSpec;
import dev.twintail.spec.ProtocolSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a user of one model must know, as Markdown with YAML front matter as model hubs read it:
 * what it is, how it learnt, how good it is, and what it is not good for.
 */
public final class ModelCard {
  /** Which data set the hub calls by the name of a spec's digits. */
  private static final String MNIST = "ylecun/mnist";

  private final Experiment experiment;
  private final ModelSpec model;
  private final Score score;
  private final StringBuilder text = new StringBuilder();

  /**
   * What was measured of a model; accuracies on the test pairs, as fractions of 1.
   *
   * @param rounds how many rounds it is the mean of
   * @param std sample standard deviation over the rounds; empty for one round
   * @param interval the 95 % interval of the mean, low then high; empty for one round
   * @param published what is claimed elsewhere and what became of it, a line each
   * @param weights SHA-256 of the weights, round 1 first
   */
  public record Score(
      int rounds,
      double mean,
      Optional<Double> std,
      List<Double> interval,
      List<String> published,
      List<String> weights) {
    public Score {
      interval = List.copyOf(interval);
      published = List.copyOf(published);
      weights = List.copyOf(weights);
    }
  }

  private ModelCard(Experiment experiment, ModelSpec model, Score score) {
    this.experiment = experiment;
    this.model = model;
    this.score = score;
  }

  /**
   * Returns the page.
   *
   * @param spec how the user names the experiment, for the commands on the page
   */
  public static String of(Experiment experiment, ModelSpec model, Score score, String spec) {
    ModelCard card = new ModelCard(experiment, model, score);
    card.frontMatter();
    card.architecture();
    card.data();
    card.training();
    card.results();
    card.limits();
    card.weights(spec);
    return card.text.toString();
  }

  private void line(String... lines) {
    for (String line : lines) {
      text.append(line).append('\n');
    }
  }

  private void frontMatter() {
    DataSpec data = experiment.data();
    String dataset = data.digits().name();
    String hub = dataset.equals("mnist") ? MNIST : dataset;
    line(
        "---",
        "license: apache-2.0",
        "library_name: twintail",
        "tags:",
        "- siamese",
        "- digit-comparison",
        "- safetensors",
        "datasets:",
        "- " + quoted(hub),
        "metrics:",
        "- accuracy",
        "model-index:",
        "- name: " + quoted(experiment.name() + "/" + model.name()),
        "  results:",
        "  - task:",
        "      type: image-classification",
        "      name: \"Is the first digit at most the second?\"",
        "    dataset:",
        "      type: " + quoted(hub),
        "      name: "
            + quoted("pairs of " + dataset + " digits, " + data.testPairs() + " a round"),
        "      split: test",
        "    metrics:",
        "    - type: accuracy",
        "      value: " + String.format(Locale.ROOT, "%.6f", score.mean()),
        "      name: " + quoted("mean over " + score.rounds() + " rounds"),
        "---",
        "",
        "# " + model.name() + " of " + experiment.name(),
        "",
        "Reads two small images of handwritten digits and answers whether the first digit is at"
            + " most the second. Part of: "
            + experiment.title()
            + ". Source: "
            + experiment.source()
            + ".",
        "");
    model.remark().ifPresent(remark -> line(remark + ".", ""));
  }

  /** YAML takes the strings of JSON. */
  private static String quoted(String words) {
    return '"' + words.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private void architecture() {
    line(
        "## Architecture",
        "",
        "| part | layers |",
        "|---|---|",
        "| body `%s`, %s | %s |"
            .formatted(
                model.bodyName(),
                branches(model.network().branches()),
                code(model.network().body().text())));
    model
        .network()
        .digitHead()
        .ifPresent(
            head ->
                line(
                    "| digit head `%s`, %s | %s |"
                        .formatted(
                            model.digitHeadName().orElseThrow(),
                            branches(head.branches()),
                            code(head.layers().text()))));
    line("| head | " + head(model.network().head()) + " |");
    model
        .tailName()
        .ifPresent(
            tail -> line("| tail `" + tail + "` | " + code(model.network().tail().text()) + " |"));
    line(
        "",
        String.format(Locale.ROOT, "%,d", model.network().parameters())
            + " parameters; shared and tied weights count once.",
        "");
  }

  private static String code(String words) {
    return "`" + words.replace("|", "\\|") + "`";
  }

  private static String branches(Branches branches) {
    return switch (branches) {
      case SHARED -> "the same weights for both images";
      case SEPARATE -> "weights of its own for each image";
      case MERGED -> "both images at once, as two channels";
    };
  }

  private static String head(Head head) {
    return switch (head) {
      case LOGITS -> "the raw outputs for both images, side by side";
      case SOFTMAX -> "the softmax of the outputs for each image";
      case ARGMAX -> "the one-hot of the largest output for each image; no gradient passes";
      case ARITHMETIC -> "no tail: the two digits read are compared";
      case SOFT_ARITHMETIC -> "no tail: the probability that the comparison holds";
    };
  }

  private void data() {
    DataSpec data = experiment.data();
    line(
        "## Data",
        "",
        "- images of `%s`, averaged over %s×%s pixels: %s"
            .formatted(data.digits().name(), data.pool(), data.pool(), data.image()),
        ("- a round: %s pairs of training images, of which %s are only measured, and %s pairs of"
                + " test images")
            .formatted(data.trainPairs(), data.validationPairs(), data.testPairs()),
        "- " + rounds() + ", root seed " + experiment.seed(),
        "");
  }

  private String rounds() {
    int tables = model.protocol().tables();
    return tables == 1
        ? score.rounds() + " rounds"
        : tables + " tables of " + score.rounds() / tables + " rounds";
  }

  private void training() {
    Loss loss = model.loss();
    line(
        "## Training",
        "",
        ("- loss: %s × cross-entropy of the comparison and %s × mean cross-entropy of the two"
                + " digits%s")
            .formatted(
                number(loss.target()),
                number(loss.digit()),
                loss.mix() == Loss.Mix.COIN ? "; a fair coin picks one of them per batch" : ""),
        "- " + words(model.training()));
    model
        .pretrainTail()
        .ifPresent(
            tail ->
                line(
                    "- the tail learns first, from the true classes, and "
                        + (tail.frozen() ? "then stays as it is" : "goes on learning")
                        + ": "
                        + words(tail.training())));
    model
        .pretrainBody()
        .ifPresent(
            body -> line("- the body learns first, from the digits: " + words(body.training())));
    if (!model.protocol().equals(ProtocolSpec.CORRECTED)) {
      line("- protocol: as the authors' code, not the common one; see the spec");
    }
    line("");
  }

  private static String words(TrainingConfig training) {
    return "%s epochs, batches of %s%s, %s at %s%s%s%s"
        .formatted(
            training.epochs(),
            training.batch(),
            training.shuffle() ? " in a new order each epoch" : " always in the same order",
            name(training.optimizer()),
            number(training.optimizer().learningRate()),
            words(training.schedule()),
            training.standardize() ? ", standardized" : "",
            words(training.augment()));
  }

  private static String name(Optimizer optimizer) {
    return optimizer instanceof Optimizer.Sgd sgd
        ? "SGD with momentum " + number(sgd.momentum())
        : "Adam";
  }

  private static String words(Schedule schedule) {
    if (schedule.equals(Schedule.CONSTANT)) {
      return "";
    }
    return "%s after every %s%s"
        .formatted(
            schedule.factor() == 1 ? ", the same" : ", times " + number(schedule.factor()),
            schedule.every() == 1 ? "epoch" : schedule.every() + " epochs",
            schedule.optimizer() == Schedule.State.RESTARTED
                ? ", where the optimizer begins anew"
                : "");
  }

  private static String words(Augmentation augment) {
    String pairing =
        augment.pairing() == Augmentation.Pairing.EVERY_EPOCH ? ", paired anew each epoch" : "";
    return augment.shift() == 0
        ? pairing
        : pairing + ", images moved by up to " + augment.shift() + " px";
  }

  /**
   * Returns a number to ten digits, with one decimal at least, so that 1 − 0.9 is 0.1. {@link
   * Double#toString} would give some numbers other digits since Java 19.
   */
  private static String number(double value) {
    BigDecimal rounded = new BigDecimal(value, new MathContext(10)).stripTrailingZeros();
    return (rounded.scale() < 1 ? rounded.setScale(1) : rounded).toPlainString();
  }

  private void results() {
    line("## Results", "", "Accuracy on the test pairs, in %:", "");
    String std = score.std().map(s -> " (standard deviation " + percent(s) + ")").orElse("");
    String interval =
        score.interval().size() == 2
            ? ", 95 %% interval of the mean [%s, %s]"
                .formatted(percent(score.interval().get(0)), percent(score.interval().get(1)))
            : "";
    line("- measured: " + percent(score.mean()) + std + interval);
    score.published().forEach(claim -> line("- published: " + claim));
    line("");
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.2f", 100 * fraction);
  }

  private void limits() {
    line(
        "## Limits",
        "",
        "- Made to reproduce a study, not for use: it knows centred grey digits of this size and"
            + " nothing else.",
        "- " + interval() + " It tells nothing of other data.",
        "- Its test pairs are of test images alone, but rounds draw from the same images.",
        "");
  }

  /** Says what varies from round to round, or from table to table. */
  private String interval() {
    int tables = model.protocol().tables();
    String shared =
        switch (model.protocol().shared()) {
          case NOTHING -> "each with pairs and initial weights of its own";
          case DRAW -> "which share one draw of pairs and have initial weights of their own";
          case WEIGHTS -> "which share one draw of pairs and go on from each other's weights";
        };
    return tables == 1
        ? "The interval is over rounds, " + shared + "."
        : "The interval is over " + rounds() + ", " + shared + "; a table has everything new.";
  }

  private void weights(String spec) {
    String path = "weights/" + model.name();
    line(
        "## Weights",
        "",
        "One file a round, in safetensors; tensors are named as in a `torch.nn.Sequential`.",
        "",
        "```sh",
        "./twintail run " + spec + " --only " + model.name(),
        "./twintail get " + spec + " '" + path + "' -o out",
        "```",
        "",
        "| round | SHA-256 of weights.safetensors |",
        "|---:|---|");
    for (int i = 0; i < score.weights().size(); i++) {
      line("| " + (i + 1) + " | `" + score.weights().get(i) + "` |");
    }
  }
}
