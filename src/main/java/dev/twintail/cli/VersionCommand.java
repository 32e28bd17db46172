package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.Installation;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code version}: the program's version and what determines the bits of its results. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    description = "Prints the version, and the numeric environment that action keys hold.")
final class VersionCommand implements Callable<Integer> {
  /** Tells picocli the version. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"twintail " + Installation.version()};
    }
  }

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    out.println("twintail " + Installation.version());
    out.println(
        "java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    out.println(System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    out.println("numeric profile: " + Engine.profile());
    Engine.BLAS.environment().forEach((name, value) -> out.println(name + ": " + value));
    return ExitCode.OK;
  }
}
