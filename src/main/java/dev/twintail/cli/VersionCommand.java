package dev.twintail.cli;

import dev.twintail.model.BlasTrainer;
import dev.twintail.model.NativeEnvironment;
import dev.twintail.model.Trainer;
import java.io.PrintWriter;
import java.util.Optional;
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
      return new String[] {"twintail " + programVersion()};
    }
  }

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  VersionCommand() {}

  /** Returns the version of the jar, or {@code dev} outside of one. */
  static String programVersion() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    out.println("twintail " + programVersion());
    out.println(
        "java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    out.println(System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    out.println("numeric profile: " + NativeEnvironment.profile());
    for (Trainer.Field field : new BlasTrainer().environment()) {
      out.println(field.name() + ": " + field.value());
    }
    return ExitCode.OK;
  }
}
