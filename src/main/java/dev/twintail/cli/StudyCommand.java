package dev.twintail.cli;

import dev.twintail.app.Results;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.report.SummaryTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command on an experiment and what a store holds of it. */
abstract class StudyCommand extends StoreCommand {
  @Mixin private ExperimentOptions options = new ExperimentOptions();

  @Option(
      names = "--trust",
      order = 100,
      paramLabel = "KEY",
      description = {
        "Believe only results signed with this public key (a .pub file of keygen); "
            + "others count as absent. May be repeated."
      })
  private List<Path> trusted = new ArrayList<>();

  /** Begins to read the experiment, if it comes first, while the command line is set up. */
  final void readAhead(String[] arguments) {
    options.readAhead(arguments);
  }

  /** Refuses options that cannot be, before anything is read. */
  void check() {}

  /** Reads what else belongs to the experiment, before the store is opened. */
  void prepare(Study study) throws IOException {}

  /** Returns the private key to sign with. */
  Optional<Path> signing() {
    return Optional.empty();
  }

  /** Opens the store. */
  Session open(Session.Builder builder) throws IOException {
    return builder.open();
  }

  /** Returns who hears what a session tells besides. */
  Consumer<String> notes() {
    return err()::println;
  }

  /** Does the work and returns the exit code. */
  abstract int call(Study study, Session session) throws Exception;

  @Override
  public final Integer call() throws Exception {
    check();
    Study study = options.read();
    prepare(study);
    Session.Builder builder = session().trusting(trusted).telling(notes());
    signing().ifPresent(builder::signing);
    try (Session session = open(builder)) {
      int code = call(study, session);
      out().flush();
      return code;
    }
  }

  /** Says which verdicts wait for another experiment; empty if none does. */
  final Optional<String> openVerdicts(Results results) {
    return results.open().map(open -> Advice.of(open, given()));
  }

  /** Returns the table of accuracies, with the verdicts that wait for another experiment below. */
  final SummaryTable summary(Results results) throws IOException {
    SummaryTable table = results.summary();
    return openVerdicts(results).map(words -> table.noting(words + ".")).orElse(table);
  }

  /** Refuses that a part of the experiment is meant. */
  static void requireWhole(Study study, String verb) {
    if (study.isPart()) {
      throw new UsageException(
          "Cannot " + verb + " a part of an experiment: leave out --only and --rounds");
    }
  }
}
