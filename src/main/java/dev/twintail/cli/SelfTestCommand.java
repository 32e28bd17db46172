package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.Installation;
import dev.twintail.app.SelfTest;
import dev.twintail.json.JsonObject;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code self-test}: does this machine compute the reference bits? */
@Command(
    name = "self-test",
    description = {
      "Checks that this machine computes the bits that every x86-64 machine with AVX2 should.",
      "Runs a tiny experiment on made-up digits in a temporary folder."
    },
    footer = {
      "twintail self-test",
    })
final class SelfTestCommand extends ProgramCommand {
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    SelfTest.SelfTestResult outcome = SelfTest.run(SelfTestCommand::rehearse);
    Optional<String> reference = outcome.reference();
    boolean passed = outcome.forgotten() == 0 && reference.map(outcome.bits()::equals).orElse(true);
    if (json.isGiven()) {
      json.print(
          new JsonObject()
              .put("passed", passed)
              .put("bits", outcome.bits())
              .putIfPresent("reference", reference)
              .put("forgotten", outcome.forgotten()));
    } else {
      out().println("self-test: " + told(outcome));
    }
    return passed ? ExitCode.OK : ExitCode.NOT_REPRODUCED;
  }

  /** Gives the commands that people wait for most, on what is there by now. */
  private static void rehearse(Path spec, Path store) {
    String folder = store.toString();
    execute("run", spec.toString(), "--store", folder);
    execute("results", spec.toString(), "--store", folder);
    execute("ls", spec.toString(), "--store", folder);
    execute("log", "--store", folder);
    Path large = Installation.pipelines().resolve("vieli2021.yaml");
    if (Files.exists(large)) {
      execute("plan", large.toString(), "--store", folder, "--explain");
    }
  }

  private static void execute(String... arguments) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Main.run(arguments, nowhere, nowhere);
  }

  private static String told(SelfTest.SelfTestResult outcome) {
    if (outcome.forgotten() > 0) {
      return Counts.counted(outcome.forgotten(), "action")
          + " ran twice: the store did not know the results";
    }
    if (outcome.isReference()) {
      return "this machine computes the reference bits %s of the %s profile"
          .formatted(outcome.bits().substring(0, 12), Engine.profile());
    }
    if (outcome.reference().isEmpty()) {
      return "works; there are no reference bits for "
          + System.getProperty("os.arch")
          + ", its action keys are its own";
    }
    return ("this machine computes the bits %s instead of the reference %s; its results differ in"
            + " the last digits from those of others")
        .formatted(outcome.bits(), outcome.reference().get());
  }
}
