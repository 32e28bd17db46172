package dev.twintail.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command. */
@Command(
    name = "twintail",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    description = "Reruns studies of paired MNIST digits, reproducibly and incrementally.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCode.OK + ":done",
      ExitCode.INTERNAL + ":something unforeseen; --debug shows more",
      ExitCode.USAGE + ":the command line is wrong, or names an unknown model or file",
      ExitCode.SPEC + ":the spec is wrong",
      ExitCode.NOT_REPRODUCED + ":other bytes than before or than locked; check: other verdicts",
      ExitCode.NO_DATA + ":the digits could not be had from any source",
      ExitCode.STORE + ":the store or a folder could not be read or written",
      ExitCode.NO_RESULTS + ":the store does not hold these results; run them first",
      ExitCode.DAMAGED + ":something in a store is damaged or does not agree; it was told what",
      ExitCode.IN_USE + ":the store is in use, so nothing was collected",
      ExitCode.PENDING
          + ":plan --exit-code, get, ls NAME: something is pending; verify: not all verified",
      ExitCode.MEMORY + ":the memory does not do; fewer workers need less",
      ExitCode.INTERRUPTED + ":interrupted; what was finished is kept",
      ExitCode.BROKEN_PIPE + ":the reader of the output went away"
    },
    footer = {
      "",
      "Start with:  twintail run pipelines/vieli2021.yaml",
    })
final class Twintail implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces when something goes wrong.")
  private boolean debug;

  /** Returns whether stack traces are wanted, wherever on the command line it was said. */
  static boolean debug(CommandLine command) {
    CommandLine root = command;
    while (root.getParent() != null) {
      root = root.getParent();
    }
    return ((Twintail) root.getCommandSpec().userObject()).debug;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
