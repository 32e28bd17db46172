package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.Installation;
import dev.twintail.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code version}: the program's version and what determines the bits of its results. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    description = "Prints the version, and the numeric environment that action keys hold.",
    footer = {
      "twintail version",
    })
final class VersionCommand implements Callable<Integer> {
  private static final String PLATFORM =
      System.getProperty("os.name") + " " + System.getProperty("os.arch");

  /** Tells picocli the version. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "twintail "
            + Installation.version()
            + " (Java "
            + System.getProperty("java.version")
            + ", "
            + PLATFORM
            + ", numeric profile "
            + Engine.profile()
            + ")"
      };
    }
  }

  @Spec private CommandSpec command;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (json.isGiven()) {
      json.print(
          new JsonObject()
              .put("version", Installation.version())
              .put("java", System.getProperty("java.version"))
              .put("platform", PLATFORM)
              .put("profile", Engine.profile())
              .put("environment", Engine.BLAS.environment()));
      return ExitCode.OK;
    }
    PrintWriter out = command.commandLine().getOut();
    out.println("twintail " + Installation.version());
    out.println(
        "java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    out.println(PLATFORM);
    out.println("numeric profile: " + Engine.profile());
    Engine.BLAS.environment().forEach((name, value) -> out.println(name + ": " + value));
    return ExitCode.OK;
  }
}
